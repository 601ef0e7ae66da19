"""How many assignments a person's own listing may hold, which decides how a search goes through them."""

from enum import Enum, auto

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
