"""A row of links: the tabs of a page, the sections of a document. Real links: each can be sent, opened in a new window and gone back to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pages.parts.component import component
from pages.shell.menu import Entry

_draw = component("cts_ways", "ways.js")


@dataclass(frozen=True)
class Way:
    """One link, to a page of CTS or to a place on this one (#…); the one that is `here` leads nowhere."""

    text: str
    href: str
    here: bool = False


def way_to(entry: Entry, text: str, query: Mapping[str, str], *, here: bool) -> Way:
    """The way to a tab of a page, which stands in the address."""
    return Way(text, entry.address(**query), here)


def show_ways(label: str, ways: Sequence[Way], *, key: str, shape: Literal["tabs", "pills", "rail"] = "tabs") -> None:
    """Draw them. `label` says to a screen reader what they are."""
    _draw(key=key, data={"label": label, "shape": shape, "ways": [vars(way) for way in ways]})
