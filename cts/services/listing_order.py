"""The order of an Assignment Listing: blank cells last in both directions, equals by number; the same on every database.

A list that can be counted is sorted as a whole, whatever index finds its rows. A longer one is read along the index of its order
(db/listing_keys.py), row by row, until the page is full.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, false, select, true

from cts.domain.vocabulary import CLOSED_STATUSES, Status
from cts.services.filtering import OPEN
from cts.services.listing_columns import SortBy
from cts.services.looked_up import as_word, met_by_many, row_by_row, unindexed
from cts.services.sorting import as_looked_up
from db.listing_keys import BETWEEN, LAST
from db.models import Agency, Assignment

_KEYS = Assignment.__table__.c
CLOSED = sorted(CLOSED_STATUSES)
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


def parts_of_order(
    sort_by: SortBy, descending: bool, statuses: Sequence[str], agency_id: int | None
) -> list[list[ColumnElement[bool]]]:
    """The parts of a long list one after the other, each of one or two kinds of rows: those that are open, those that are closed.

    `statuses` are those that may stand on the list, `agency_id` the agency when it holds one only: the others are passed over.
    """
    if sort_by is SortBy.STATUS:
        return [[_KEYS.status == as_word(Status(s))] for s in sorted(statuses, reverse=descending)]
    if sort_by in _ONE_KEY:
        key = _ONE_KEY[sort_by]
        filled = key > "" if not isinstance(key.type, Date) else key.is_not(None)
        return [[and_(half, part) for half in halves_of(statuses)] for part in (filled, _is_blank(key))]
    key = _KEY_EACH_WAY[sort_by][descending]
    part = key > (0 if sort_by is SortBy.NUMBER else "")
    if sort_by is SortBy.AGENCY and agency_id is not None:
        part = _of_agency(key, agency_id)
    return [[and_(half, part) for half in halves_of(statuses)]]


def columns_of_order(sort_by: SortBy, descending: bool) -> list[tuple[ColumnElement[Any], bool]]:
    """The columns of the index that such a part is read along, and whether from the last one on."""
    if sort_by in {SortBy.NUMBER, SortBy.STATUS}:
        return [(_KEYS.number, descending)]
    key = _ONE_KEY[sort_by] if sort_by in _ONE_KEY else _KEY_EACH_WAY[sort_by][descending]
    return [(key, descending), (_KEYS.number, descending)]


def halves_of(statuses: Sequence[str]) -> list[ColumnElement[bool]]:
    """The rows of these statuses, open ones and closed ones apart, as the indexes of all orders hold them."""
    found = []
    for closed, half in ((false(), OPEN), (true(), CLOSED)):
        if asked := [s for s in half if s in statuses]:
            # Else this half holds many of them.
            narrower = [] if asked == half else [met_by_many([_KEYS.status.in_([as_word(Status(s)) for s in asked])])]
            found.append(and_(_KEYS.closed == closed, *narrower))
    return found


def _of_agency(key: ColumnElement[Any], agency_id: int) -> ColumnElement[bool]:
    """The keys that begin with the name of this agency."""
    begins = select(as_looked_up(Agency.name) + BETWEEN).where(Agency.id == agency_id).scalar_subquery()
    return and_(key >= begins, key < begins + LAST * 2)


def in_its_order(
    sort_by: SortBy, wanted: Sequence[ColumnElement[bool]], of_everybody: bool
) -> list[ColumnElement[bool]]:
    """What else is asked of a list that is read along its order; last the scope, which may have to look at the youth.

    By status every list has an index of its own, that of its scope. Of everybody's more rows than are counted are known to meet all of it.
    """
    if not wanted:
        return []
    if sort_by is SortBy.STATUS:
        return [and_(*wanted)]
    return [met_by_many(wanted) if of_everybody else row_by_row(and_(*reversed(wanted)))]


def _is_blank(key: ColumnElement[Any]) -> ColumnElement[bool]:
    return key.is_(None) if isinstance(key.type, Date) else key == ""


def _way(key: ColumnElement[Any], descending: bool) -> ColumnElement[Any]:
    return key.desc() if descending else key.asc()
