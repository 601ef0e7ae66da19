"""My lists: filters and order under a name of one's own, to be opened, saved and removed."""

from collections.abc import Sequence

import streamlit as st

from cts.services.refusals import Refusal
from cts.services.saved_lists import LONGEST_NAME, SavedListView, remove_list, save_list, saved_lists
from pages.parts import listing_address as address
from pages.parts.address import keep_asked
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

PANEL, NAME, REFUSED = "saved_lists_panel", "saved_list_name", "saved_list_refused"
OPEN, REMOVE = "open", "remove"
_COLUMNS = (Column("name", "List", wide=True), Column("remove", "Remove"))
ABOUT = "Filters and order are kept, not what was searched for. Only you see your lists. Never write the name of a youth here."


def show_saved_lists() -> None:
    """The button My lists and, while it is open, the own lists and a field to save this one."""
    panel = st.popover("My lists", key=PANEL, on_change=keep_asked)
    if not st.session_state.get(PANEL):
        return
    actor = frame.actor_now()
    if actor is None:
        return
    with panel, st.container(key="cts_saved_lists"):
        _show(saved_lists(actor))
        with st.form("cts_save_list", border=False):
            st.text_input("Save this list as", key=NAME, max_chars=LONGEST_NAME, autocomplete="off")
            st.text(ABOUT)
            show_dialog_refusal(st.session_state.pop(REFUSED, ""))
            st.form_submit_button("Save this list", on_click=_save)


def _show(lists: Sequence[SavedListView]) -> None:
    if not lists:
        st.text("You have not saved a list yet.")
        return
    rows = [
        (
            Cell(one.name, press=f"{OPEN} {one.id}", name=f"Open list {one.name}"),
            Cell("Remove", press=f"{REMOVE} {one.id}", name=f"Remove list {one.name}"),
        )
        for one in lists
    ]
    show_table("My lists", _COLUMNS, rows, key="table_saved_lists", on_press=_press)


def _press(pressed: str) -> None:
    actor = frame.actor_now()
    verb, _, list_id = pressed.partition(" ")
    if actor is None:
        return
    if verb == REMOVE:
        frame.attempt(remove_list, actor, int(list_id))
        return
    found = [one for one in frame.attempt(saved_lists, actor) or () if one.id == int(list_id)]
    if found:
        address.go_to(found[0].query)
        st.session_state[PANEL] = False


def _save() -> None:
    actor = frame.actor_now()
    if actor is None:
        return
    try:
        save_list(actor, st.session_state.get(NAME) or "", address.meant(), frame.now())
    except Refusal as refusal:
        st.session_state[REFUSED] = str(refusal)
    else:
        st.session_state[NAME] = ""
