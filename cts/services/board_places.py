"""Dashboards: offices, agencies and Advocates side by side, so many at once in the order of their names, with a choice of the others.

A state has a thousand offices. Of those that are shown the counts are read, of the others only the names; where there are no more than so
many, there is no choice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cts.services.board_shapes import Choice

AT_ONCE = {"offices": 25, "agencies": 25, "advocates": 50}
"""So many stand side by side, by what the choice of the others is called in the address."""
SHOWN = {"office": ("offices", "Offices shown"), "agency": ("agencies", "Agencies shown")}
"""What that choice is called, and what people read, by the level of the counts."""
ADVOCATES = ("advocates", "Advocates shown")


@dataclass(frozen=True)
class Beside:
    """Names by key, in order, of what is shown; `choice` holds what the others are reached by, or nothing where these are all."""

    names: Mapping[Any, str]
    choice: tuple[Choice, ...] = ()


def beside(
    names: Mapping[Any, str], called: tuple[str, str], query: Mapping[str, str], said: Callable[[str], str] = str
) -> Beside:
    """The part of these names that an address asks for; the first, where it asks for none that there is. `said`: as people read a name."""
    (name, label), keys = called, list(names)
    at_once = AT_ONCE[name]
    if len(keys) <= at_once:
        return Beside({key: said(names[key]) for key in keys})
    parts = [keys[first : first + at_once] for first in range(0, len(keys), at_once)]
    ends = [dict.fromkeys((said(names[part[0]]), said(names[part[-1]]))) for part in parts]
    options = {str(n): " to ".join(first_and_last) for n, first_and_last in enumerate(ends, 1)}
    chosen = query.get(name, "")
    chosen = chosen if chosen in options else "1"
    shown = parts[int(chosen) - 1]
    return Beside({key: said(names[key]) for key in shown}, (Choice(name, label, options, chosen),))
