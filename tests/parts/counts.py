"""The counts of the dashboards, counted anew from the rows themselves in plain Python: slowly, and without the SQL that keeps them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from db.models import Assignment, AssignmentTally, ReviewedDocument, ServedTally, Stay, StayTally, Youth

Counts = dict[tuple[Any, ...], tuple[int, int]]
NO_MONEY = 0


def kept(session: Session) -> dict[str, Counts]:
    """What the database keeps, by table: the sum of number and cents of each kind of row."""
    return {tally.__tablename__: _kept(session, tally) for tally in (StayTally, AssignmentTally, ServedTally)}


def _kept(session: Session, tally: type[Any]) -> Counts:
    names = [c.key for c in inspect(tally).columns if c.key not in {"id", "number", "cents"}]
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in session.scalars(select(tally)):
        sums = found.setdefault(tuple(getattr(row, name) for name in names), [0, 0])
        sums[0] += row.number
        sums[1] += getattr(row, "cents", NO_MONEY)
    return {kind: (number, cents) for kind, (number, cents) in found.items() if number}


def counted(session: Session) -> dict[str, Counts]:
    """The same from stays, assignments and youth."""
    found: dict[str, Counter[Any]] = {"stay_tally": Counter(), "assignment_tally": Counter(), "served_tally": Counter()}
    money: Counter[Any] = Counter()
    rows = session.execute(select(Assignment, Youth).join(Youth, Youth.id == Assignment.youth_id)).all()
    places = {assignment.id: list(_places(assignment, youth)) for assignment, youth in rows}
    for assignment, youth in rows:
        for place in places[assignment.id]:
            held_by = (assignment.status, assignment.agency_id, assignment.advocate_id)
            found["assignment_tally"][(*place, *held_by)] += 1
            if assignment.status == "Approved":
                for trait, value in (
                    ("sex", youth.sex),
                    ("race", youth.race_ethnicity),
                    ("birth_month", youth.birth_date.strftime("%Y-%m")),
                ):
                    found["served_tally"][(*place, trait, value)] += 1
    kinds = {d.id: d.kind for d in session.scalars(select(ReviewedDocument))}
    given = {assignment.id: assignment.agency_assigned_at for assignment, _ in rows}
    for stay in session.scalars(select(Stay)):
        of_now = stay.left_at is None or after(stay.left_at, given[stay.assignment_id])
        for place in places[stay.assignment_id]:
            if place[0] == "agency" and not of_now:
                continue
            kind = (*place, *_kind_of(stay, kinds[stay.document_id]))
            found["stay_tally"][kind] += 1
            money[kind] += stay.cents
    return {table: {kind: (n, money[kind]) for kind, n in counts.items()} for table, counts in found.items()}


def after(moment: datetime, given_at: datetime | None) -> bool:
    """Whether something was after an agency was given the youth: the rest is not its to know."""
    return given_at is not None and moment > given_at


def _places(assignment: Assignment, youth: Youth) -> Iterator[tuple[str, str, int]]:
    hidden = 0 if youth.sensitivity == "N" else assignment.supervisor_id or -1
    yield "program", "", 0
    yield "office", assignment.office_code, hidden
    if assignment.agency_id is not None:
        yield "agency", str(assignment.agency_id), 0


def _kind_of(stay: Stay, kind: str) -> tuple[Any, ...]:
    if stay.left_at is not None:
        state, since, month = "ended", None, stay.left_on.strftime("%Y-%m") if stay.left_on else "?"
    elif stay.halted_on is not None:
        state, since, month = "held", None, ""
    else:
        state, since, month = "open", stay.counted_from, ""
    return (state, kind, stay.status, stay.party, stay.ended_by, stay.end_reason, month, since, stay.days)


def differing_counts(session: Session) -> list[str]:
    """Where what is kept is not what is counted; none, if all is well."""
    found, wanted = kept(session), counted(session)
    return [
        f"{table} {kind}: kept {found[table].get(kind)}, counted {wanted[table].get(kind)}"
        for table in wanted
        for kind in sorted(found[table].keys() | wanted[table].keys(), key=str)
        if found[table].get(kind) != wanted[table].get(kind)
    ]
