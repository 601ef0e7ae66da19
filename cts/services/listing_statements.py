"""The statements of one listing. Putting one together costs many times what running it costs: each is made when first asked for, and kept.

Of whoever asks they hold the places of the ids only (made_once.py), filled when they are run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, case, exists, func, select

from cts.domain.filters import ANY_STATUS, Attention, Filters
from cts.services.attention import OF_FEW
from cts.services.filtering import statuses_of
from cts.services.listing_columns import SortBy
from cts.services.listing_order import (
    in_its_order,
    keys_of_order,
    merged_by_status,
    parts_of_order,
    sorted_as_a_whole,
)
from cts.services.looked_up import asks
from db.models import Assignment, Youth

COUNTED: BindParameter[int] = bindparam("counted", type_=Integer)
AT_MOST: BindParameter[int] = bindparam("at_most", type_=Integer)
BEYOND: BindParameter[int] = bindparam("beyond", type_=Integer)
"""Places of these statements: rows that are counted, rows that are wanted, and rows that come before them."""


def among(statement: Select[*tuple[Any, ...]], wanted: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Of the assignments that meet these conditions.

    Every one has a youth. Where nothing is asked of the youth there is no join: both databases would leave it out, but SQLite would still read
    each row for the number of the youth, of which an index has all that is asked.
    """
    found = statement.select_from(Assignment)
    if asks(wanted, Youth):
        found = found.outerjoin(Youth, Youth.id == Assignment.youth_id)
    return found.where(*wanted)


def counted_rows(wanted: Sequence[ColumnElement[bool]], upto: int | BindParameter[int] = COUNTED) -> Select[tuple[int]]:
    """The assignments that are counted, as far as they are."""
    return among(select(Assignment.id), wanted).limit(upto)


@dataclass(frozen=True, eq=False)
class Statements:
    """Of a list: the conditions that put rows on it, and what puts them in order.

    `of_everybody`: nothing but the filters say who is on it, as on CSEC Administration's. `agency_id`: the one agency that stands on it, if
    it is one.
    """

    wanted: tuple[ColumnElement[bool], ...]
    filters: Filters
    today: date
    sort_by: SortBy
    descending: bool
    of_everybody: bool
    agency_id: int | None

    @property
    def merges(self) -> bool:
        """Whether a long list is put together of its statuses."""
        narrowed = self.filters.status != ANY_STATUS or self.filters.attention != ""
        return self.of_everybody and narrowed and self.sort_by is SortBy.NUMBER and not self._of_few

    @property
    def merged(self) -> Select[int]:
        """The ids of a part of such a list; see merged_by_status for its places."""
        return merged_by_status(self.filters, self.descending, self.today)

    @property
    def counted_apart(self) -> bool:
        """Whether an index alone tells how long it is. What costs more to find out of a row than to sort it is found out once."""
        return self.of_everybody and self.filters.attention != Attention.SERVICE_OVER

    @property
    def _of_few(self) -> bool:
        """Whether an index holds the rows of this list only."""
        return self.filters.attention in OF_FEW

    @property
    def by_number_of_few(self) -> bool:
        """Whether a long list is read by number out of such an index."""
        return self._of_few and self.of_everybody and self.sort_by is SortBy.NUMBER

    @cached_property
    def few(self) -> Select[int]:
        """The ids of a part of such a list."""
        number = Assignment.number.desc() if self.descending else Assignment.number.asc()
        return select(Assignment.id).where(*self.wanted).order_by(number).limit(AT_MOST).offset(BEYOND)

    @cached_property
    def total(self) -> Select[int]:
        """How long it is; COUNTED for whatever is longer.

        Of all that are open in a state it is found out in half the time whether one stands beyond those that are counted.
        """
        if self.filters.attention:
            return select(func.count()).select_from(counted_rows(self.wanted).subquery())
        rows = among(select(Assignment.id), self.wanted)
        longer = exists(rows.limit(1).offset(COUNTED - 1))
        counted = select(func.count()).select_from(rows.subquery()).scalar_subquery()
        return select(case((longer, COUNTED), else_=counted))

    @cached_property
    def page_with_total(self) -> Select[int, int]:
        """The ids of a part of it, with how long it is, of rows that are gone through once."""
        keys = keys_of_order(self.sort_by, self.descending)
        named = [key.label(f"k{n}") for n, (key, _) in enumerate(keys)]
        rows = among(select(Assignment.id, *named), self.wanted).limit(COUNTED).subquery()
        ways = [rows.c[f"k{n}"].desc() if down else rows.c[f"k{n}"].asc() for n, (_, down) in enumerate(keys)]
        return select(rows.c.id, func.count().over()).order_by(*ways).limit(AT_MOST).offset(BEYOND)

    @cached_property
    def short(self) -> Select[int]:
        """The ids of a part of a list that was counted to its end: all of it is sorted."""
        ids = among(select(Assignment.id), self.wanted)
        return ids.order_by(*sorted_as_a_whole(self.sort_by, self.descending)).limit(AT_MOST).offset(BEYOND)

    @cached_property
    def long(self) -> tuple[tuple[Select[int], Select[int]], ...]:
        """The ids of a longer one, read in order, part by part; with each, what tells how many of BEYOND are in it."""
        by, parts = self.sort_by, []
        for part, columns in parts_of_order(by, self.descending, statuses_of(self.filters.status), self.agency_id):
            rows = among(select(Assignment.id), (part, in_its_order(by, self.wanted)))
            passed_over = select(func.count()).select_from(rows.limit(BEYOND).subquery())
            parts.append((rows.order_by(*columns).limit(AT_MOST).offset(BEYOND), passed_over))
        return tuple(parts)
