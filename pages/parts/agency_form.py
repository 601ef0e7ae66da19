"""Agencies and their contracts: the table, and the form to add or change one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cts.domain.fields import us_date
from cts.services.contract_end import ContractEnd, contract_end
from cts.services.places import AgencyView, save_agency
from cts.services.refusals import Refusal
from pages.parts.date_field import ask_date
from pages.parts.office_form import as_shown
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell.frame import actor_now, now, refused, said

ENDING = "cts_contract_ending"
_TYPED = {"name": "name", "short": "short_name", "start": "contract_start_on", "end": "contract_end_on"}
NEW, NEW_AGENCY = "new", "Add a new agency"
HEADINGS = ("Agency", "Short name", "Contract from", "Contract to", "Under contract", "Open assignments")


@dataclass(frozen=True)
class Ending:
    """An end of a contract that waits to be confirmed: what was typed, and what it means."""

    agency: AgencyView
    typed: dict[str, Any]
    preview: ContractEnd


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
    _form(by_id.get(chosen))


def _form(agency: AgencyView | None) -> None:
    """What is kept of an agency, to be changed; None: of a new one."""
    which = as_shown(agency.id, agency.kept) if agency else NEW
    with st.form(f"agency_{which}", enter_to_submit=False):
        columns = st.columns(2)
        columns[0].text_input("Agency name", agency.name if agency else "", key=f"agency_name_{which}")
        columns[1].text_input("Short name", agency.short_name if agency else "", key=f"agency_short_{which}")
        start = agency.contract_start_on if agency else None
        ask_date("First day of the contract", start, within=columns[0], key=f"agency_start_{which}")
        end = agency.contract_end_on if agency else None
        ask_date("Last day of the contract, if any", end, within=columns[1], key=f"agency_end_{which}")
        st.form_submit_button("Save agency", on_click=_save_agency, args=(agency, which), type="primary")


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


def _save_agency(agency: AgencyView | None, which: str) -> None:
    """Saved at once; an end of the contract is shown first, and saved when it is confirmed."""
    actor, state = actor_now(), at_once()
    if actor is None:
        return
    typed = {name: state[f"agency_{part}_{which}"] for part, name in _TYPED.items()}
    dates = typed["contract_start_on"], typed["contract_end_on"]
    try:
        preview = contract_end(actor, agency.id, *dates, now()) if agency else None
        if preview is None:
            save_agency(actor, agency.id if agency else None, **typed, now=now(), shown=agency)
    except Refusal as refusal:
        refused(str(refusal))
        return
    if agency is not None and preview is not None:
        st.session_state[ENDING] = Ending(agency, typed, preview)
        return
    said("The agency is saved.")
    if agency is None:
        for part in _TYPED:
            del st.session_state[f"agency_{part}_{NEW}"]


def show_contract_end() -> None:
    """What the end that was typed means, and whether it is to be saved; nothing while none waits to be confirmed."""
    ending = st.session_state.get(ENDING)
    if ending is not None:
        _ask_sure(ending)


def _forget() -> None:
    st.session_state[ENDING] = None


@st.dialog("End the contract?", on_dismiss=_forget)
def _ask_sure(ending: Ending) -> None:
    if st.session_state.get(ENDING) is None:
        st.rerun()
    st.text(ending.typed["name"])
    for sentence in ending.preview.sentences:
        st.text(sentence)
    st.text("Nothing is saved yet.")
    with st.container(horizontal=True, key="cts_dialog_buttons"):
        st.button("Yes, save the contract", key="agency_yes", type="primary", on_click=_confirm, args=(ending,))
        st.button("Back", key="agency_back", on_click=_forget)


def _confirm(ending: Ending) -> None:
    actor = actor_now()
    if actor is None:
        return
    try:
        save_agency(actor, ending.agency.id, **ending.typed, now=now(), seen=ending.preview.seen, shown=ending.agency)
    except Refusal as refusal:
        refused(str(refusal))
    else:
        said("The agency is saved.")
    _forget()
