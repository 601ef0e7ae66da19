"""What was changed about the own account lately."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.own_account import lately_changed
from pages.parts.table_view import Cell, Column, show_table

_COLUMNS = (Column("when", "When"), Column("what", "What", wide=True))


def show_own_changes(actor: Actor) -> None:
    """Newest first; nothing at all where nothing was changed."""
    found = lately_changed(actor)
    if not found:
        return
    st.header("Lately changed", anchor=False)
    cells = [[Cell(one.when), Cell(one.what)] for one in found]
    show_table("Lately changed about your account", _COLUMNS, cells, key="table_changes")
    st.text("Did you not expect one of them? Write to the address above, and tell your supervisor, at once.")
