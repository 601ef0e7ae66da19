"""The interval table: whose hands a document is in, and since when. One open row for each document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from cts.domain.calendar import office_day
from cts.domain.vocabulary import ABSENT_CODES, Document, Party, Status
from cts.domain.workflow import waiting_in
from cts.settings import settings
from db.models import Assignment, ReviewedDocument, Stay
from db.models.rows import table_of


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
    session.flush()
    held = session.execute(_HELD_NOW, {"document_id": document.id}).all()
    _pass_on(session, held, assignment, now, {document.id: ending})


def renew_stays(
    session: Session, assignment: Assignment, now: datetime, endings: Mapping[int, Ending] | None = None
) -> None:
    """Give every document of an assignment to whoever holds it now: its worker, supervisor, office or Advocate, or its status has changed.

    `endings`: how the stay of a document ends, by its id; of the others only the hands changed.
    """
    session.flush()
    held = session.execute(_HELD_OF_ASSIGNMENT, {"assignment_id": assignment.id}).all()
    _pass_on(session, held, assignment, now, endings or {})


_stay, _document = table_of(Stay), table_of(ReviewedDocument)
_HELD = (
    select(
        *(_document.c[name] for name in ("id", "kind", "status", "named_supervisor_id")),
        _stay.c.id.label("stay_id"),
        _stay.c.status.label("held_in"),
        *(_stay.c[name] for name in ("party", "person_id", "office_code", "agency_id", "counted_from", "halted_on")),
    )
    .select_from(_document)
    .outerjoin(_stay, and_(_stay.c.document_id == _document.c.id, _stay.c.left_at.is_(None)))
    .order_by(_document.c.id)
)
"""A document and its stay that lasts."""
_HELD_NOW = _HELD.where(_document.c.id == bindparam("document_id"))
_HELD_OF_ASSIGNMENT = _HELD.where(_document.c.assignment_id == bindparam("assignment_id"))
_ENDED = update(_stay).where(_stay.c.id == bindparam("stay_id"))
_BEGUN = insert(_stay)


def _pass_on(
    session: Session, held: Sequence[Any], assignment: Assignment, now: datetime, endings: Mapping[int, Ending]
) -> None:
    """Of two open stays the database would refuse one, so all that end come first."""
    today = office_day(now, settings().time_zone)
    ended, begun = [], []
    for row in held:
        holder = holder_of(assignment, Document(row.kind), Status(row.status), row.named_supervisor_id)
        if row.stay_id is not None:
            before = (row.held_in, row.party, row.person_id, row.office_code, row.agency_id)
            if holder and before == (row.status, holder.party, holder.person_id, holder.office_code, holder.agency_id):
                continue
            last = _ending(row.counted_from, row.halted_on, now, endings.get(row.id, CHANGED_HANDS))
            ended.append({"stay_id": row.stay_id, **last})
        if holder:
            begun.append(
                _begun(row.id, row.status, assignment, holder, now) | counting_from(assignment.awol_code, today)
            )
    # A list of one goes the way of many, which takes longer.
    if ended:
        session.execute(_ENDED, ended if len(ended) > 1 else ended[0])
    if begun:
        session.execute(_BEGUN, begun if len(begun) > 1 else begun[0])


def _begun(document_id: int, status: str, assignment: Assignment, holder: Holder, now: datetime) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "assignment_id": assignment.id,
        "status": status,
        "party": str(holder.party),
        "person_id": holder.person_id,
        "office_code": holder.office_code,
        "agency_id": holder.agency_id,
        "entered_at": now,
        "left_on": None,
    }


def end_stay(stay: Stay, now: datetime, ending: Ending) -> None:
    """The stay ends: how, and after how many counted days. Pure, for a bulk load too."""
    for name, value in _ending(stay.counted_from, stay.halted_on, now, ending).items():
        setattr(stay, name, value)


def _ending(counted_from: date, halted_on: date | None, now: datetime, ending: Ending) -> dict[str, Any]:
    """The columns of a stay that ends."""
    left_on = office_day(now, settings().time_zone)
    return {
        "left_at": now,
        "left_on": left_on,
        "days": _days(counted_from, halted_on or left_on),
        "ended_by": ending.by,
        "end_reason": ending.reason,
        "cents": ending.cents,
    }


def counting_from(awol_code: str, today: date) -> dict[str, date | int | None]:
    """Columns of a stay that begins today: while the youth is absent its days are not counted. Pure, for a bulk load too."""
    absent = awol_code in ABSENT_CODES
    return {"counted_from": today, "halted_on": today if absent else None, "days": 0 if absent else None}


def _days(counted_from: date, last: date) -> int:
    return max(0, (last - counted_from).days)


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
        stay.days = _days(stay.counted_from, stay.halted_on)
    elif not absent and stay.halted_on is not None:
        away = max(0, (day - stay.halted_on).days)
        stay.counted_from += timedelta(days=away)
        stay.halted_on = stay.days = None
