"""Export: a list as an Excel file or a PDF, by our own route. The address of the download says nothing of what was searched for."""

from collections.abc import Mapping

import streamlit as st

from cts.services.actor import Actor
from cts.services.export_rules import obstacle_to_export
from cts.services.exports import TICKET_MINUTES, offer_export
from pages.parts.address import keep_asked
from pages.shell import frame

PANEL, OFFERED = "export_panel", "export_offered"
ABOUT = (
    "The whole list as it stands, every page of it. The file is confidential: keep it where only you can read it, "
    "and delete it when the work is done. This export is recorded."
)


def show_export(name: str, asked: Mapping[str, str], rows: int) -> None:
    """The button Export and, while it is open, the two files. `name` is that of cts/services/export_registry.py."""
    key = f"{PANEL}_{name}"
    panel = st.popover("Export", key=key, on_change=_forget)
    if not st.session_state.get(key):
        return
    actor = frame.actor_now()
    if actor is None:
        return
    with panel, st.container(key="cts_export"):
        if obstacle := obstacle_to_export(rows):
            st.text(obstacle)
            return
        st.text(ABOUT)
        if token := _token(actor, name, asked):
            with st.container(horizontal=True):
                st.link_button("Excel", f"/exports/{token}/xlsx", type="primary")
                if not (too_long := obstacle_to_export(rows, on_paper=True)):
                    st.link_button("PDF", f"/exports/{token}/pdf")
            if too_long:
                st.text(too_long)
            st.text(f"Both can be fetched for {TICKET_MINUTES} minutes.")


def _token(actor: Actor, name: str, asked: Mapping[str, str]) -> str | None:
    """What names the export in the address: made once for what is asked now, and anew each time the panel is opened."""
    offered: tuple[str, dict[str, str], str] | None = st.session_state.get(OFFERED)
    if offered is not None and offered[:2] == (name, dict(asked)):
        return offered[2]
    token = frame.attempt(offer_export, actor, name, asked, frame.now())
    st.session_state[OFFERED] = (name, dict(asked), token) if token else None
    return token


def _forget() -> None:
    keep_asked()
    st.session_state[OFFERED] = None
