"""The lists of Attention: a table of each group, the flag keeper, and the line above a listing that shows one of them."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from cts.domain.counting import counted
from cts.services.attention_lists import AttentionTile, FlagList
from cts.services.listings import total_words
from pages.parts.listing_view import assignment_link
from pages.parts.table_view import Cell, Column, show_table

CALM = "Nothing asks for attention: every list is empty."
_TILES = (
    Column("number", "Number", narrow=True),
    Column("list", "List", wide=True),
    Column("means", "What it means", wide=True),
)
_FLAGS = (
    Column("number", "Assignment #"),
    Column("youth", "Youth Name", wide=True),
    Column("case", "Case #", wide=True),
    Column("worker", "CSW / DPO", wide=True),
    Column("office", "Office", wide=True),
    Column("since", "Since"),
)


def show_tiles(groups: Mapping[str, Sequence[AttentionTile]]) -> None:
    """Every list that holds something, with its number, which opens it; what is empty is said in one sentence."""
    if not any(tile.number for tiles in groups.values() for tile in tiles):
        st.text(CALM)
        return
    for heading, tiles in groups.items():
        st.header(heading)
        rows = [_tile(tile) for tile in tiles if tile.number]
        if rows:
            show_table(heading, _TILES, rows, key=f"attention_{heading}")
        empty = [tile.title for tile in tiles if not tile.number]
        if empty:
            st.text(f"Empty: {'; '.join(empty)}." if rows else "Nothing here asks for attention.")


def _tile(tile: AttentionTile) -> list[Cell]:
    words = f"{tile.title}: {counted(tile.number, 'assignment')}"
    return [
        Cell(total_words(tile.number), href=f"/?{urlencode(tile.query)}", name=words),
        Cell(tile.title),
        Cell(tile.means),
    ]


def show_flags(lists: Sequence[FlagList]) -> None:
    """The flag keeper: which case, and since when."""
    st.header("Flag keeper")
    if not any(found.total for found in lists):
        st.text("Every case has its CSEC flag, and no flag has ended in service.")
        return
    for found in (f for f in lists if f.total):
        st.text(f"{found.title}: {found.total:,}. {found.means}")
        rows = [
            [
                assignment_link(line.number),
                *(Cell(text) for text in (line.youth_name, line.case_number, line.worker, line.office, line.since)),
            ]
            for line in found.lines
        ]
        show_table(found.title, _FLAGS, rows, key=f"flags_{found.title}")
        if found.total > len(rows):
            st.text(f"The first {len(rows)} are shown; the list above opens all of them.")
