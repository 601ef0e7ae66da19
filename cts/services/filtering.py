"""Filters as conditions on assignments."""

from datetime import date

from sqlalchemy import ColumnElement, and_

from cts.domain.filters import ANY_STATUS, NON_CLOSED, Attention, Filters
from cts.domain.vocabulary import CLOSED_STATUSES, Status
from cts.services.attention import ATTENTION
from cts.services.looked_up import as_word, row_by_row, tested_first
from cts.services.reach import Reach
from db.models import Assignment

OPEN = sorted(set(Status) - CLOSED_STATUSES)


def statuses_of(status: str) -> list[str]:
    """The statuses that a status word, Non-Closed or Any stands for."""
    named = {NON_CLOSED: OPEN, ANY_STATUS: sorted(Status)}
    return [*named.get(status, [status])]


def _status_conditions(status: str) -> list[ColumnElement[bool]]:
    # One by one, by an index; "not closed" would read every row.
    return [] if status == ANY_STATUS else [Assignment.status.in_([as_word(Status(s)) for s in statuses_of(status)])]


def filter_conditions(filters: Filters, today: date, reach: Reach = Reach.SOME) -> list[ColumnElement[bool]]:
    """What the filters ask on `today`, a day of the office. They narrow what a person may see (listings.scope_of), never widen it.

    `reach`: among how many. Of everybody's, what asks for attention is looked up and the rest tested; of a person's or an office's own it
    is the other way round.
    """
    # Whatever asks for attention is not closed: for everybody's, its own index tells so, and no row has to be read for it.
    told = reach is Reach.ALL and filters.attention and filters.status in {NON_CLOSED, ANY_STATUS}
    found = [] if told else _status_conditions(filters.status)
    columns = {
        Assignment.lead_agency: filters.lead,
        Assignment.office_code: filters.office_code,
        Assignment.agency_id: filters.agency,
        Assignment.advocate_id: filters.advocate,
    }
    found += [column == value for column, value in columns.items() if value]
    if not filters.attention:
        return found
    asks = ATTENTION[Attention(filters.attention)].condition(today)
    if reach is not Reach.ALL:
        return [*found, tested_first(asks)]
    return [*([row_by_row(and_(*found))] if found else []), asks]
