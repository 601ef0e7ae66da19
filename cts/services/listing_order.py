"""The order of an Assignment Listing: blank cells last in both directions, equals by number; the same on every database.

A list that can be counted is sorted as a whole, whatever index finds its rows. A longer one is read along the index of its order
(db/listing_keys.py), row by row, until the page is full.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, case, select, union_all

from cts.domain.filters import ANY_STATUS, Filters
from cts.domain.vocabulary import Status
from cts.services.filtering import filter_conditions, statuses_of
from cts.services.listing_columns import SortBy
from cts.services.looked_up import as_word, met_by_many, row_by_row, unindexed
from cts.services.reach import Reach
from cts.services.sorting import as_looked_up
from db.listing_keys import BETWEEN, LAST
from db.models import Agency, Assignment

_KEYS = Assignment.__table__.c
_ONE_KEY: dict[SortBy, ColumnElement[Any]] = {
    SortBy.STATE_ID: _KEYS.by_state_id,
    SortBy.REFERRAL: _KEYS.by_referral,
    SortBy.CPH_DATE: _KEYS.referral_on,
    SortBy.REFERRAL_NAME: _KEYS.by_referral_name,
    SortBy.CASE: _KEYS.by_case,
    SortBy.PDJ: _KEYS.by_pdj,
    SortBy.CSW: _KEYS.by_csw,
    SortBy.SCSW: _KEYS.by_scsw,
}
"""One cell: blank rows are a part of their own, after all others."""
_KEY_EACH_WAY: dict[SortBy, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    SortBy.NUMBER: (_KEYS.number, _KEYS.number),
    SortBy.STATUS: (_KEYS.status, _KEYS.status),
    SortBy.YOUTH: (_KEYS.by_youth_up, _KEYS.by_youth_down),
    SortBy.AGENCY: (_KEYS.by_agency_up, _KEYS.by_agency_down),
}


def keys_of_order(sort_by: SortBy, descending: bool) -> list[tuple[ColumnElement[Any], bool]]:
    """What to order a list by, and whether from the last one on."""
    order: list[tuple[ColumnElement[Any], bool]] = []
    if sort_by in _ONE_KEY:
        key = _ONE_KEY[sort_by]
        order += [(case((_is_blank(key), 1), else_=0), False), (key, descending)]
    elif sort_by is not SortBy.NUMBER:
        order.append((_KEY_EACH_WAY[sort_by][descending], descending))
    return [*order, (_KEYS.number, descending)]


def sorted_as_a_whole(sort_by: SortBy, descending: bool) -> list[ColumnElement[Any]]:
    """What to order a short list by; no index is read for its order."""
    return [_way(unindexed(key), down) for key, down in keys_of_order(sort_by, descending)]


@lru_cache(maxsize=64)
def merged_by_status(filters: Filters, descending: bool, today: date) -> Select[int]:
    """A part of everybody's long list by number: the first `upto` of each status, put together, and of those `at_most` after `skipped`.

    In years the lowest numbers are nearly all closed: along the numbers alone, the list of those that are not would begin behind all of them.
    Only the words of the statement are kept, which say nothing but the filters; to make a dozen parts takes longer than to ask them.
    """
    besides = filter_conditions(replace(filters, status=ANY_STATUS), today, Reach.ALL)
    tested = [met_by_many(besides)] if besides else []
    streams = []
    for status in _statuses(filters):
        rows = select(_KEYS.id, _KEYS.number).where(_KEYS.status == as_word(Status(status)), *tested)
        one = rows.order_by(_way(_KEYS.number, descending)).limit(bindparam("upto", type_=Integer)).subquery()
        streams.append(select(one.c.id, one.c.number))
    merged = union_all(*streams).subquery()
    part = select(merged.c.id).order_by(_way(merged.c.number, descending))
    return part.limit(bindparam("at_most", type_=Integer)).offset(bindparam("skipped", type_=Integer))


def _statuses(filters: Filters) -> list[str]:
    asked = statuses_of(filters.status)
    return [s for s in asked if not filters.attention or s == Status.APPROVED]


def parts_of_order(
    sort_by: SortBy, descending: bool, statuses: Sequence[str], agency_id: int | None
) -> list[tuple[ColumnElement[bool], list[ColumnElement[Any]]]]:
    """The parts of a long list one after the other: which rows, and the columns of the index they are read along.

    `statuses` are those that may stand on the list, `agency_id` the agency when it holds one only: the others are passed over.
    """
    number = _way(_KEYS.number, descending)
    if sort_by in _ONE_KEY:
        key = _ONE_KEY[sort_by]
        filled = key > "" if not isinstance(key.type, Date) else key.is_not(None)
        return [(filled, [_way(key, descending), number]), (_is_blank(key), [_way(key, descending), number])]
    if sort_by is SortBy.STATUS:
        return [(_KEYS.status == as_word(Status(s)), [number]) for s in sorted(statuses, reverse=descending)]
    key = _KEY_EACH_WAY[sort_by][descending]
    order = [number] if sort_by is SortBy.NUMBER else [_way(key, descending), number]
    if sort_by is SortBy.AGENCY and agency_id is not None:
        return [(_of_agency(key, agency_id), order)]
    return [(key > (0 if sort_by is SortBy.NUMBER else ""), order)]


def _of_agency(key: ColumnElement[Any], agency_id: int) -> ColumnElement[bool]:
    """The keys that begin with the name of this agency."""
    begins = select(as_looked_up(Agency.name) + BETWEEN).where(Agency.id == agency_id).scalar_subquery()
    return and_(key >= begins, key < begins + LAST * 2)


def in_its_order(sort_by: SortBy, wanted: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """The conditions of a list that is read along its order; last the scope, which may have to look at the youth.

    By status every list has an index of its own, that of its scope.
    """
    return and_(*wanted) if sort_by is SortBy.STATUS else row_by_row(and_(*reversed(wanted)))


def _is_blank(key: ColumnElement[Any]) -> ColumnElement[bool]:
    return key.is_(None) if isinstance(key.type, Date) else key == ""


def _way(key: ColumnElement[Any], descending: bool) -> ColumnElement[Any]:
    return key.desc() if descending else key.asc()
