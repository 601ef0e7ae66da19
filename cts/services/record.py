"""The client record (mission §5): what stands at its head, and that it was opened. Its tabs have services of their own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.addresses import Tab
from cts.domain.answer_words import shown
from cts.domain.fields import Kind, us_date
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import RECORD_STATUSES, Action, Document, Party, Status
from cts.domain.workflow import step_for, waiting_in
from cts.forms.client_summary import CLIENT_SUMMARY
from cts.services.actor import Actor
from cts.services.documents import HIDDEN
from cts.services.facts import read_facts
from cts.services.fetching import Fetched, fetch, refusals_logged, today_of
from cts.services.parties import AGENCY_PARTIES, MAY_SEE_LOOKS
from cts.services.permissions import newer_assignment
from cts.services.record_access import fetch_record, log_access
from cts.services.refusals import Unreadable
from cts.services.stays import holder_of
from db.models import Agency, Assignment, Person, ReviewedDocument
from db.session import reading, writing

LOOKS = {tab: f"open {'record' if tab is Tab.SUMMARY else tab}" for tab in Tab}
"""What the access log calls the opening of each tab."""


@dataclass(frozen=True)
class RecordView:
    """The head of a client record. `kept` is False while there is a Referral only (New, Pending, Rejected, Withdrawn, Flag ended);
    `looks` is True for those who are shown who looked at it.

    `tab` is the one to show; `asked` what the agency's coordinator still has to do on the Referral; `summary` whether the Client Summary has
    been opened.
    """

    number: int
    status: Status
    kept: bool
    tab: Tab
    youth_name: str
    preferred_name: str
    agency: str
    advocate: str
    asked: str
    summary: bool
    looks: bool


@dataclass(frozen=True)
class FactsShown:
    """Facts of one section, to be read: label and value of each that is given."""

    title: str
    rows: tuple[tuple[str, str], ...]
    source: str


def open_record(actor: Actor, number: int, tab: Tab | None, now: datetime, seen: Tab | None = None) -> RecordView:
    """The head of assignment `number`, with the tab asked for. Raises NotPermitted.

    None asked for is the first tab; for the coordinator who still has to acknowledge the alerts or to name the Advocate, the Referral.
    That a tab of the record was opened is logged, unless it is `seen`, the one that stood there before a rerun. While there is a Referral
    only, the one tab besides is who looked at it.
    """
    with refusals_logged(actor, LOOKS[tab or Tab.SUMMARY], number, now):
        view = read_record(actor, number, tab)
        if (view.kept or (view.looks and view.tab is Tab.HISTORY)) and view.tab is not seen:
            with writing() as session:
                log_access(session, actor, LOOKS[view.tab], fetch(session, actor, number), now)
    return view


def read_record(actor: Actor, number: int, tab: Tab | None = None) -> RecordView:
    """The same; nothing is logged."""
    with reading() as session:
        return _view(session, fetch(session, actor, number), tab)


def known_facts(actor: Actor, number: int, now: datetime) -> tuple[FactsShown, ...]:
    """What CWS/CMS gives for the Client Summary, while no Advocate has been named and there is none yet. Raises NotPermitted."""
    with reading() as session:
        found = fetch_record(session, actor, number)
        facts = read_facts(session, found.assignment, found.youth, today_of(now))
    sections = []
    for section in CLIENT_SUMMARY.sections:
        fields = [f for f in section.fields if f.kind is Kind.FACT and not f.source]
        values = [
            (f, HIDDEN if f.location and found.alerts_withhold else shown(f, facts.values.get(f.key))) for f in fields
        ]
        rows = tuple((f.label, value) for f, value in values if value)
        if rows:
            sections.append(FactsShown(section.title, rows, f"{facts.source} {us_date(facts.extract_on)}"))
    return tuple(sections)


def refer_again_words(actor: Actor, number: int) -> tuple[str, int | None]:
    """What the Termination tab says about the youth's way back: a sentence ('' for none), and the number of the newer assignment.

    Raises NotPermitted.
    """
    with reading() as session:
        found = fetch_record(session, actor, number)
        if found.status is not Status.TERMINATED or found.parties <= AGENCY_PARTIES:
            return "", None
        newer = newer_assignment(session, found)
        if newer is not None:
            return f"This youth was referred again: assignment {newer}.", newer
        if step_for(Document.REFERRAL, found.status, found.parties, Action.REOPEN):
            return (
                "You can refer the youth again, with all that is known here: choose Refer again on the Referral.",
                None,
            )
        return "", None


def _preferred_name(found: Fetched) -> str:
    """As the Referral has it; '' also when its answers cannot be opened, which its own tab says: the others can be read all the same."""
    try:
        return str(found.document.answers.get("preferred_name") or "")
    except Unreadable:
        return ""


def _view(session: Session, found: Fetched, tab: Tab | None) -> RecordView:
    assignment, youth = found.assignment, found.youth
    kept = Status(assignment.status) in RECORD_STATUSES
    agency = session.get(Agency, assignment.agency_id) if assignment.agency_id else None
    advocate = session.get(Person, assignment.advocate_id) if assignment.advocate_id else None
    asked = _asked(found) if kept else ""
    first = Tab.REFERRAL if asked and Party.COORDINATOR in found.parties else Tab.SUMMARY
    return RecordView(
        number=assignment.number,
        status=Status(assignment.status),
        kept=kept,
        tab=tab or first,
        youth_name=listed_name(youth.last_name, youth.first_name, youth.middle_name, youth.suffix),
        preferred_name=_preferred_name(found) if kept else "",
        agency=agency.name if agency else "",
        advocate=spoken_name(advocate.name) if advocate else "",
        asked=asked,
        summary=_has_summary(session, assignment),
        looks=bool(found.parties & MAY_SEE_LOOKS),
    )


def _asked(found: Fetched) -> str:
    holder = holder_of(found.assignment, found.kind, found.status, found.document.named_supervisor_id)
    waiting = waiting_in(found.kind, found.status)
    return waiting.asked if waiting and holder and holder.party is Party.COORDINATOR else ""


def _has_summary(session: Session, assignment: Assignment) -> bool:
    mine = (ReviewedDocument.assignment_id == assignment.id, ReviewedDocument.kind == Document.SUMMARY)
    return session.scalar(select(ReviewedDocument.id).where(*mine).limit(1)) is not None
