"""Dashboards: offices, agencies and Advocates side by side, so many at once in the order of their names, with a choice of the others.

A state has a thousand offices. Of those that are shown the counts are read, of the others only the names; a county with fewer than
AT_ONCE sees no choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cts.services.board_shapes import Choice

AT_ONCE = 50
"""So many stand side by side."""
SHOWN = {"office": ("offices", "Offices shown"), "agency": ("agencies", "Agencies shown")}
"""What a choice is called in the address, and what people read, by the level of the counts."""
ADVOCATES = ("advocates", "Advocates shown")


@dataclass(frozen=True)
class Beside:
    """Names by key, in order, of what is shown; `choice` holds what the others are reached by, or nothing where these are all."""

    names: Mapping[Any, str]
    choice: tuple[Choice, ...] = ()


def beside(names: Mapping[Any, str], called: tuple[str, str], query: Mapping[str, str]) -> Beside:
    """The part of these names that an address asks for; the first, where it asks for none that there is."""
    keys = list(names)
    if len(keys) <= AT_ONCE:
        return Beside(names)
    parts = [keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE)]
    options = {str(n): f"{names[part[0]]} to {names[part[-1]]}" for n, part in enumerate(parts, 1)}
    name, label = called
    chosen = query.get(name, "")
    chosen = chosen if chosen in options else "1"
    shown = parts[int(chosen) - 1]
    return Beside({key: names[key] for key in shown}, (Choice(name, label, options, chosen),))
