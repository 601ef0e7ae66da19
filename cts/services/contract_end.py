"""An agency's contract gets an end, or an earlier one: what that means, shown before it is saved. Numbers only: no youth, no person."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from cts.domain.counting import counted
from cts.domain.fields import us_date
from cts.domain.vocabulary import AGENCY_ROLES, CLOSED_STATUSES, Document, Role, Status
from cts.domain.workflow import ENDS
from cts.services.access import log_refusal
from cts.services.actor import Actor
from cts.services.attention import CONTRACT_WARNING_DAYS
from cts.services.fetching import today_of
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from db.models import Account, Agency, Assignment, Person, ReviewedDocument
from db.session import reading

CONFIRM_FIRST = "Nothing is saved yet: look at what the end of the contract means, then confirm it."
CHANGED = (
    "Assignments, people or the contract of this agency changed since you looked. Nothing is saved; please look again."
)


@dataclass(frozen=True)
class Contract:
    """The dates of a contract; `last` None while it has no end."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the agency is under contract on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class ContractEnd:
    """The preview. `seen` stands for exactly what it says; the decision brings it back."""

    sentences: tuple[str, ...]
    seen: str


def contract_end(
    actor: Actor, agency_id: int, first: date | None, last: date | None, now: datetime
) -> ContractEnd | None:
    """What these dates would take away from an agency; None when they take nothing. Raises NotPermitted."""
    if actor.role is not Role.ADMINISTRATION:
        log_refusal(actor, "preview contract end", now)
        raise NotPermitted("Offices and agencies are kept by CSEC Administration.")
    with reading() as session:
        agency = session.get(Agency, agency_id)
        return end_of(session, agency, Contract(first, last), today_of(now)) if agency and first else None


def refuse_unseen(session: Session, agency: Agency, wanted: Contract, today: date, seen: str | None) -> None:
    """In the caller's transaction: raises Incomplete when an end was not looked at before, OutOfDate when it means something else now."""
    preview = end_of(session, agency, wanted, today)
    if preview is not None and seen is None:
        raise Incomplete(CONFIRM_FIRST)
    if seen is not None and (preview is None or preview.seen != seen):
        raise OutOfDate(CHANGED)


def end_of(session: Session, agency: Agency, wanted: Contract, today: date) -> ContractEnd | None:
    """The preview, in the caller's transaction; None when nobody and nothing of the agency loses anything."""
    before = Contract(agency.contract_start_on, agency.contract_end_on)
    if not _takes_away(before, wanted, today):
        return None
    open_here = (Assignment.agency_id == agency.id, Assignment.status.not_in(CLOSED_STATUSES))
    opened = session.execute(select(Assignment.id, Assignment.status).where(*open_here).order_by(Assignment.id)).all()
    theirs = (Person.agency_id == agency.id, Person.active, Person.role.in_(AGENCY_ROLES))
    people = session.scalars(select(Person.id).join(Account).where(*theirs).order_by(Person.id)).all()
    if not opened and not people:
        return None
    served = sum(status == Status.APPROVED for _, status in opened)
    unpaid = session.scalar(select(unpaid_requests(Assignment.agency_id == agency.id))) or 0
    told = (_when(wanted, today, len(people)), *_youth(served, len(opened) - served), *_money(unpaid))
    facts = f"{agency.id};{before};{wanted};{today};{[tuple(row) for row in opened]};{list(people)};{unpaid}"
    return ContractEnd(told, hashlib.sha256(facts.encode()).hexdigest())


def unpaid_requests(*of: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many Restoration Fund Requests of these assignments were submitted and are neither paid back nor ended."""
    ended = [status for kind, status in ENDS if kind is Document.FUNDS]
    waiting = (
        ReviewedDocument.kind == Document.FUNDS,
        ReviewedDocument.rounds > 0,
        ReviewedDocument.status.not_in(ended),
    )
    paid_by = select(func.count(ReviewedDocument.id)).join(Assignment, Assignment.id == ReviewedDocument.assignment_id)
    return paid_by.where(*waiting, *of).correlate(Agency).scalar_subquery()


def _takes_away(before: Contract, wanted: Contract, today: date) -> bool:
    """Whether the agency has access today and not any more, or loses it earlier than it would."""
    if wanted.last is not None and (before.last is None or wanted.last < before.last):
        return True
    return before.holds(today) and not wanted.holds(today)


def _when(wanted: Contract, today: date, people: int) -> str:
    who = f"{counted(people, 'person', 'people')} of the agency"
    loses = "loses" if people == 1 else "lose"
    if wanted.last is not None and wanted.last < today:
        return f"The last day, {us_date(wanted.last)}, has passed: {who} {loses} access at once, when you confirm."
    if wanted.first > today:
        return f"The first day, {us_date(wanted.first)}, is to come: {who} {loses} access at once, until then."
    gone = wanted.last + timedelta(days=1) if wanted.last else None
    return f"Last day {us_date(wanted.last)}: {who} {loses} access on {us_date(gone)}."


def _youth(served: int, others: int) -> tuple[str, ...]:
    if not served + others:
        return ("No open assignment is with this agency.",)
    return (
        f"{counted(served, 'assignment')} in service there; {counted(others, 'other open assignment')}.",
        f"Its youth in service are to be given to another agency on Attention, under Agencies whose contract ends: from "
        f"{CONTRACT_WARNING_DAYS} days before the last day they are listed there.",
    )


def _money(unpaid: int) -> tuple[str, ...]:
    if not unpaid:
        return ()
    requests = counted(unpaid, "Restoration Fund Request is", "Restoration Fund Requests are")
    return (f"{requests} not paid back yet. Receipts of this agency are to be handed in before its last day.",)
