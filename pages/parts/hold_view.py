"""Legal holds on a record, shown to CSEC Administration above it."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.holds import holds_on


def show_holds(actor: Actor, number: int) -> None:
    """One sentence for each hold; nothing for those who are not shown them."""
    place, holds = st.container(key="cts_hold_place"), holds_on(actor, number)
    if not holds:
        return
    with place, st.container(key="cts_hold"):
        for hold in holds:
            # The reason is as typed: never Markdown.
            st.text(hold.sentence)
