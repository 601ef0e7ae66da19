"""One line of life of a youth (mission §5): every referral, agency, Advocate, phase and decision over all assignments; and who looked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cts.domain.addresses import TAB_TITLES
from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Action, Document, Party, Status
from cts.services.actor import Actor
from cts.services.fetching import Fetched, fetch, today_of
from cts.services.history import HistoryLine, clock, document_words, history_lines, seen_by_agency
from cts.services.outcomes import NOT_DONE, REFUSED, outcome_of
from cts.services.parties import AGENCY_PARTIES, MAY_SEE_LOOKS, READERS, parties_of
from cts.services.permissions import ACTION_WORDS
from cts.services.record import LOOKS
from cts.services.record_access import fetch_record
from db.models import AccessEntry, Agency, Assignment, Person, ReviewedDocument
from db.session import reading

LOOKS_SHOWN = 50


@dataclass(frozen=True)
class Chapter:
    """One assignment of the youth, its lines newest first. `whole` is False where only the minimum is shown: no tie to that assignment."""

    number: int
    status: Status
    title: str
    summary: str
    whole: bool
    here: bool
    lines: tuple[HistoryLine, ...]


@dataclass(frozen=True)
class Look:
    """One entry of the access log about this record: when, who, as what, what was done, or `refused`, or `not_done` for a slip of the form.

    `emergency` marks emergency access.
    """

    when: str
    who: str
    party: str
    what: str
    refused: bool = False
    not_done: bool = False
    emergency: bool = False


@dataclass(frozen=True)
class Looks:
    """Who looked at this record, newest first; `total` counts all of it."""

    rows: tuple[Look, ...]
    total: int


def line_of_life(actor: Actor, number: int) -> tuple[Chapter, ...]:
    """Every assignment of the youth of assignment `number`, newest first, each with what happened, newest first. Raises NotPermitted.

    An agency sees its own assignment since it was given the youth, and nothing else. The county sees assignments it has no tie to as the
    minimum: number, dates, agency, status.
    """
    with reading() as session:
        found = fetch_record(session, actor, number)
        if found.parties <= AGENCY_PARTIES:
            return (_chapter(session, found.assignment, _known_to_agency(session, found), here=True),)
        others = session.scalars(
            select(Assignment).where(Assignment.youth_id == found.youth.id).order_by(Assignment.number.desc())
        ).all()
        return tuple(_as_permitted(session, actor, found, assignment) for assignment in others)


def who_looked(actor: Actor, number: int, shown: int = LOOKS_SHOWN) -> Looks | None:
    """Who opened, printed or changed this record, or the Referral while it is all there is, newest first; None for those who are not shown it.

    Raises NotPermitted.
    """
    with reading() as session:
        found = fetch(session, actor, number)
        if not found.parties & MAY_SEE_LOOKS:
            return None
        mine = AccessEntry.assignment_id == found.assignment.id
        rows = session.execute(
            select(AccessEntry, Person.name, Person.role, ReviewedDocument.kind, ReviewedDocument.sequence)
            .outerjoin(Person, Person.id == AccessEntry.actor_id)
            .outerjoin(ReviewedDocument, ReviewedDocument.id == AccessEntry.document_id)
            .where(mine)
            .order_by(AccessEntry.id.desc())
            .limit(shown)
        ).all()
        total = session.scalar(select(func.count(AccessEntry.id)).where(mine)) or 0
        absent = _absent(session, [row[0] for row in rows])
    return Looks(tuple(_look(*row, absent) for row in rows), total)


def _absent(session: Session, entries: Sequence[AccessEntry]) -> dict[int, str]:
    """The names of those for whom somebody stood in, by id."""
    ids = {entry.details["acting_for"] for entry in entries if "acting_for" in entry.details}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all() if ids else []
    return {person_id: spoken_name(name) for person_id, name in found}


def _as_permitted(session: Session, actor: Actor, found: Fetched, assignment: Assignment) -> Chapter:
    if assignment.id == found.assignment.id:
        return _chapter(session, assignment, history_lines(session, assignment.id), here=True)
    referral = (ReviewedDocument.assignment_id == assignment.id, ReviewedDocument.kind == Document.REFERRAL)
    named = session.scalar(select(ReviewedDocument.named_supervisor_id).where(*referral))
    whole = bool(parties_of(actor, assignment, found.youth, named) & READERS)
    lines = history_lines(session, assignment.id) if whole else []
    return _chapter(session, assignment, lines, whole=whole)


def _known_to_agency(session: Session, found: Fetched) -> list[HistoryLine]:
    return seen_by_agency(history_lines(session, found.assignment.id), found.assignment)


def _chapter(
    session: Session, assignment: Assignment, lines: list[HistoryLine], *, whole: bool = True, here: bool = False
) -> Chapter:
    agency = session.get(Agency, assignment.agency_id) if assignment.agency_id else None
    return Chapter(
        number=assignment.number,
        status=Status(assignment.status),
        title=f"Assignment {assignment.number}",
        summary=_summary(assignment, agency.name if agency else ""),
        whole=whole,
        here=here,
        lines=tuple(reversed(lines)),
    )


def _summary(assignment: Assignment, agency: str) -> str:
    """The minimum: dates and agency."""
    parts = [agency or "no agency yet"]
    if assignment.referral_on:
        parts.insert(0, f"CPH referral of {us_date(assignment.referral_on)}")
    if assignment.service_start_on:
        parts.append(f"served from {us_date(assignment.service_start_on)}")
    if assignment.closed_at:
        parts.append(f"closed {us_date(today_of(assignment.closed_at))}")
    elif assignment.service_end_on:
        parts.append(f"service ends {us_date(assignment.service_end_on)}")
    return ", ".join(parts)


def _look(
    entry: AccessEntry,
    name: str | None,
    role: str | None,
    kind: str | None,
    sequence: int | None,
    absent: dict[int, str],
) -> Look:
    document = document_words(Document(kind), sequence or 1) if kind else ""
    return Look(
        when=clock(entry.at),
        who=f"{spoken_name(name)} ({entry.role or role})" if name else "CTS",
        party=_party(entry.parties, absent.get(entry.details.get("acting_for", 0), "")),
        what=what_words(entry.action, document, done=entry.outcome != REFUSED)
        + (f" ({entry.reason})" if entry.reason else ""),
        refused=outcome_of(entry) == REFUSED,
        not_done=outcome_of(entry) == NOT_DONE,
        emergency=Party.EMERGENCY in entry.parties.split(", "),
    )


def _party(parties: str, absent: str) -> str:
    """As what somebody looked, and for whom: a colleague of the office who is more besides is named by that."""
    unsaid = {Party.OFFICE_COLLEAGUE, *((Party.COVER,) if absent else ())}
    found = [p for p in parties.split(", ") if p not in unsaid] or [parties]
    return ", ".join([*found, f"acting for {absent}"] if absent else found)


def what_words(action: str, document: str, *, done: bool = True) -> str:
    """An action of the access log in words: "Opened: Referral", "Printing refused: record", "Approve: Advocacy Plan (Phase 1)"."""
    if action in OPENED:
        words = OPENED[action].format(document or "record")
        return words if done else words.replace("Opened:", "Opening refused:").replace("Printed:", "Printing refused:")
    words = ACTION_WORDS[Action(action)] if action in set(Action) else action.replace("_", " ").capitalize()
    return f"{words}: {document}" if document else words


OPENED = {
    "open": "Opened: {0}",
    "print": "Printed: {0}",
    "print record": "Printed: whole record",
    "open file": "Opened: file",
} | {action: f"Opened: {TAB_TITLES[tab]} tab" for tab, action in LOOKS.items()}
