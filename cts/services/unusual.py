"""Unusual viewing: a few plain rules over the access log of a day. Each says what was counted and against what; none accuses anybody."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.calendar import office_time
from cts.domain.counting import counted
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Party
from cts.services.access import record_access
from cts.services.access_log import day_begins
from cts.services.actor import Actor
from cts.services.emergency_reviews import demand_administration
from cts.services.fetching import today_of
from cts.services.outcomes import REFUSED, has_outcome
from cts.settings import settings
from db.models import AccessEntry, Person
from db.session import reading, writing

USUAL_OVER_DAYS = 30
USUAL_TIMES = 3
DAYS_SHOWN = 7
ACTION = "list unusual viewing"
NUMBERS_AT_NIGHT = 3
"""One or two looks at night are somebody on call; three are listed."""

Counts = dict[int, int]


@dataclass(frozen=True)
class Unusual:
    """One thing to look at: on which day, whose, by which rule, in words. `person_id` fits the filter of the access log."""

    day: date
    person_id: int
    who: str
    rule: str
    sentence: str


def unusual_viewing(
    actor: Actor, now: datetime, days: int = DAYS_SHOWN, *, opened: bool = False
) -> tuple[Unusual, ...]:
    """What was unusual in the last days, newest day first. `opened`: the page was just opened, and the look is logged.

    Raises NotPermitted, and logs it, for others than CSEC Administration.
    """
    demand_administration(actor, ACTION, now)
    if opened:
        with writing() as session:
            record_access(session, actor, ACTION, now)
    today = today_of(now)
    with reading() as session:
        found = [
            (today - timedelta(days=back), rule, person, sentence)
            for back in range(days)
            for rule, judge in RULES.items()
            for person, sentence in judge(session, today - timedelta(days=back))
        ]
        named = select(Person.id, Person.name, Person.role).where(Person.id.in_({person for _, _, person, _ in found}))
        names = {i: f"{spoken_name(name)} ({role})" for i, name, role in session.execute(named)}
    return tuple(Unusual(day, person, names[person], rule, sentence) for day, rule, person, sentence in found)


def _of_day(day: date) -> tuple[ColumnElement[bool], ...]:
    begins, ends = day_begins(day), day_begins(day + timedelta(days=1))
    return (AccessEntry.at >= begins, AccessEntry.at < ends, AccessEntry.actor_id.is_not(None))


def _counted(session: Session, what: ColumnElement[int], *where: ColumnElement[bool]) -> Counts:
    rows = session.execute(select(AccessEntry.actor_id, what).where(*where).group_by(AccessEntry.actor_id))
    return {person: int(count) for person, count in rows if person is not None}


_DONE = AccessEntry.outcome == "done"
_REFUSED = has_outcome(REFUSED)
_RECORDS = func.count(AccessEntry.assignment_id.distinct())
_ENTRIES = func.count(AccessEntry.id)


def _many_records(session: Session, day: date) -> Iterable[tuple[int, str]]:
    """More records than the setting, and three times what the person opens on a day with any, of the thirty before."""
    limit = settings().unusual_records
    many = {p: n for p, n in _counted(session, _RECORDS, *_of_day(day), _DONE).items() if n > limit}
    for person, count in sorted(many.items()):
        usual = _usual_records(session, person, day)
        if count > USUAL_TIMES * usual:
            yield (
                person,
                f"{count} different records in the day; usual for this person: {usual:.0f} (the limit is {limit}).",
            )


def _usual_records(session: Session, person: int, day: date) -> float:
    begins = day_begins(day - timedelta(days=USUAL_OVER_DAYS))
    own = (AccessEntry.actor_id == person, AccessEntry.at >= begins, AccessEntry.at < day_begins(day), _DONE)
    looked = (AccessEntry.assignment_id.is_not(None), *own)
    records: dict[date, set[int | None]] = defaultdict(set)
    for at, assignment in session.execute(select(AccessEntry.at, AccessEntry.assignment_id).where(*looked)):
        records[office_time(at, settings().time_zone).date()].add(assignment)
    return sum(map(len, records.values())) / len(records) if records else 0.0


def _many_searches(session: Session, day: date) -> Iterable[tuple[int, str]]:
    limit = settings().unusual_searches
    counts = _counted(session, _ENTRIES, *_of_day(day), AccessEntry.action == "search")
    return [(p, f"{n} searches in the day (the limit is {limit}).") for p, n in sorted(counts.items()) if n > limit]


def _many_exports(session: Session, day: date) -> Iterable[tuple[int, str]]:
    """Lists carried away: more files than the setting, or more rows than the other and three times the most of any day of the thirty before."""
    most_files, most_rows = settings().unusual_exports, settings().unusual_export_rows
    since, until = day_begins(day - timedelta(days=USUAL_OVER_DAYS)), day_begins(day + timedelta(days=1))
    wanted = (AccessEntry.action == "export", _DONE, AccessEntry.at >= since, AccessEntry.at < until)
    today = _counted(session, _ENTRIES, AccessEntry.action == "export", _DONE, *_of_day(day))
    exported: dict[int, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
    entries = select(AccessEntry.actor_id, AccessEntry.at, AccessEntry.details).where(*wanted)
    for person, at, details in session.execute(entries.where(AccessEntry.actor_id.in_(today))) if today else ():
        exported[person][office_time(at, settings().time_zone).date()].append(int(details.get("rows", 0)))
    for person, days in sorted(exported.items()):
        files, rows = len(days[day]), sum(days[day])
        usual = max((sum(each) for then, each in days.items() if then != day), default=0)
        if files > most_files or (rows > most_rows and rows > USUAL_TIMES * usual):
            yield (
                person,
                f"{counted(files, 'list')} exported in the day, {counted(rows, 'row')} in all; most rows on a day before: {usual:,} "
                f"(the limits are {most_files} lists and {most_rows:,} rows).",
            )


def _many_refusals(session: Session, day: date) -> Iterable[tuple[int, str]]:
    limit = settings().unusual_refusals
    counts = _counted(session, _ENTRIES, *_of_day(day), _REFUSED)
    return [(p, f"{n} refusals in the day (the limit is {limit}).") for p, n in sorted(counts.items()) if n >= limit]


def _at_night(session: Session, day: date) -> Iterable[tuple[int, str]]:
    chosen = settings()
    begins, ends = day_begins(day), day_begins(day + timedelta(days=1))
    early = AccessEntry.at < begins + timedelta(hours=chosen.night_ends_at_hour)
    late = AccessEntry.at >= ends - timedelta(hours=24 - chosen.night_begins_at_hour)
    read = or_(AccessEntry.assignment_id.is_not(None), AccessEntry.action == "export")
    looked = (*_of_day(day), _DONE, read, or_(early, late))
    counts = _counted(session, _ENTRIES, *looked)
    hours = f"between {chosen.night_begins_at_hour}:00 and {chosen.night_ends_at_hour}:00"
    return [
        (p, f"{n} looks at records or exports {hours}.") for p, n in sorted(counts.items()) if n >= NUMBERS_AT_NIGHT
    ]


def _without_tie(session: Session, day: date) -> Iterable[tuple[int, str]]:
    """Records of another office or agency, or a colleague's: tried and refused, or opened in an emergency."""
    no_tie = AccessEntry.parties.in_(["", Party.OFFICE_COLLEAGUE])
    tried = and_(_REFUSED, no_tie, AccessEntry.assignment_id.is_not(None))
    opened = AccessEntry.action == "open in emergency"
    counts = _counted(session, _RECORDS, *_of_day(day), or_(tried, and_(opened, _DONE)))
    words = "{} of another office, agency or caseload, tried or opened in an emergency."
    return [(p, words.format(counted(n, "record"))) for p, n in sorted(counts.items())]


def _after_the_tie(session: Session, day: date) -> Iterable[tuple[int, str]]:
    """Records somebody had a tie to before: tried after it ended, or opened in an emergency."""
    before = aliased(AccessEntry)
    had_a_tie = exists().where(
        before.actor_id == AccessEntry.actor_id,
        before.assignment_id == AccessEntry.assignment_id,
        before.id < AccessEntry.id,
        before.outcome == "done",
        before.parties != "",
        ~before.parties.contains(Party.EMERGENCY),
    )
    no_tie = and_(_REFUSED, AccessEntry.parties.in_(["", Party.OFFICE_COLLEAGUE]))
    by_emergency = and_(_DONE, AccessEntry.parties.contains(Party.EMERGENCY))
    counts = _counted(session, _RECORDS, *_of_day(day), or_(no_tie, by_emergency), had_a_tie)
    return [(p, f"{counted(n, 'record')} after the tie to it had ended.") for p, n in sorted(counts.items())]


RULES: dict[str, Callable[[Session, date], Iterable[tuple[int, str]]]] = {
    "Many records": _many_records,
    "Many searches": _many_searches,
    "Many exports": _many_exports,
    "Repeated refusals": _many_refusals,
    "At night": _at_night,
    "Without a tie": _without_tie,
    "After the tie ended": _after_the_tie,
}
"""Every rule by the name the page gives it."""
