"""Advocate Activity: the Advocate writes, corrects and takes back entries; everyone who may open the record reads them.

Nothing is deleted: an entry that is taken back, or replaced by a corrected one, stays with the reason. Each press of Save has a key of its
own: the same key twice is one entry.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.activity import REASON_LIMIT, Entry, Outcome, Totals, faults, tidy, totals
from cts.domain.answer_checks import text_fault
from cts.domain.cadence import Cadence, cadence
from cts.domain.calendar import add_months
from cts.domain.fields import is_blank, us_date
from cts.domain.names import spoken_name
from cts.domain.whereabouts import absences
from cts.services.actor import Actor
from cts.services.client_updates import updates_of
from cts.services.clocks import cadence_begins_on, entry_of, keep_clocks
from cts.services.fetching import Fetched, refusals_logged, today_of
from cts.services.record_access import demand_advocate, fetch_record, is_served_by, log_access
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate, Unreadable
from cts.settings import settings
from db.models import Activity, Person
from db.session import reading, writing

WHAT = "activities"
CORRECTED = "replaced by a corrected entry"


@dataclass(frozen=True)
class ActivityLine:
    """One entry as it is read. `gone` says that it counts no more, when, by whom and why; '' for one that counts.

    `to_write_up` marks a scheduled contact whose day has passed; `may_change` whether this reader may correct it or take it back.
    """

    id: int
    entry: Entry
    written: str
    gone: str
    to_write_up: bool
    may_change: bool


@dataclass(frozen=True)
class MonthEntries:
    """The entries of a month, newest first, and its totals. `first_on` is the first day of the month."""

    first_on: date
    lines: tuple[ActivityLine, ...]
    totals: Totals


@dataclass(frozen=True)
class ActivityMonth(MonthEntries):
    """Advocate Activity as one person sees it: the entries of a month and the weekly contacts of the service.

    `earlier` and `later` say whether there is anything to turn to. `cadence` is None before an Advocate was named. `to_write_up` are
    scheduled contacts of the past, of all months.
    """

    number: int
    cadence: Cadence | None
    to_write_up: tuple[ActivityLine, ...]
    may_write: bool
    today: date
    earlier: bool
    later: bool


def read_month(actor: Actor, number: int, month: date | None, now: datetime) -> ActivityMonth:
    """The month a day lies in; None: the present month, or the last one of a service that has ended. Raises NotPermitted."""
    with reading() as session:
        return _month(session, fetch_record(session, actor, number), month, now)


def read_months(actor: Actor, number: int, now: datetime) -> tuple[MonthEntries, ...]:
    """Every month that has entries, oldest first. Raises NotPermitted."""
    with reading() as session:
        found = fetch_record(session, actor, number)
        rows = _rows(session, found)
        months: dict[date, list[ActivityLine]] = defaultdict(list)
        for row, line in zip(rows, _lines(session, found, rows, today_of(now)), strict=True):
            months[row.happened_on.replace(day=1)].append(line)
    return tuple(MonthEntries(first_on, tuple(lines), _totals(lines)) for first_on, lines in sorted(months.items()))


def read_entry(actor: Actor, number: int, entry_id: int, now: datetime) -> ActivityLine:
    """One entry of the record. Raises NotPermitted when there is none."""
    with reading() as session:
        found = fetch_record(session, actor, number)
        return _lines(session, found, [_existing(session, found, entry_id)], today_of(now))[0]


def add(actor: Actor, number: int, entry: Entry, entry_key: str, now: datetime) -> int:
    """Write an entry; returns its id. Raises NotPermitted; Incomplete naming the fields."""
    with refusals_logged(actor, "add activity", number, now), writing() as session:
        found = fetch_record(session, actor, number, to_write=True)
        demand_advocate(found, WHAT)
        written = _written_before(session, actor, found, entry_key)
        if written is not None:
            return written
        new = _write(session, actor, found, entry, entry_key, now)
        keep_clocks(session, found.assignment)
        log_access(session, actor, "add activity", found, now, activity=new.id)
        return new.id


def take_back(actor: Actor, number: int, entry_id: int, reason: str, now: datetime) -> None:
    """Mark an entry as taken back: it counts no more, and stays to be read with the reason. Raises NotPermitted, Incomplete, OutOfDate."""
    with refusals_logged(actor, "take back activity", number, now), writing() as session:
        found = fetch_record(session, actor, number, to_write=True)
        demand_advocate(found, WHAT)
        row = _counting(_existing(session, found, entry_id))
        fault = "Please give a reason." if is_blank(reason) else text_fault("Reason", reason.strip(), REASON_LIMIT)
        if fault:
            raise Incomplete(fault, (("reason", fault),))
        row.voided_at, row.voided_by, row.void_reason = now, actor.person_id, reason.strip()
        keep_clocks(session, found.assignment)
        log_access(session, actor, "take back activity", found, now, activity=row.id)


def correct(actor: Actor, number: int, entry_id: int, entry: Entry, entry_key: str, now: datetime) -> int:
    """Put another entry in the place of one, which stays to be read; returns the new id. A scheduled contact is written up in this way.

    The Advocate of the moment may correct what a former one wrote. Raises NotPermitted, Incomplete naming the fields, OutOfDate.
    """
    with refusals_logged(actor, "correct activity", number, now), writing() as session:
        found = fetch_record(session, actor, number, to_write=True)
        demand_advocate(found, WHAT)
        written = _written_before(session, actor, found, entry_key)
        if written is not None:
            return written
        row = _counting(_existing(session, found, entry_id))
        new = _write(session, actor, found, entry, entry_key, now, replaces_id=row.id)
        row.voided_at, row.voided_by, row.void_reason = now, actor.person_id, CORRECTED
        keep_clocks(session, found.assignment)
        log_access(session, actor, "correct activity", found, now, activity=new.id, replaces=row.id)
        return new.id


def _existing(session: Session, found: Fetched, entry_id: int) -> Activity:
    row = session.get(Activity, entry_id)
    if row is None or row.assignment_id != found.assignment.id:
        raise NotPermitted(NOT_FOUND)
    return row


def _counting(row: Activity) -> Activity:
    if row.voided_at is not None:
        raise OutOfDate("This entry was taken back or corrected in the meantime. It is shown as it is now.")
    return row


def _written_before(session: Session, actor: Actor, found: Fetched, entry_key: str) -> int | None:
    """The entry this press of Save has made already. Documents of the assignment are held, so two presses come one after the other."""
    row = session.scalar(select(Activity).where(Activity.entry_key == entry_key))
    if row is None:
        return None
    if (row.assignment_id, row.advocate_id) != (found.assignment.id, actor.person_id):
        raise OutOfDate("This was saved elsewhere. Please enter it again.")
    return row.id


def _write(
    session: Session,
    actor: Actor,
    found: Fetched,
    stated: Entry,
    entry_key: str,
    now: datetime,
    replaces_id: int | None = None,
) -> Activity:
    entry, today = tidy(stated), today_of(now)
    problems = faults(entry, today, _service_start(found, today))
    if problems or entry.happened_on is None:
        raise Incomplete(f"{problems[0][1]} It has not been saved.", tuple(problems))
    row = Activity(
        assignment_id=found.assignment.id,
        advocate_id=actor.person_id,
        happened_on=entry.happened_on,
        type=entry.type,
        method=entry.method,
        location=entry.location,
        outcome=entry.outcome,
        minutes=entry.minutes,
        with_whom=list(entry.with_whom),
        written_at=now,
        replaces_id=replaces_id,
        entry_key=entry_key,
    )
    row.note = entry.note
    session.add(row)
    session.flush()
    return row


def _service_start(found: Fetched, today: date) -> date:
    return found.assignment.service_start_on or today


def _month(session: Session, found: Fetched, month: date | None, now: datetime) -> ActivityMonth:
    today = today_of(now)
    closed = found.assignment.closed_at
    start, last = _service_start(found, today), today_of(closed) if closed else today
    first_on = (month or last).replace(day=1)
    after = add_months(first_on, 1)
    rows = _rows(session, found)
    inside = _lines(session, found, [r for r in rows if first_on <= r.happened_on < after], today)
    late = [r for r in rows if _to_write_up(found, r, today)]
    farthest = max([last, *(r.happened_on for r in rows)])
    return ActivityMonth(
        number=found.assignment.number,
        first_on=first_on,
        lines=inside,
        totals=_totals(inside),
        cadence=_cadence(session, found, rows, today),
        to_write_up=_lines(session, found, late[::-1], today),
        may_write=is_served_by(found),
        today=today,
        earlier=first_on > start,
        later=after <= farthest,
    )


def _rows(session: Session, found: Fetched) -> Sequence[Activity]:
    """All entries, newest first."""
    mine = Activity.assignment_id == found.assignment.id
    return session.scalars(select(Activity).where(mine).order_by(Activity.happened_on.desc(), Activity.id.desc())).all()


def _totals(lines: Sequence[ActivityLine]) -> Totals:
    return totals(line.entry for line in lines if not line.gone)


def _cadence(session: Session, found: Fetched, rows: Sequence[Activity], today: date) -> Cadence | None:
    assignment = found.assignment
    begins_on = cadence_begins_on(session, assignment)
    if begins_on is None:
        return None
    away = absences([line.update for line in updates_of(session, assignment.id)])
    counting = [entry_of(r) for r in rows if r.voided_at is None]
    ended_on = today_of(assignment.closed_at) if assignment.closed_at else None
    return cadence(begins_on, settings().contact_every_days, today, counting, away, ended_on)


def _to_write_up(found: Fetched, row: Activity, today: date) -> bool:
    past = row.outcome == Outcome.SCHEDULED and row.happened_on < today
    return past and row.voided_at is None and found.assignment.closed_at is None


def _note(row: Activity) -> str:
    """The note, or in its place the sentence why it cannot be read: one that does not open hides no other."""
    try:
        return row.note
    except Unreadable as refusal:
        return str(refusal)


def _lines(session: Session, found: Fetched, rows: Sequence[Activity], today: date) -> tuple[ActivityLine, ...]:
    people = {row.advocate_id for row in rows} | {row.voided_by for row in rows}
    named = session.execute(select(Person.id, Person.name).where(Person.id.in_(people - {None}))) if rows else ()
    names: dict[int | None, str] = {person_id: spoken_name(name) for person_id, name in named}
    return tuple(_line(found, row, names, today) for row in rows)


def _line(found: Fetched, row: Activity, names: Mapping[int | None, str], today: date) -> ActivityLine:
    gone = ""
    if row.voided_at is not None:
        day, who = us_date(today_of(row.voided_at)), names.get(row.voided_by, "")
        gone = f"Taken back on {day} by {who}: {row.void_reason}"
    return ActivityLine(
        id=row.id,
        entry=entry_of(row, _note(row)),
        written=f"{names[row.advocate_id]}, {us_date(today_of(row.written_at))}",
        gone=gone,
        to_write_up=_to_write_up(found, row, today),
        may_change=is_served_by(found) and row.voided_at is None,
    )
