"""The page Attention: each list with its length, for one person; and the flag keeper with since when (mission §2, §7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cts.domain.extract_changes import ExtractAction
from cts.domain.fields import us_date
from cts.domain.filters import Attention, Filters
from cts.domain.identifiers import show_case_number
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import AGENCY_ROLES, SUPERVISOR_ROLES, Role
from cts.services.actor import Actor
from cts.services.attention import ATTENTION
from cts.services.fetching import today_of
from cts.services.listings import count_assignments, scope_of
from cts.services.refusals import NotPermitted
from db.models import Assignment, HistoryEntry, Office, Person, Youth
from db.session import reading

FLAGS_AT_MOST = 50
FLAGS = (Attention.FLAG_MISSING, Attention.FLAG_ENDED)
OF_THE_COUNTY = frozenset(
    {
        *FLAGS,
        Attention.NOT_IN_EXTRACT,
        Attention.WORKER_LEFT,
        Attention.AGENCY_ENDING,
        Attention.AGENCY_ENDED,
    }
)
"""Lists an agency can do nothing about."""

GROUPS = {
    "Service": (
        *(Attention.ALERTS_OPEN, Attention.NO_ADVOCATE, Attention.CONTACT_MISSED, Attention.PHASE_OVERDUE),
        *(Attention.SERVICE_OVER, Attention.LAST_MONTH, Attention.TWO_MONTHS_LEFT, Attention.THREE_MONTHS_LEFT),
    ),
    "CWS/CMS": (*FLAGS, Attention.NOT_IN_EXTRACT),
    "People and agencies": (Attention.WORKER_LEFT, Attention.AGENCY_ENDED, Attention.AGENCY_ENDING),
}
"""Every list under its heading, the most pressing first."""


@dataclass(frozen=True)
class AttentionTile:
    """One list: its length, what it means, and the query of the Home page that shows it."""

    kind: Attention
    title: str
    means: str
    number: int
    query: dict[str, str]


@dataclass(frozen=True)
class FlagLine:
    """A case whose flag needs somebody. `since` is the day from which on CTS knows it."""

    number: int
    youth_name: str
    case_number: str
    worker: str
    office: str
    since: str


@dataclass(frozen=True)
class FlagList:
    """The cases without a flag, or the ended flags in service, the oldest assignments first, at most 50. `total` counts all."""

    title: str
    means: str
    lines: tuple[FlagLine, ...]
    total: int


def attention_tiles(actor: Actor, now: datetime, *, whole_office: bool = False) -> dict[str, tuple[AttentionTile, ...]]:
    """Every list that concerns this person, by heading; what is counted is what the person's own listing holds. Raises NotPermitted."""
    today = today_of(now)
    return {
        heading: tiles
        for heading, kinds in GROUPS.items()
        if (tiles := tuple(_tile(actor, kind, today, whole_office) for kind in kinds if concerns(actor, kind)))
    }


def keeps_flags(actor: Actor) -> bool:
    """Whether a person is shown the flag keeper: supervisors for their listing, CSEC Administration for all."""
    return actor.role in SUPERVISOR_ROLES or actor.role is Role.ADMINISTRATION


def flag_keeper(actor: Actor, now: datetime, *, whole_office: bool = False) -> tuple[FlagList, ...]:
    """Cases whose flag is missing, with since when, and ended flags in service. Raises NotPermitted."""
    if not keeps_flags(actor):
        raise NotPermitted("The flag keeper is for supervisors and CSEC Administration.")
    scope, today = scope_of(actor, whole_office=whole_office), today_of(now)
    with reading() as session:
        found = []
        for kind in FLAGS:
            wanted = (scope, ATTENTION[kind].condition(today))
            joined = select(func.count(Assignment.id)).join(Youth, Youth.id == Assignment.youth_id)
            total = session.scalar(joined.where(*wanted)) or 0
            lines = _flag_lines(session, kind, wanted)
            found.append(FlagList(ATTENTION[kind].title, ATTENTION[kind].means, lines, total))
    return tuple(found)


def concerns(actor: Actor, kind: Attention) -> bool:
    """Whether a list is offered to a person: on Attention and on the dashboards."""
    return actor.role not in AGENCY_ROLES or kind not in OF_THE_COUNTY


def _tile(actor: Actor, kind: Attention, today: date, whole_office: bool) -> AttentionTile:
    filters = Filters(attention=kind)
    number = count_assignments(actor, filters, today, whole_office=whole_office)
    query = filters.as_query() | ({"office": "all"} if whole_office else {})
    return AttentionTile(kind, ATTENTION[kind].title, ATTENTION[kind].means, number, query)


def _flag_lines(session: Session, kind: Attention, wanted: tuple[ColumnElement[bool], ...]) -> tuple[FlagLine, ...]:
    rows = session.execute(
        select(Assignment, Youth, Person.name, Office.name)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(Person, Person.id == Assignment.worker_id)
        .join(Office, Office.code == Assignment.office_code)
        .where(*wanted)
        .order_by(Assignment.number)
        .limit(FLAGS_AT_MOST)
    ).all()
    since = _since(session, [row[0] for row in rows]) if kind is Attention.FLAG_MISSING else {}
    return tuple(
        FlagLine(
            number=a.number,
            youth_name=listed_name(y.last_name, y.first_name, y.middle_name, y.suffix),
            case_number=show_case_number(a.case_id) if a.case_id else "",
            worker=spoken_name(worker),
            office=office,
            since=us_date(since.get(a.id, a.case_start_on) if kind is Attention.FLAG_MISSING else a.flag_ended_on),
        )
        for a, y, worker, office in rows
    )


def _since(session: Session, assignments: Sequence[Assignment]) -> dict[int, date]:
    """The day CTS learned that the flag is missing, from the history; one that began without it has none: then its case began so."""
    mine = HistoryEntry.assignment_id.in_([a.id for a in assignments])
    learned = HistoryEntry.action == ExtractAction.CASE_FLAG_MISSING
    newest = select(HistoryEntry.assignment_id, func.max(HistoryEntry.at)).where(mine, learned)
    return {
        assignment_id: today_of(at)
        for assignment_id, at in session.execute(newest.group_by(HistoryEntry.assignment_id))
    }
