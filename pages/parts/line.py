"""Words, links, buttons and choices in a row: what stands above and below a list. One part of the page, drawn by pages/assets/line.js."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pages.parts.component import Heard, component

_draw = component("cts_line", "line.js")

Shape = Literal["row", "lines", "head", "document", "banner", "alert"]


class Line:
    """Collects what stands in the row and draws it; `key` tells several on one page apart. An empty one is not drawn.

    What is pressed, chosen or turned to is called before the next run, with a value that is one of those offered.
    """

    def __init__(self, key: str, shape: Shape = "row") -> None:
        self._key = key
        self._shape = shape
        self._items: list[dict[str, Any]] = []
        self._heard: dict[str, Heard] = {}

    def title(self, text: str) -> None:
        """A heading of the page."""
        self._items.append({"kind": "title", "text": text})

    def words(self, text: str, *, quiet: bool = False) -> None:
        """Some words, which stand as they are."""
        self._items.append({"kind": "words", "text": text, "quiet": quiet})

    def badge(self, text: str, colour: str) -> None:
        """A status in its colour."""
        self._items.append({"kind": "badge", "text": text, "colour": colour})

    def link(self, text: str, href: str) -> None:
        """A way to another page of CTS."""
        self._items.append({"kind": "link", "text": text, "href": href})

    def button(self, label: str, pressed: Callable[[], None]) -> None:
        """A button."""
        self._hears("button", lambda _: pressed(), label=label)

    def chip(self, text: str, label: str, pressed: Callable[[], None]) -> None:
        """Words in a frame, with the button that takes them away."""
        self._hears("chip", lambda _: pressed(), text=text, label=label)

    def switch(self, label: str, on: bool, turned: Callable[[bool], None]) -> None:
        """Something that is on or off."""
        self._hears("switch", lambda value: turned(value is True), label=label, on=on)

    def choice(self, label: str, options: Mapping[str, str], chosen: str, choose: Callable[[str], None]) -> None:
        """One of a few. `options` are what is told, and the words for it; `label` says to a screen reader what is chosen."""

        def heard(value: Any) -> None:
            if isinstance(value, str) and value in options:
                choose(value)

        self._hears("choice", heard, label=label, options=list(options.items()), chosen=chosen)

    def pages(self, page: int, pages: int, turn_to: Callable[[int], None]) -> None:
        """The pages of a list, counted from 1; nothing where there is one."""

        def heard(value: Any) -> None:
            if value in range(1, pages + 1):
                turn_to(int(value))

        if pages > 1:
            self._hears("pages", heard, page=page, pages=pages)

    def draw(self) -> None:
        """Draw what was collected."""
        if self._items:
            _draw(key=self._key, data={"shape": self._shape, "items": self._items}, **self._heard)

    def _hears(self, kind: str, heard: Heard, **item: Any) -> None:
        name = str(len(self._items))
        self._items.append({"kind": kind, "name": name, **item})
        self._heard[name] = heard


def show_pages(key: str, page: int, pages: int, turn_to: Callable[[int], None]) -> None:
    """The pages of a list alone; nothing where there is one."""
    line = Line(key)
    line.pages(page, pages, turn_to)
    line.draw()
