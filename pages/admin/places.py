"""Offices and agencies, kept by CSEC Administration."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cts.domain.fields import us_date
from cts.services.actor import Actor
from cts.services.places import AgencyView, OfficeView, list_agencies, list_offices, save_agency, save_office
from cts.services.refusals import Refusal
from pages.shell.frame import actor_now, now, refused, said, show_notice

NEW_AGENCY = "Add a new agency"


def render(actor: Actor) -> None:
    """Both tables, each with a form to change a row."""
    st.title("Offices and agencies")
    show_notice()
    _agencies(list_agencies(actor, now()))
    _offices(list_offices(actor))


def _agencies(agencies: Sequence[AgencyView]) -> None:
    st.header("Agencies")
    st.text(
        "An agency can be given youth while it is under contract. Its people lose access the day after the contract ends."
    )
    _table(
        {
            "Agency": [a.name for a in agencies],
            "Short name": [a.short_name for a in agencies],
            "Contract from": [us_date(a.contract_start_on) for a in agencies],
            "Contract to": [us_date(a.contract_end_on) or "no end" for a in agencies],
            "Under contract": ["Yes" if a.under_contract else "No" for a in agencies],
            "Open assignments": [a.open_assignments for a in agencies],
        },
        "No agency yet. Add the first one below.",
    )
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
        columns[0].date_input("First day of the contract", start, key=f"agency_start_{chosen}", format="MM/DD/YYYY")
        end = agency.contract_end_on if agency else None
        columns[1].date_input("Last day of the contract, if any", end, key=f"agency_end_{chosen}", format="MM/DD/YYYY")
        st.form_submit_button("Save agency", on_click=_save_agency, args=(chosen,), type="primary")


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


def _offices(offices: Sequence[OfficeView]) -> None:
    st.header("Offices")
    new = [o for o in offices if not o.active]
    if new:
        st.warning(f"{len(new)} named by an extract and not active yet. Check the name, then make the office active.")
    _table(
        {
            "Office": [o.name for o in offices],
            "Code": [o.code for o in offices],
            "Department": [str(o.department) for o in offices],
            "Active": ["Yes" if o.active else "No" for o in offices],
            "Open assignments": [o.open_assignments for o in offices],
        },
        "No office yet. Offices come with the first extract.",
    )
    by_code = {o.code: o for o in offices}
    code = st.selectbox(
        "Change an office", list(by_code), key="office_chosen", format_func=lambda c: f"{by_code[c].name} ({c})"
    )
    if code is None:
        return
    with st.form(f"office_{code}", enter_to_submit=False):
        st.text_input("Office name", by_code[code].name, key=f"office_name_{code}")
        st.checkbox("Active", by_code[code].active, key=f"office_active_{code}")
        st.form_submit_button("Save office", on_click=_save_office, args=(code,), type="primary")


def _save_office(code: str) -> None:
    actor, state = actor_now(), st.session_state
    if actor is None:
        return
    try:
        save_office(actor, code, state[f"office_name_{code}"], active=state[f"office_active_{code}"], now=now())
    except Refusal as refusal:
        refused(str(refusal))
        return
    said("The office is saved.")


def _table(columns: dict[str, Sequence[Any]], empty: str) -> None:
    if not next(iter(columns.values())):
        st.text(empty)
        return
    st.dataframe(columns, hide_index=True, width="stretch")
