"""Offices: the table, and the form to rename one or make it active."""

from collections.abc import Hashable, Sequence
from zlib import crc32

import streamlit as st

from cts.services.places import OfficeView, save_office
from cts.services.refusals import Refusal
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell.frame import actor_now, now, refused, said

HEADINGS = ("Office", "Code", "Department", "Active", "Open assignments", "Escalation contacts")


def offices_section(offices: Sequence[OfficeView]) -> None:
    """Every office, and one form for the one chosen."""
    st.header("Offices")
    new = [o for o in offices if not o.active]
    if new:
        st.warning(f"{len(new)} named by an extract and not active yet. Check the name, then make the office active.")
    show_table("Offices", [Column(label, label) for label in HEADINGS], [_row(o) for o in offices], key="offices")
    by_code = {o.code: o for o in offices}
    code = st.selectbox(
        "Change an office", list(by_code), key="office_chosen", format_func=lambda c: f"{by_code[c].name} ({c})"
    )
    if code is None:
        return
    office = by_code[code]
    which = as_shown(code, (office.name, office.active, office.contacts))
    with st.form(f"office_{which}", enter_to_submit=False):
        st.text_input("Office name", office.name, key=f"office_name_{which}")
        st.checkbox("Active", office.active, key=f"office_active_{which}")
        _contacts(office, which)
        st.form_submit_button("Save office", on_click=_save_office, args=(office, which), type="primary")


def as_shown(row: Hashable, kept: tuple[object, ...]) -> str:
    """Ends the keys of the fields of a row: other fields, filled anew, as soon as something else is kept of it.

    Fields of the same key keep what stood in them when they were drawn first, also when somebody else has changed the row since.
    """
    return f"{row}_{crc32(repr(kept).encode()):x}"


def _contacts(office: OfficeView, which: str) -> None:
    """Who is told of what has waited too long in the office; its supervisors can be."""
    names = {s.id: s.name for s in office.supervisors}
    st.multiselect(
        "Escalation contacts",
        list(names),
        list(office.contacts),
        key=f"office_contacts_{which}",
        format_func=names.__getitem__,
        help="Supervisors of this office who are told, in their daily reminder, of what has waited there too long.",
        placeholder="Choose supervisors" if names else "No supervisor of this office is known to CTS",
    )


def _row(office: OfficeView) -> list[Cell]:
    active = "Yes" if office.active else "No"
    contacts = ", ".join(s.name for s in office.supervisors if s.id in office.contacts) or "none"
    words = (office.name, office.code, office.department, active, str(office.open_assignments), contacts)
    return [Cell(text) for text in words]


def _save_office(office: OfficeView, which: str) -> None:
    state, actor = at_once(), actor_now()
    if actor is None:
        return
    try:
        save_office(
            actor,
            office.code,
            state[f"office_name_{which}"],
            active=state[f"office_active_{which}"],
            now=now(),
            contacts=state[f"office_contacts_{which}"],
            shown=office,
        )
    except Refusal as refusal:
        refused(str(refusal))
        return
    said("The office is saved.")
