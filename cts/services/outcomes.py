"""What became of an entry of the access log: done, waiting, refused, or not done for a slip of the form, which is no refusal of a right."""

from sqlalchemy import ColumnElement, String, and_, not_
from sqlalchemy import func as sql

from cts.services.refusals import Incomplete, OutOfDate
from db.models import AccessEntry

REFUSED, NOT_DONE = "refused", "not done"
OUTCOMES = ("done", "waiting", REFUSED, NOT_DONE)
SLIPS = (Incomplete.__name__, OutOfDate.__name__)
"""Kinds of refusals (cts/services/refusals.py) that are kept with an entry and say that something was missing, or that somebody was faster."""

_slipped = sql.coalesce(AccessEntry.details["kind"].as_string(), "", type_=String).in_(SLIPS)


def outcome_of(entry: AccessEntry) -> str:
    """One of OUTCOMES."""
    slipped = entry.outcome == REFUSED and entry.details.get("kind") in SLIPS
    return NOT_DONE if slipped else entry.outcome


def has_outcome(outcome: str) -> ColumnElement[bool]:
    """The same as a condition on AccessEntry."""
    if outcome not in {REFUSED, NOT_DONE}:
        return AccessEntry.outcome == outcome
    return and_(AccessEntry.outcome == REFUSED, _slipped if outcome == NOT_DONE else not_(_slipped))
