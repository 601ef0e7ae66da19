"""Offices and agencies, kept by CSEC Administration."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.places import list_agencies, list_offices
from pages.parts.agency_form import agencies_section, show_contract_end
from pages.parts.office_form import offices_section
from pages.shell.frame import now, show_notice


def render(actor: Actor) -> None:
    """Both tables, each with a form to change a row."""
    st.title("Offices and agencies")
    show_notice()
    agencies_section(list_agencies(actor, now()))
    offices_section(list_offices(actor))
    show_contract_end()
