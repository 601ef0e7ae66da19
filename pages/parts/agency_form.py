"""Agencies and their contracts: the table, and the form to add or change one."""

from collections.abc import Sequence

import streamlit as st

from cts.domain.fields import us_date
from cts.services.places import AgencyView, save_agency
from cts.services.refusals import Refusal
from pages.parts.date_field import ask_date
from pages.parts.table_view import Cell, Column, show_table
from pages.shell.frame import actor_now, now, refused, said

NEW_AGENCY = "Add a new agency"
HEADINGS = ("Agency", "Short name", "Contract from", "Contract to", "Under contract", "Open assignments")


def agencies_section(agencies: Sequence[AgencyView]) -> None:
    """Every agency, and one form for the one chosen."""
    st.header("Agencies")
    st.text(
        "An agency can be given youth while it is under contract. Its people lose access the day after the contract ends."
    )
    show_table("Agencies", [Column(label, label) for label in HEADINGS], [_row(a) for a in agencies], key="agencies")
    by_id: dict[int | None, AgencyView] = {a.id: a for a in agencies}
    # Shown by number in the list of choices and by name as the label: a name is never read as markup.
    chosen = st.selectbox(
        "Change an agency, or add one",
        [None, *by_id],
        format_func=lambda i: by_id[i].name if i else NEW_AGENCY,
        key="agency_chosen",
    )
    agency = by_id.get(chosen)
    with st.form(f"agency_{chosen}", enter_to_submit=False):
        columns = st.columns(2)
        columns[0].text_input("Agency name", agency.name if agency else "", key=f"agency_name_{chosen}")
        columns[1].text_input("Short name", agency.short_name if agency else "", key=f"agency_short_{chosen}")
        start = agency.contract_start_on if agency else None
        ask_date("First day of the contract", start, within=columns[0], key=f"agency_start_{chosen}")
        end = agency.contract_end_on if agency else None
        ask_date("Last day of the contract, if any", end, within=columns[1], key=f"agency_end_{chosen}")
        st.form_submit_button("Save agency", on_click=_save_agency, args=(chosen,), type="primary")


def _row(agency: AgencyView) -> list[Cell]:
    texts = (
        agency.name,
        agency.short_name,
        us_date(agency.contract_start_on),
        us_date(agency.contract_end_on) or "no end",
        "Yes" if agency.under_contract else "No",
        str(agency.open_assignments),
    )
    return [Cell(text) for text in texts]


def _save_agency(chosen: int | None) -> None:
    actor, state = actor_now(), st.session_state
    if actor is None:
        return
    try:
        save_agency(
            actor,
            chosen,
            name=state[f"agency_name_{chosen}"],
            short_name=state[f"agency_short_{chosen}"],
            contract_start_on=state[f"agency_start_{chosen}"],
            contract_end_on=state[f"agency_end_{chosen}"],
            now=now(),
        )
    except Refusal as refusal:
        refused(str(refusal))
        return
    said("The agency is saved.")
    if chosen is None:
        for part in ("name", "short", "start", "end"):
            del state[f"agency_{part}_None"]
