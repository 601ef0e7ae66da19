"""Where a person works, as it is asked for an invitation and for a change: role, office and unit or agency, e-mail."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from cts.domain.vocabulary import AGENCY_ROLES, COUNTY_ROLES, Role
from cts.services.account_listing import AccountPlace, places
from cts.services.actor import Actor
from pages.shell import frame

_FIELDS = ("role", "email", "office_code", "unit", "agency_id")


def seed_place(place: AccountPlace | None) -> None:
    """The fields hold this place; for somebody new, nothing."""
    held = vars(place) if place else dict.fromkeys(_FIELDS) | {"email": "", "unit": ""}
    st.session_state.update({f"account_{name}": held[name] for name in _FIELDS})


def place_fields(actor: Actor, chosen: Callable[[], None]) -> None:
    """Draw the fields; `chosen` is called when something is. An office is asked in the County's roles only, an agency in an agency's."""
    found = places(actor, frame.now())
    left, right = st.columns(2)
    role = left.selectbox("Role", list(Role), key="account_role", index=None, placeholder="Choose", on_change=chosen)
    right.text_input("E-mail", key="account_email", autocomplete="off")
    if role in COUNTY_ROLES:
        left.selectbox(
            "Office",
            list(found.offices),
            key="account_office_code",
            index=None,
            format_func=lambda code: found.offices.get(code, code),
            placeholder="Choose",
            on_change=chosen,
        )
        right.text_input("Unit", key="account_unit", autocomplete="off", max_chars=20)
    if role in AGENCY_ROLES:
        names = {agency.id: agency.name for agency in found.agencies}
        left.selectbox(
            "Agency",
            list(names),
            key="account_agency_id",
            index=None,
            format_func=lambda agency: names.get(agency, ""),
            placeholder="Choose",
            on_change=chosen,
        )


def place_typed(typed: Mapping[str, Any]) -> AccountPlace | None:
    """What the fields hold; None while no role is chosen."""
    held = {name: typed.get(f"account_{name}") for name in _FIELDS}
    if held["role"] is None:
        return None
    return AccountPlace(held["role"], held["email"] or "", held["office_code"], held["unit"] or "", held["agency_id"])
