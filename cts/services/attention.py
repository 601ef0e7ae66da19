"""What asks for attention, as conditions on assignments: the marks of a row, the lists of Attention and the tiles that count them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_

from cts.domain.filters import Attention
from cts.domain.vocabulary import CLOSED_STATUSES
from db.models import Assignment


@dataclass(frozen=True)
class AttentionKind:
    """`title` names the list; `condition` says which assignments stand on it on a day of the office."""

    title: str
    condition: Callable[[date], ColumnElement[bool]]


def _open() -> ColumnElement[bool]:
    return Assignment.status.not_in(CLOSED_STATUSES)


ATTENTION: Mapping[Attention, AttentionKind] = {
    Attention.FLAG_MISSING: AttentionKind(
        "CSEC flag not entered on the case", lambda _day: and_(Assignment.case_flag_missing, _open())
    ),
    Attention.FLAG_ENDED: AttentionKind(
        "CSEC flag ended while in service", lambda _day: and_(Assignment.flag_ended_on.is_not(None), _open())
    ),
    Attention.NOT_IN_EXTRACT: AttentionKind(
        "No longer in CWS/CMS", lambda _day: and_(Assignment.missing_since.is_not(None), _open())
    ),
}
"""Every kind has its entry; a test compares."""
