"""The statements of one listing. Putting one together costs many times what running it costs: each is made when first asked for, and kept.

Of whoever asks they hold the places of the ids only (made_once.py), filled when they are run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    exists,
    func,
    select,
    union_all,
)

from cts.domain.filters import Attention, Filters
from cts.domain.vocabulary import Status
from cts.services.attention import OF_FEW, OF_SERVICES_THAT_END
from cts.services.filtering import OPEN, statuses_of
from cts.services.listing_columns import SortBy
from cts.services.listing_order import (
    columns_of_order,
    in_its_order,
    keys_of_order,
    parts_of_order,
    sorted_as_a_whole,
)
from cts.services.looked_up import as_number, as_word, asks
from db.models import Assignment, Youth

SORTED_AT_MOST = 500
"""Longer lists are not sorted where their first rows are known to be found soon."""
BEYOND: BindParameter[int] = bindparam("beyond", type_=Integer)
"""The place of these statements for how many rows come before those that are wanted."""


@dataclass(frozen=True)
class Part:
    """How much of a list is asked: so many rows that are counted, so many that are wanted, from its beginning or beyond others.

    All this is said in the statement itself: of a limit given apart PostgreSQL makes a plan at every call.
    """

    counted: int
    at_most: int
    first: bool

    def of(self, rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """The wanted ones of these rows."""
        part = rows.limit(as_number(self.at_most))
        return part if self.first else part.offset(BEYOND)


def among(statement: Select[*tuple[Any, ...]], wanted: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Of the assignments that meet these conditions.

    Every one has a youth. Where nothing is asked of the youth there is no join: both databases would leave it out, but SQLite would still read
    each row for the number of the youth, of which an index has all that is asked.
    """
    found = statement.select_from(Assignment)
    if asks(wanted, Youth):
        found = found.outerjoin(Youth, Youth.id == Assignment.youth_id)
    return found.where(*wanted)


def counted_rows(wanted: Sequence[ColumnElement[bool]], upto: int) -> Select[tuple[int]]:
    """A row for each assignment that is counted, as far as they are. It holds a number, since SQLite would read the id of each."""
    return among(select(as_number(1).label("one")), wanted).limit(as_number(upto))


@dataclass(frozen=True, eq=False)
class Statements:
    """Of a list: the conditions that put rows on it, and what puts them in order.

    `besides` tells the same without the status, which a long list only asks for. `of_everybody`: nothing but the filters say who is on
    it, as on CSEC Administration's. `agency_id`: the one agency that stands on it, if it is one.
    """

    wanted: tuple[ColumnElement[bool], ...]
    besides: Callable[[], tuple[ColumnElement[bool], ...]]
    filters: Filters
    sort_by: SortBy
    descending: bool
    of_everybody: bool
    agency_id: int | None
    part: Part

    @property
    def counted_apart(self) -> bool:
        """Whether an index alone tells how long it is. What costs more to find out of a row than to sort it is found out once."""
        return self.of_everybody and self.filters.attention != Attention.SERVICE_OVER

    @property
    def never_sorted(self) -> bool:
        """Whether it is read in its order however short it is: all that are open are on it, or all there are."""
        whole = self.of_everybody and not self._narrowed and len(self._statuses) > 1
        return whole and self.sort_by is not SortBy.STATUS

    def found_early(self, total: int) -> bool:
        """Whether its first rows stand early among all that are in service: services that will end began long ago, with lower numbers.

        So from some hundreds on it is quicker to read on until a page is full than to sort all of them.
        """
        of_ends = self.filters.attention in OF_SERVICES_THAT_END and self.filters == Filters(
            attention=self.filters.attention
        )
        by_number = self.of_everybody and self.sort_by is SortBy.NUMBER and not self.descending
        return of_ends and by_number and total > SORTED_AT_MOST

    @property
    def _narrowed(self) -> bool:
        return self.filters != Filters(status=self.filters.status)

    @property
    def _statuses(self) -> list[str]:
        """Those that may stand on it: what asks for attention is open, or in service."""
        asked = statuses_of(self.filters.status)
        if not self.filters.attention:
            return asked
        return [s for s in asked if s == Status.APPROVED or (self._of_few and s in OPEN)]

    @property
    def _of_few(self) -> bool:
        """Whether an index holds the rows of this list only."""
        return self.filters.attention in OF_FEW

    @property
    def by_number_of_few(self) -> bool:
        """Whether it is read by number out of such an index."""
        return self._of_few and self.of_everybody and self.sort_by is SortBy.NUMBER

    @cached_property
    def few(self) -> Select[int]:
        """The ids of a part of such a list."""
        number = Assignment.number.desc() if self.descending else Assignment.number.asc()
        return self.part.of(select(Assignment.id).where(*self.wanted).order_by(number))

    @cached_property
    def total(self) -> Select[int]:
        """How long it is; as many as are counted for whatever is longer.

        Of all that are open in a state, and of missed contacts, it is found out in half the time whether one stands beyond those
        that are counted.
        """
        if self.filters.attention and self.filters.attention != Attention.CONTACT_MISSED:
            return select(func.count()).select_from(counted_rows(self.wanted, self.part.counted).subquery())
        rows = among(select(Assignment.id), self.wanted)
        longer = exists(rows.limit(as_number(1)).offset(as_number(self.part.counted - 1)))
        counted = select(func.count()).select_from(rows.subquery()).scalar_subquery()
        return select(case((longer, as_number(self.part.counted)), else_=counted))

    @cached_property
    def page_with_total(self) -> Select[int, int]:
        """The ids of a part of it, with how long it is, of rows that are gone through once."""
        keys = keys_of_order(self.sort_by, self.descending)
        named = [key.label(f"k{n}") for n, (key, _) in enumerate(keys)]
        rows = among(select(Assignment.id, *named), self.wanted).limit(as_number(self.part.counted)).cte("counted")
        total = select(func.count()).select_from(rows).scalar_subquery()
        return self.part.of(select(rows.c.id, total.label("total")).order_by(*_ways(rows, keys)))

    @cached_property
    def short(self) -> Select[int]:
        """The ids of a part of a list that was counted to its end: all of it is sorted."""
        ids = among(select(Assignment.id), self.wanted)
        return self.part.of(ids.order_by(*sorted_as_a_whole(self.sort_by, self.descending)))

    @cached_property
    def long(self) -> tuple[tuple[Select[int], Select[int]], ...]:
        """The ids of a longer one, read in order, part by part; with each, what tells how many of BEYOND are in it."""
        by, statuses = self.sort_by, self._statuses
        if by is SortBy.NUMBER and self.of_everybody and len(statuses) == 1:
            parts = [[Assignment.status == as_word(Status(statuses[0]))]]
        else:
            parts = parts_of_order(by, self.descending, statuses, self.agency_id)
        asked = self.wanted if by is SortBy.STATUS else () if self.never_sorted else self.besides()
        tested = in_its_order(by, asked, self.of_everybody)
        return tuple(self._along([(part, *tested) for part in streams]) for streams in parts)

    def _along(self, streams: Sequence[Sequence[ColumnElement[bool]]]) -> tuple[Select[int], Select[int]]:
        """The first of these rows in order: of each stream the first, put together."""
        keys = columns_of_order(self.sort_by, self.descending)
        if len(streams) == 1:
            rows = among(select(Assignment.id), streams[0])
            ordered = rows.order_by(*(key.desc() if down else key.asc() for key, down in keys))
            return self.part.of(ordered), _how_many(rows.limit(BEYOND))
        named = [key.label(f"k{n}") for n, (key, _) in enumerate(keys)]
        found = [among(select(Assignment.id, *named), stream) for stream in streams]
        ways = [key.desc() if down else key.asc() for key, down in keys]
        upto = as_number(self.part.at_most) if self.part.first else BEYOND + as_number(self.part.at_most)
        merged = union_all(*(select(rows.order_by(*ways).limit(upto).subquery()) for rows in found)).subquery()
        passed = union_all(*(select(rows.limit(BEYOND).subquery()) for rows in found)).limit(BEYOND)
        return self.part.of(select(merged.c.id).order_by(*_ways(merged, keys))), _how_many(passed)


def _ways(rows: CTE | Subquery, keys: Sequence[tuple[ColumnElement[Any], bool]]) -> list[ColumnElement[Any]]:
    """How to order rows that name their keys k0, k1."""
    return [rows.c[f"k{n}"].desc() if down else rows.c[f"k{n}"].asc() for n, (_, down) in enumerate(keys)]


def _how_many(rows: Any) -> Select[int]:
    return select(func.count()).select_from(rows.subquery())
