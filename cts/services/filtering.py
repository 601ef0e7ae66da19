"""Filters as conditions on assignments."""

from datetime import date

from sqlalchemy import ColumnElement

from cts.domain.filters import ANY_STATUS, NON_CLOSED, Attention, Filters
from cts.domain.vocabulary import CLOSED_STATUSES, Status
from cts.services.attention import ATTENTION
from db.models import Assignment

OPEN = sorted(set(Status) - CLOSED_STATUSES)


def _status_conditions(status: str) -> list[ColumnElement[bool]]:
    if status == NON_CLOSED:
        return [Assignment.status.in_(OPEN)]  # by an index; "not closed" would read every row
    return [] if status == ANY_STATUS else [Assignment.status == status]


def filter_conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """What the filters ask on `today`, a day of the office. They narrow what a person may see (listings.scope_of), never widen it."""
    found = _status_conditions(filters.status)
    columns = {
        Assignment.lead_agency: filters.lead,
        Assignment.office_code: filters.office_code,
        Assignment.agency_id: filters.agency,
        Assignment.advocate_id: filters.advocate,
    }
    found += [column == value for column, value in columns.items() if value]
    if filters.attention:
        found.append(ATTENTION[Attention(filters.attention)].condition(today))
    return found
