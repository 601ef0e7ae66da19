"""The access log on a page, for CSEC Administration: filtered, newest first. It names staff and assignments, never a youth."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from cts.domain.calendar import is_plausible, office_time
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Document, Party
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.emergency_reviews import demand_administration
from cts.services.history import document_words
from cts.services.outcomes import REFUSED, has_outcome, outcome_of
from cts.services.refusals import Incomplete
from cts.services.timeline import what_words
from cts.settings import settings
from db.models import AccessEntry, Assignment, Person, ReviewedDocument
from db.session import reading, writing

PAGE_SIZE = 50
ACTION = "read access log"
NO_BREAK = "\u00a0"
NOT_SHOWN = frozenset({"marks"})
"""Details that say nothing to a reader."""


@dataclass(frozen=True)
class LogFilter:
    """What to show; empty shows all. `person` is any part of a name of staff, who did it or whose account it is about, `person_id` one person
    exactly (0 is nobody); days are the office's, both included.
    """

    person: str = ""
    person_id: int | None = None
    number: int | None = None
    action: str = ""
    outcome: str = ""
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class LogLine:
    """One entry. `when` is the office's clock with thousandths of a second; `session` the beginning of the session's hash."""

    id: int
    when: str
    who: str
    party: str
    what: str
    object: str
    outcome: str
    reason: str
    address: str
    session: str
    emergency: bool


@dataclass(frozen=True)
class LogPage:
    """Lines newest first; `older` is what to ask for next (None at the end of the log). `of` names the person of `person_id`, if any."""

    lines: tuple[LogLine, ...]
    older: int | None
    of: str = ""


def access_log(
    actor: Actor, wanted: LogFilter, now: datetime, *, before: int | None = None, look: bool = True
) -> LogPage:
    """One page of the log: the newest entries that fit, or those before the entry `before`. A `look` (not a rerun) is itself logged.

    Raises NotPermitted, and logs it, for others than CSEC Administration; Incomplete for days the wrong way round.
    """
    demand_administration(actor, ACTION, now)
    if not all(is_plausible(day) for day in (wanted.first_on, wanted.last_on) if day):
        raise Incomplete("Please check the year of the days.")
    if wanted.first_on and wanted.last_on and wanted.last_on < wanted.first_on:
        raise Incomplete("The last day is before the first. Please correct one of them.")
    if look:
        asked = sorted(name for name, value in vars(wanted).items() if value not in (None, ""))
        with writing() as session:
            record_access(session, actor, ACTION, now, asked=asked)
    with reading() as session:
        conditions = _conditions(session, wanted)
        if before is not None:
            conditions.append(AccessEntry.id < before)
        statement = (
            select(AccessEntry, Person.name, Assignment.number, ReviewedDocument.kind, ReviewedDocument.sequence)
            .outerjoin(Person, Person.id == AccessEntry.actor_id)
            .outerjoin(Assignment, Assignment.id == AccessEntry.assignment_id)
            .outerjoin(ReviewedDocument, ReviewedDocument.id == AccessEntry.document_id)
            .where(*conditions)
            .order_by(AccessEntry.id.desc())
            .limit(PAGE_SIZE + 1)
        )
        rows = session.execute(statement).all()
        about = {row[0].details.get("person") for row in rows}
        told = session.execute(select(Person.id, Person.name).where(Person.id.in_(about)))
        named = {row.id: row.name for row in told}
        of = session.get(Person, wanted.person_id) if wanted.person_id else None
    lines = tuple(_line(named, *row) for row in rows[:PAGE_SIZE])
    return LogPage(lines, lines[-1].id if len(rows) > PAGE_SIZE else None, spoken_name(of.name) if of else "")


def actions_logged(actor: Actor, now: datetime) -> tuple[str, ...]:
    """Every action that stands in the log, to choose from. Raises NotPermitted."""
    demand_administration(actor, ACTION, now)
    with reading() as session:
        return tuple(session.scalars(select(AccessEntry.action).distinct().order_by(AccessEntry.action)))


def day_begins(day: date) -> datetime:
    """The moment, in UTC, at which a day of the office begins."""
    return datetime.combine(day, time(), ZoneInfo(settings().time_zone)).astimezone(UTC)


def _conditions(session: Session, wanted: LogFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.person.strip():
        parts = wanted.person.casefold().replace(",", " ").split()
        names = (func.lower(Person.name).contains(part, autoescape=True) for part in parts)
        found.append(_of(select(Person.id).where(*names)))
    if wanted.person_id is not None:
        found.append(_of(select(Person.id).where(Person.id == wanted.person_id)))
    if wanted.number is not None:
        own = session.scalar(select(Assignment.id).where(Assignment.number == wanted.number))
        found.append(AccessEntry.assignment_id == (own or 0))
    if wanted.action:
        found.append(AccessEntry.action == wanted.action)
    if wanted.outcome:
        found.append(has_outcome(wanted.outcome))
    if wanted.first_on:
        found.append(AccessEntry.at >= day_begins(wanted.first_on))
    if wanted.last_on:
        found.append(AccessEntry.at < day_begins(wanted.last_on + timedelta(days=1)))
    return found


def _of(people: Select[int]) -> ColumnElement[bool]:
    """What these people of staff did, or what is about their accounts."""
    # What is about a person of staff, such as a change of the account, is about no assignment: most entries are not looked into.
    about = AccessEntry.details["person"].as_integer().in_(people)
    return or_(AccessEntry.actor_id.in_(people), and_(AccessEntry.assignment_id.is_(None), about))


def _line(
    named: dict[int, str],
    entry: AccessEntry,
    name: str | None,
    number: int | None,
    kind: str | None,
    sequence: int | None,
) -> LogLine:
    document = document_words(Document(kind), sequence or 1) if kind else ""
    moment = office_time(entry.at, settings().time_zone)
    role = f" ({entry.role})" if entry.role else ""
    return LogLine(
        id=entry.id,
        when=f"{moment:%m/%d/%Y %I:%M:%S}.{moment.microsecond // 1000:03d}{NO_BREAK}{moment:%p}",
        who=f"{spoken_name(name)}{role}" if name else (entry.role or "Nobody signed in"),
        party=entry.parties,
        what=what_words(entry.action, document, done=entry.outcome != REFUSED),
        object=_object(named, entry, number),
        outcome=outcome_of(entry),
        reason=entry.reason,
        address=entry.address,
        session=entry.session_hash[:8],
        emergency=Party.EMERGENCY in entry.parties.split(", "),
    )


def _object(named: dict[int, str], entry: AccessEntry, number: int | None) -> str:
    """Which assignment, which person of staff, and what else of CTS by its number."""
    told = {
        name: value for name, value in entry.details.items() if name not in NOT_SHOWN and value not in (None, "", [])
    }
    words = [f"Assignment {number}"] if number is not None else []
    if number is not None:
        told.pop("number", None)
    if told.get("person") in named:
        told["person"] = spoken_name(named[told["person"]])
    return "; ".join([*words, *(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in sorted(told.items()))])


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
