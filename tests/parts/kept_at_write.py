"""What is kept beside rows as they are written, against slow rules: how stays ended, the days that count, clocks, names, keys of lists.

For rows that were written in bulk; the counts of the dashboards have tests/parts/counts.py.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from cts.domain.cadence import cadence
from cts.domain.names import name_parts
from cts.domain.spelling import spelled_words, spellings
from cts.domain.whereabouts import Update, absences
from cts.services.clocks import cadence_begins_on, entry_of
from cts.services.fetching import today_of
from db.listing_keys import fill_listing_keys
from db.models import (
    Activity,
    Assignment,
    ClientUpdate,
    HistoryEntry,
    NameSpelling,
    ReviewedDocument,
    Stay,
    Youth,
    YouthFullName,
    YouthNamePart,
)
from db.models.youth import SORTED
from db.session import engine

EVERY = 7
PHASE_DAYS = (30, 82, 250)
DAY = timedelta(days=1)
ENDS = ("submit", "recall", "approve", "reject", "reimburse", "assign", "close")


def unlike_history(session: Session) -> Iterator[str]:
    """Stays whose ending is not the step that the history tells of that moment."""
    steps = {
        (e.document_id, e.at, e.status_before): e
        for e in session.scalars(select(HistoryEntry).order_by(HistoryEntry.id))
        if (e.action in ENDS or e.status_after == "Flag ended") and not e.details.get("with_service")
    }
    sent: set[tuple[int, bool]] = set()
    ended = select(Stay, ReviewedDocument).join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
    for stay, document in session.execute(ended.where(Stay.left_at.is_not(None)).order_by(Stay.document_id, Stay.id)):
        step = steps.get((stay.document_id, stay.left_at, stay.status))
        by, reason = (step.action, step.reason_code) if step else ("", "")
        if step is not None and step.status_after == "Flag ended":
            by = "close"
        part = (document.id, stay.status == "Approved")
        if by == "submit":
            by = "submit again" if part in sent else by
            sent.add(part)
        if document.kind == "Termination Report" and by == "approve" and document.approved_at == stay.left_at:
            reason = document.answers.get("reason", "")
        if (stay.ended_by, stay.end_reason) != (by, reason):
            yield f"{document.kind} {document.id}, {stay.status}: {stay.ended_by} {stay.end_reason}, not {by} {reason}"


def money_counted(session: Session) -> dict[str, int]:
    """The cents that stays hold, by what moved them."""
    found = {"asked": 0, "approved": 0, "reimbursed": 0}
    called = {("submit", False): "asked", ("approve", False): "approved", ("reimburse", False): "reimbursed"}
    for stay in session.scalars(select(Stay).where(Stay.cents > 0)):
        name = called.get((stay.ended_by, stay.status == "Approved"))
        if name:
            found[name] += stay.cents
    return found


def money_of_answers(session: Session) -> dict[str, int]:
    """The same from the requests themselves."""
    found = {"asked": 0, "approved": 0, "reimbursed": 0}
    requests = select(ReviewedDocument).where(ReviewedDocument.kind == "Restoration Fund Request")
    for request in session.scalars(requests.where(ReviewedDocument.rounds > 0)):
        projected = _cents(request.answers, "projected_cost")
        found["asked"] += projected
        found["approved"] += projected if request.approved_at else 0
        found["reimbursed"] += _cents(request.answers, "actual_cost") if request.status == "Reimbursed" else 0
    return found


def _cents(answers: dict[str, Any], column: str) -> int:
    return int(sum(Decimal(row[column].replace(",", "")) * 100 for row in answers.get("items", []) if row.get(column)))


def uncounted_days(session: Session, now: datetime) -> Iterator[str]:
    """Stays of which other days are counted than those on which CWS/CMS did not say that the youth was absent."""
    today = today_of(now)
    for assignment in session.scalars(select(Assignment)):
        stays = session.scalars(select(Stay).where(Stay.assignment_id == assignment.id).order_by(Stay.id)).all()
        if not stays:
            continue
        absent = _absent_days(session, assignment, today_of(min(s.entered_at for s in stays)), today)
        for stay in stays:
            last = today_of(stay.left_at) if stay.left_at else today
            slow = sum(day not in absent for day in _days(today_of(stay.entered_at), last))
            kept = stay.days if stay.days is not None else (today - stay.counted_from).days
            if kept != slow:
                yield f"{assignment.number}, {stay.status} since {stay.entered_at}: {kept} days, not {slow}"


def _absent_days(session: Session, assignment: Assignment, first: date, today: date) -> set[date]:
    told = select(HistoryEntry).where(
        HistoryEntry.assignment_id == assignment.id, HistoryEntry.action == "absence changed"
    )
    changes = [
        (today_of(e.at), "back" not in e.details["sentence"]) for e in session.scalars(told.order_by(HistoryEntry.id))
    ]
    since = first if (not changes[0][1] if changes else assignment.awol_code != "N") else None
    found: set[date] = set()
    for day, absent in changes:
        if since is not None and not absent:
            found |= set(_days(since, day))
        since = day if absent else None
    return found | set(_days(since, today)) if since is not None else found


def _days(first: date, last: date) -> list[date]:
    return [first + DAY * n for n in range((last - first).days)]


def wrong_clocks(session: Session, now: datetime) -> Iterator[str]:
    """Services whose clocks are not those of the plan's phases and of the weeks of contact."""
    today = today_of(now)
    for assignment in session.scalars(select(Assignment)):
        own = session.scalars(select(ReviewedDocument).where(ReviewedDocument.assignment_id == assignment.id)).all()
        open_phases = [d for d in own if d.kind == "Advocacy Plan" and d.status not in {"Approved", "Withdrawn"}]
        served = assignment.status == "Approved"
        due = [date.fromisoformat(d.answers["start_on"]) + DAY * PHASE_DAYS[d.sequence - 1] for d in open_phases]
        if assignment.phase_due_on != (due[0] if served and due else None):
            yield f"{assignment.number}: phase due {assignment.phase_due_on}, not {due}"
        missed = served and _contact_missed(session, assignment, today)
        if missed != (assignment.contact_due_on is not None and assignment.contact_due_on < today):
            yield f"{assignment.number}: contact due {assignment.contact_due_on}, missed: {missed}"


def _contact_missed(session: Session, assignment: Assignment, today: date) -> bool:
    begins_on = cadence_begins_on(session, assignment)
    if begins_on is None:
        return False
    entries = [entry_of(a) for a in session.scalars(select(Activity).where(Activity.assignment_id == assignment.id))]
    told = select(ClientUpdate).where(ClientUpdate.assignment_id == assignment.id).order_by(ClientUpdate.happened_on)
    away = absences([Update(u.happened_on, u.status) for u in session.scalars(told)])
    return cadence(begins_on, EVERY, today, entries, away).overdue


def wrong_names(session: Session) -> Iterator[str]:
    """Parts, pairs and spellings that are not those of the names themselves."""
    youth = session.scalars(select(Youth)).all()
    parts = {
        (y.id, kind, part)
        for y in youth
        for kind, name in (("last", y.last_name), ("first", y.first_name))
        for part in name_parts(name)
    }
    pairs = {(y.id, a, b) for y in youth for a in name_parts(y.last_name) for b in name_parts(y.first_name)}
    words = {word for y in youth for name in (y.last_name, y.first_name) for word in spelled_words(name)}
    wanted = (parts, pairs, {(spelling, word) for word in words for spelling in spellings(word)})
    tables = (
        select(YouthNamePart.youth_id, YouthNamePart.kind, YouthNamePart.part),
        select(YouthFullName.youth_id, YouthFullName.last_part, YouthFullName.first_part),
        select(NameSpelling.spelling, NameSpelling.word),
    )
    for rows, statement in zip(wanted, tables, strict=True):
        differs = rows ^ {tuple(row) for row in session.execute(statement)}
        yield from (str(one) for one in sorted(differs, key=str)[:5])


def wrong_keys() -> list[int]:
    """Assignments whose keys of lists change when all are made anew; what that writes is undone."""
    with engine().connect() as connection:
        before = _keys(connection)
        fill_listing_keys(connection)
        after = _keys(connection)
    return [number for number, keys in after.items() if keys != before[number]]


def _keys(connection: Connection) -> dict[int, tuple[str, ...]]:
    table = Assignment.__table__.c
    found = connection.execute(select(table.number, *(table[name] for name in SORTED)))
    return {number: tuple(keys) for number, *keys in found}
