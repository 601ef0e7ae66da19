"""A section of the dashboards on screen: choices, tiles, and tables with their charts."""

from collections.abc import Sequence

import streamlit as st

from cts.services.board_shapes import Board, Figure, Grid, Tile
from pages.parts import address
from pages.parts.board_chart import show_chart
from pages.parts.component import component
from pages.parts.table_view import Cell, Column, show_table

_draw_tiles = component("cts_tiles", "tiles.js")


def show_board(board: Board, *, place_names: str = "") -> None:
    """One section. `place_names`: whose numbers they are, where nothing can be chosen."""
    if board.choices:
        with st.container(key="cts_ledger_filters", horizontal=True):
            for choice in board.choices:
                address.choose(choice.label, choice.name, choice.options, choice.chosen)
    if place_names and "of" not in {choice.name for choice in board.choices}:
        st.text(f"Numbers of {place_names}. What is underlined opens the list behind it.")
    else:
        st.text("What is underlined opens the list behind it.")
    if board.tiles:
        _show_tiles(board.title, board.tiles)
    for grid in board.grids:
        _show_grid(board.title, grid)


def _show_tiles(title: str, tiles: Sequence[Tile]) -> None:
    shown = [{"title": tile.title, "period": tile.period, **_lean(tile.figure)} for tile in tiles]
    _draw_tiles(key="board_tiles", data={"caption": title, "tiles": shown})


def _lean(figure: Figure) -> dict[str, str]:
    return {"text": figure.text, "href": figure.href, "name": figure.name}


def _show_grid(board: str, grid: Grid) -> None:
    st.header(grid.title)
    if not grid.rows:
        st.text(grid.empty)
        return
    st.text(grid.said)
    if grid.chart:
        show_chart(grid, grid.chart, key=f"chart_{board}_{grid.key}")
    columns = [Column(f"{place}", label, wide=place < 1) for place, label in enumerate(grid.columns)]
    rows = [[Cell(f.text, href=f.href, name=f.name) for f in row] for row in grid.rows]
    show_table(f"{board}: {grid.title}", columns, rows, key=f"table_board_{grid.key}")
