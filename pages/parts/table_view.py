"""A table on the page: one message to the browser whatever its length, a real HTML table for the keyboard and screen readers, cards on a phone.

Streamlit's own tables are drawn on a canvas or read their cells as Markdown, and open links in a new tab. This one is a component of ours:
its script (pages/assets/table.js) sets every text as text, so that what people typed is shown as typed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pages.parts.component import Heard, component

_draw = component("cts_table", "table.js")


@dataclass(frozen=True)
class Column:
    """A heading. `sorts` makes it a button that asks for another order; `wide` keeps long words together, `narrow` holds a number.

    `whole` breaks its lines at blanks only.
    """

    key: str
    label: str
    sorts: bool = False
    wide: bool = False
    narrow: bool = False
    whole: bool = False


class Cell(NamedTuple):
    """One cell. `href` makes it a link into CTS in the same tab (`leaves`: a download), `press` a button, `colour` a badge.

    Below the text stand `notes`, which ask for attention, and `quiet` words. `name` is what a screen reader says for a link or button in
    place of its text. `struck` draws a line through the text; say in words beside it that it counts no more.
    """

    text: str = ""
    href: str = ""
    leaves: bool = False
    press: str = ""
    colour: str = ""
    notes: tuple[str, ...] = ()
    quiet: str = ""
    name: str = ""
    struck: bool = False


_ONLY_TEXT = Cell()[1:]


@dataclass(frozen=True)
class Order:
    """By which column a table is sorted."""

    by: str
    descending: bool = False


def show_table(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    key: str,
    order: Order | None = None,
    on_sort: Callable[[Order], None] | None = None,
    on_press: Callable[[str], None] | None = None,
) -> None:
    """Draw a table. `caption` names it for screen readers; `on_sort` and `on_press` are called before the next run, like any callback."""

    heard: dict[str, Heard] = {}
    if on_sort:

        def sort(asked: Any) -> None:
            if isinstance(asked, Mapping) and asked.get("by") in {c.key for c in columns if c.sorts}:
                on_sort(Order(str(asked["by"]), bool(asked.get("descending"))))

        heard["sort"] = sort
    if on_press:

        def press(pressed: Any) -> None:
            if any(pressed == cell.press for row in rows for cell in row if cell.press):
                on_press(str(pressed))

        heard["press"] = press
    _draw(key=key, data=table_data(caption, columns, rows, order if on_sort else None), **heard)


def table_data(
    caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], order: Order | None = None
) -> dict[str, Any]:
    """A table as its script (pages/assets/table.js) reads it."""
    return {
        "caption": caption,
        "columns": [_heading(column, order) for column in columns],
        "rows": [[_lean(cell) for cell in row] for row in rows],
    }


def _heading(column: Column, order: Order | None) -> dict[str, Any]:
    heading = {name: value for name, value in vars(column).items() if name != "sorts"}
    if order and column.sorts:
        descending = "descending" if order.descending else "ascending"
        heading["sort"] = descending if order.by == column.key else "none"
    return heading


def _lean(cell: Cell) -> dict[str, Any]:
    if cell[1:] == _ONLY_TEXT:
        return {"text": cell.text}
    return {name: value for name, value in zip(Cell._fields, cell, strict=True) if value} | {"text": cell.text}
