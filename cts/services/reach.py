"""How many assignments a person's own listing may hold, which decides how a search goes through them."""

from collections.abc import Sequence
from enum import Enum, auto

from sqlalchemy import ColumnElement, and_, case

from cts.domain.vocabulary import CASE_WORKER_ROLES, Role
from cts.services.actor import Actor


class Reach(Enum):
    """Those of one person, those of an office or agency, or everybody's."""

    FEW = auto()
    SOME = auto()
    ALL = auto()


def reach_of(actor: Actor) -> Reach:
    """How many assignments this person's own listing may hold."""
    if actor.role in CASE_WORKER_ROLES or actor.role is Role.ADVOCATE:
        return Reach.FEW
    return Reach.ALL if actor.role is Role.ADMINISTRATION else Reach.SOME


def only_tested(conditions: Sequence[ColumnElement[bool]], reach: Reach) -> tuple[ColumnElement[bool], ...]:
    """What else is asked of those whom a search looks up by name or number: tested on each, and no way to begin from.

    Else a database without statistics goes through a whole office for one number. A person's own few are the better beginning.
    """
    return tuple(conditions) if reach is Reach.FEW else (case((and_(*conditions), 1), else_=0) == 1,)
