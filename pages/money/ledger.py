"""Restoration Funds: the ledger of an agency, and of all of them for CSEC Administration."""

import streamlit as st

from cts.services.actor import Actor
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page."""
    st.title("Restoration Funds")
    frame.show_notice()
