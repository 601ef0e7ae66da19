"""Unusual viewing of the last days, as a table that says what was counted."""

import streamlit as st

from cts.domain.fields import us_date
from cts.services.actor import Actor
from cts.services.unusual import DAYS_SHOWN, Unusual, unusual_viewing
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

_COLUMNS = (
    Column("day", "Day"),
    Column("who", "Who", wide=True),
    Column("rule", "What was unusual", wide=True),
    Column("why", "Counted", wide=True),
    Column("log", "Access log"),
)


def show_unusual(actor: Actor, arrived: bool) -> None:
    """Newest day first."""
    st.text(
        f"The last {DAYS_SHOWN} days. Each line says what was counted; there may be a good reason for it: ask the person or the supervisor. "
        "The limits are settings."
    )
    found = unusual_viewing(actor, frame.now(), opened=arrived)
    if not found:
        st.text("Nothing unusual was counted.")
        return
    show_table("Unusual viewing, newest day first", _COLUMNS, [_cells(line) for line in found], key="table_unusual")


def _cells(line: Unusual) -> list[Cell]:
    """The address names the account by its id: no name of staff stands in it."""
    entries = Cell("Entries", href=f"/access-log?person={line.person_id}", name=f"Entries of {line.who}")
    return [Cell(us_date(line.day)), Cell(line.who), Cell(line.rule), Cell(line.sentence), entries]
