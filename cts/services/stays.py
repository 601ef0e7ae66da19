"""The interval table: whose hands a document is in, and since when. One open row for each document."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.calendar import office_day
from cts.domain.vocabulary import ABSENT_CODES, Document, Party, Status
from cts.domain.workflow import waiting_in
from cts.settings import settings
from db.models import Assignment, ReviewedDocument, Stay


@dataclass(frozen=True)
class Holder:
    """Who holds a document: a party, and the person, office or agency it stands for."""

    party: Party
    person_id: int | None = None
    office_code: str | None = None
    agency_id: int | None = None


def holder_of(assignment: Assignment, kind: Document, status: Status, named_supervisor_id: int | None) -> Holder | None:
    """Who holds a document of this kind in this status; None when it is closed. Pure, so that a bulk load can use it too."""
    waiting = waiting_in(kind, status)
    if waiting is None:
        return None
    party = waiting.holder
    if party is Party.COORDINATOR and assignment.advocate_id is not None:
        return Holder(Party.ADVOCATE, assignment.advocate_id, None, assignment.agency_id)
    person = {
        Party.CASE_WORKER: assignment.worker_id,
        Party.SUPERVISOR: named_supervisor_id or assignment.supervisor_id,
    }
    if person[Party.SUPERVISOR] == assignment.worker_id:
        person[Party.SUPERVISOR] = None  # a supervisor who carries the case: it waits for the others of the office
    if party is Party.ADVOCATE:
        # An agency between two Advocates: its coordinator has to name one.
        return Holder(
            party if assignment.advocate_id else Party.COORDINATOR, assignment.advocate_id, None, assignment.agency_id
        )
    agency_id = assignment.agency_id if party is Party.COORDINATOR else None
    office_code = assignment.office_code if party in person else None
    return Holder(party, person.get(party), office_code, agency_id)


@dataclass(frozen=True)
class Ending:
    """What ended a stay: `by` a step, '' when it only changed hands; its coded `reason`; the money of Restoration Funds in `cents`."""

    by: str = ""
    reason: str = ""
    cents: int = 0


CHANGED_HANDS = Ending()


def begin_stay(
    session: Session,
    document: ReviewedDocument,
    assignment: Assignment,
    now: datetime,
    ending: Ending = CHANGED_HANDS,
) -> None:
    """End the stay that lasts and begin the next, when holder or status differ. Called in the step's own transaction."""
    today = office_day(now, settings().time_zone)
    open_stay = session.scalar(select(Stay).where(Stay.document_id == document.id, Stay.left_at.is_(None)))
    status = Status(document.status)
    holder = holder_of(assignment, Document(document.kind), status, document.named_supervisor_id)
    if open_stay is not None:
        before = (open_stay.status, open_stay.party, open_stay.person_id, open_stay.office_code, open_stay.agency_id)
        if holder and before == (status, holder.party, holder.person_id, holder.office_code, holder.agency_id):
            return
        end_stay(open_stay, now, ending)
        session.flush()  # of two open stays the database would refuse one
    if holder:
        session.add(
            Stay(
                document_id=document.id,
                assignment_id=assignment.id,
                status=status,
                party=holder.party,
                person_id=holder.person_id,
                office_code=holder.office_code,
                agency_id=holder.agency_id,
                entered_at=now,
                **counting_from(assignment.awol_code, today),
            )
        )


def end_stay(stay: Stay, now: datetime, ending: Ending) -> None:
    """The stay ends: how, and after how many counted days. Pure, for a bulk load too."""
    stay.left_at, stay.left_on = now, office_day(now, settings().time_zone)
    stay.days = _days(stay, stay.halted_on or stay.left_on)
    stay.ended_by, stay.end_reason, stay.cents = ending.by, ending.reason, ending.cents


def counting_from(awol_code: str, today: date) -> dict[str, date | int | None]:
    """Columns of a stay that begins today: while the youth is absent its days are not counted. Pure, for a bulk load too."""
    absent = awol_code in ABSENT_CODES
    return {"counted_from": today, "halted_on": today if absent else None, "days": 0 if absent else None}


def _days(stay: Stay, last: date) -> int:
    return max(0, (last - stay.counted_from).days)


def count_absence(session: Session, assignment: Assignment, day: date) -> None:
    """Stop counting the days of what waits when a youth is known to be absent from a day on, and go on counting from the day of return."""
    absent = assignment.awol_code in ABSENT_CODES
    lasting = select(Stay).where(Stay.assignment_id == assignment.id, Stay.left_at.is_(None))
    for stay in session.scalars(lasting.order_by(Stay.id)):
        halt_or_go_on(stay, day, absent=absent)


def halt_or_go_on(stay: Stay, day: date, *, absent: bool) -> None:
    """From this day on the youth is absent, or back: its days are not counted meanwhile. Pure, for a bulk load too."""
    if absent and stay.halted_on is None:
        stay.halted_on = max(day, stay.counted_from)
        stay.days = _days(stay, stay.halted_on)
    elif not absent and stay.halted_on is not None:
        away = max(0, (day - stay.halted_on).days)
        stay.counted_from += timedelta(days=away)
        stay.halted_on = stay.days = None


def renew_stays(session: Session, assignment: Assignment, now: datetime) -> None:
    """Give every document of an assignment to whoever holds it now: its worker, supervisor, office or Advocate has changed."""
    documents = select(ReviewedDocument).where(ReviewedDocument.assignment_id == assignment.id)
    for document in session.scalars(documents.order_by(ReviewedDocument.id)):
        begin_stay(session, document, assignment, now)
