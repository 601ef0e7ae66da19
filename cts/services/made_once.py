"""Statements that are made once for everybody of a role: putting one together costs many times what running it costs.

In place of a person's own ids such a statement has places; `ids_of` fills them when it is run, from the actor of that very moment. So what
is kept between two calls is the text of a question: no right, no row and nobody's id.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam

from cts.domain.vocabulary import Role
from cts.services.actor import Actor

KEPT_AT_MOST = 256
"""Statements of one kind, where they differ by more than the role: by the filters of a list."""
_COVER = "actor_cover_"


class Kind(NamedTuple):
    """By what the statements of two people differ, besides their ids: the role, and for how many absent colleagues they cover."""

    role: Role
    covers: int


def kind_of(actor: Actor) -> Kind:
    """Which statements are this person's."""
    return Kind(actor.role, len(actor.covers))


@cache
def anybody(kind: Kind) -> Actor:
    """Stands for the actor while a statement is made: wherever a condition looks at an id, it finds the place of it."""
    ids: dict[str, Any] = {
        name: bindparam(f"actor_{name}") for name in ("person_id", "office_code", "unit", "agency_id")
    }
    covers: Any = frozenset(bindparam(f"{_COVER}{n}") for n in range(kind.covers))
    return Actor(name="", role=kind.role, covers=covers, **ids)


def ids_of(actor: Actor) -> dict[str, Any]:
    """What the places of a statement are filled with when it is run for this person."""
    own = {name: getattr(actor, name) for name in ("person_id", "office_code", "unit", "agency_id")}
    return {f"actor_{name}": value for name, value in own.items()} | {
        f"{_COVER}{n}": absent_id for n, absent_id in enumerate(sorted(actor.covers))
    }
