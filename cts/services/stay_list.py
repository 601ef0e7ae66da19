"""The list behind a number of the dashboards: stays of documents, of the assignments on this person's listing and no others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from cts.domain.addresses import document_address
from cts.domain.boards import (
    AGE_OF,
    NO_REASON,
    State,
    StayFilter,
    document_of_slug,
    ended_words,
    month_words,
    read_stay_filter,
    stage_of_key,
)
from cts.domain.calendar import add_months
from cts.domain.fields import us_date
from cts.domain.money import money_words
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import AGENCY_ROLES, RECORD_STATUSES, REFERRAL_REJECTIONS, Document, Party, Status
from cts.forms.termination_report import TERMINATION_REASONS
from cts.services.actor import Actor
from cts.services.board_counts import age_condition, stage_condition, waits_for_nobody
from cts.services.board_scope import refuse_others
from cts.services.fetching import refusals_logged, today_of
from cts.services.history import document_words
from cts.services.listings import scope_of
from db.models import Agency, Assignment, Office, Person, ReviewedDocument, Stay, Youth
from db.session import reading

PAGE_SIZE = 25
SORT = "sort"
_REASONS: dict[Document, dict[str, str]] = {
    Document.REFERRAL: REFERRAL_REJECTIONS,
    Document.TERMINATION: TERMINATION_REASONS,
}


class StayOrder(StrEnum):
    """The columns a list of stays can be sorted by."""

    NUMBER = "number"
    ENTERED = "entered"
    LEFT = "left"
    DAYS = "days"


@dataclass(frozen=True)
class StaySorting:
    """By which column, and in which direction."""

    by: StayOrder = StayOrder.DAYS
    descending: bool = True

    @property
    def said(self) -> str:
        """As an address says it, under SORT."""
        return f"{'-' if self.descending else ''}{self.by}"


def order_asked(query: Mapping[str, str]) -> StaySorting:
    """The order an address asks for; the longest first, unasked."""
    sort = query.get(SORT, "")
    known = sort.lstrip("-") in set(StayOrder)
    return StaySorting(StayOrder(sort.lstrip("-")), sort.startswith("-")) if known else StaySorting()


@dataclass(frozen=True)
class StayRow:
    """One stay. Days are those counted; `absent`: the youth is absent now, and they are not counted on."""

    number: int
    href: str
    youth_name: str
    document: str
    status: Status
    party: str
    person: str
    office: str
    agency: str
    entered_on: date
    left_on: date | None
    days: int
    absent: bool
    amount: Decimal | None

    @property
    def entered(self) -> str:
        """Since when, as people read it."""
        return us_date(self.entered_on)

    @property
    def left(self) -> str:
        """When it left, as people read it; '' while it lasts."""
        return us_date(self.left_on)

    @property
    def money(self) -> str:
        """The sum, as people read it; '' for none."""
        return money_words(self.amount) if self.amount is not None else ""


@dataclass(frozen=True)
class StayPage:
    """One page of a list of stays; `page` counts from 1. `of` is the office or agency that was asked for, where it has any."""

    rows: tuple[StayRow, ...]
    total: int
    page: int
    pages: int
    of: str = ""


def stays_asked(query: Mapping[str, str]) -> StayFilter:
    """What an address asks for; what cannot be counts as not said, as does a reason that documents of that kind do not have."""
    asked = read_stay_filter(query)
    return asked if reason_words(asked) else replace(asked, reason="")


def reason_words(asked: StayFilter) -> str:
    """The reason a filter asks for, in words; '' for none."""
    labels = _REASONS.get(document_of_slug(asked.document), {}) if asked.document else {}
    return "not kept" if labels and asked.reason == NO_REASON else labels.get(asked.reason, "")


def list_stays(
    actor: Actor,
    asked: StayFilter,
    now: datetime,
    *,
    sort_by: StayOrder = StayOrder.DAYS,
    descending: bool = True,
    page: int = 1,
) -> StayPage:
    """The stays a filter asks for. Raises NotPermitted for whoever has no dashboards."""
    today = today_of(now)
    wanted = _wanted(actor, asked, now)
    with reading() as session:
        total = session.scalar(_joined(select(func.count(Stay.id))).where(*wanted)) or 0
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), pages)
        order = _order(sort_by, asked.state, descending)
        listed = _shown().where(*wanted).order_by(*order).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
        rows = session.execute(listed).all()
    shown = tuple(_row(row, today) for row in rows)
    return StayPage(shown, total, page, pages, whose(shown, asked))


def whole_stays(
    actor: Actor, asked: StayFilter, now: datetime, order: StaySorting, *, at_most: int
) -> tuple[StayRow, ...]:
    """The rows of all pages of `list_stays`, in order; not more than `at_most` and one, which says that there are more. Raises as it does."""
    today, wanted = today_of(now), _wanted(actor, asked, now)
    listed = _shown().where(*wanted).order_by(*_order(order.by, asked.state, order.descending)).limit(at_most + 1)
    with reading() as session:
        return tuple(_row(row, today) for row in session.execute(listed).all())


def whose(rows: Sequence[StayRow], asked: StayFilter) -> str:
    """The office or agency that was asked for, by its name, where it has any of these rows."""
    named = {"office": asked.office_code, "agency": asked.agency}
    return ", ".join(getattr(rows[0], place) for place, wanted in named.items() if wanted and rows)


def sentence_of(filters: StayFilter, of: str = "") -> str:
    """What the list holds, in words; `of`: youth of which office or agency."""
    stage = stage_of_key(filters.stage)
    what = stage.words if stage else f"{document_of_slug(filters.document)}s" if filters.document else "Documents"
    status = f" in {Status[filters.status.upper()]}" if filters.status and not filters.by else ""
    whose = f" Youth of {of}." if of else ""
    if filters.state == State.WAITING:
        age = f" for {AGE_OF[filters.age].words}" if filters.age else ""
        return f"{what}{status}, waiting now{age}.{whose}"
    how = f", {ended_words(filters)}" if filters.by else ": left this stage" if stage else ": left a stage"
    when = f", {month_words(filters.first)}" if filters.first else ""
    until = (
        f"{' to' if when else ', until'} {month_words(filters.last)}"
        if filters.last and filters.last != filters.first
        else ""
    )
    reason = f" Reason: {reason_words(filters)}." if filters.reason else ""
    return f"{what}{status}{how}{when}{until}.{reason}{whose}"


def _wanted(actor: Actor, asked: StayFilter, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Those of the actor's listing that the filter leaves. Raises NotPermitted, and logs it."""
    with refusals_logged(actor, "list stays", 0, now):
        refuse_others(actor)
    given = [since_given()] if actor.role in AGENCY_ROLES or asked.agency else []
    return (scope_of(actor, whole_office=True), *_conditions(asked, today_of(now)), *given)


def since_given() -> ColumnElement[bool]:
    """What lasted since an agency was given the youth, as its history does: what was decided before is not its to know. Counted so too."""
    return or_(Stay.left_at.is_(None), Stay.left_at > Assignment.agency_assigned_at)


def _shown() -> Any:
    holder = aliased(Person)
    columns = (holder.name.label("person"), Office.name.label("office"), Agency.name.label("agency"))
    of_document = (ReviewedDocument.kind, ReviewedDocument.sequence)
    return (
        _joined(select(Stay, *of_document, Assignment, Youth, *columns))
        .outerjoin(holder, holder.id == Stay.person_id)
        .outerjoin(Office, Office.code == Assignment.office_code)
        .outerjoin(Agency, Agency.id == Assignment.agency_id)
    )


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Stay)
        .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
        .join(Assignment, Assignment.id == Stay.assignment_id)
        .join(Youth, Youth.id == Assignment.youth_id)
    )


def _conditions(asked: StayFilter, today: date) -> list[ColumnElement[bool]]:
    """What a filter asks on a day of the office."""
    ended = asked.state == State.ENDED
    found: list[ColumnElement[bool]] = [~waits_for_nobody(ReviewedDocument.kind, Stay.party)]
    found.append(Stay.left_on.is_not(None) if ended else Stay.left_on.is_(None))
    stage = stage_of_key(asked.stage)
    if stage is not None:
        found += stage_condition(stage)
    if asked.document:
        found.append(ReviewedDocument.kind == document_of_slug(asked.document))
    if asked.status:
        found.append(Stay.status == Status[asked.status.upper()])
    if asked.age and not ended:
        found.append(age_condition(AGE_OF[asked.age], today))
    if asked.office_code:
        found.append(Assignment.office_code == asked.office_code)
    if asked.agency:
        found.append(Assignment.agency_id == int(asked.agency))
    return found + (_ended(asked) if ended else [])


def _ended(asked: StayFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.by:
        found.append(Stay.ended_by == asked.by)
    if asked.reason:
        found.append(Stay.end_reason == ("" if asked.reason == NO_REASON else asked.reason))
    if asked.first:
        found.append(Stay.left_on >= date.fromisoformat(f"{asked.first}-01"))
    if asked.last:
        found.append(Stay.left_on < add_months(date.fromisoformat(f"{asked.last}-01"), 1))
    return found


def _order(by: StayOrder, state: str, descending: bool) -> list[ColumnElement[Any]]:
    """Of what waits, the longest are those counted from the earliest day."""
    columns: dict[StayOrder, Any] = {
        StayOrder.NUMBER: Assignment.number,
        StayOrder.ENTERED: Stay.entered_at,
        StayOrder.LEFT: Stay.left_at,
        StayOrder.DAYS: Stay.days,
    }
    if by is StayOrder.DAYS and state == State.WAITING:
        return [Stay.counted_from.asc() if descending else Stay.counted_from.desc(), Stay.id.asc()]
    column = columns[by]
    return [column.desc() if descending else column.asc(), Stay.id.asc()]


def _row(row: Any, today: date) -> StayRow:
    stay, assignment, youth = row.Stay, row.Assignment, row.Youth
    kind = Document(row.kind)
    days = stay.days if stay.days is not None else max(0, (today - stay.counted_from).days)
    on_its_way = kind is Document.REFERRAL and assignment.status not in RECORD_STATUSES
    address = document_address(assignment.number, kind, row.sequence)
    return StayRow(
        number=assignment.number,
        href=f"/assignment?number={assignment.number}" if on_its_way else address,
        youth_name=listed_name(youth.last_name, youth.first_name, youth.middle_name, youth.suffix),
        document=document_words(kind, row.sequence),
        status=Status(stay.status),
        party=str(Party(stay.party)),
        person=spoken_name(row.person) if row.person else "",
        office=row.office or "",
        agency=row.agency or "",
        entered_on=today_of(stay.entered_at),
        left_on=stay.left_on,
        days=days,
        absent=stay.left_at is None and stay.halted_on is not None,
        amount=(Decimal(stay.cents) / 100).quantize(Decimal("0.01")) if stay.cents else None,
    )
