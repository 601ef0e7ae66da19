"""Absence and cover: who covers for whom, now and to come."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.cover_lists import cover_page
from pages.parts.cover_view import ask_cover, show_cover_dialogs, show_cover_list
from pages.shell import frame

EXPLAINED = (
    "While somebody is absent, a colleague of the same office and title can cover: sees that caseload, gets what waits there and its "
    "e-mails, and writes, signs and decides, each time “acting for” the absent person. It ends by itself after the last day. "
    "Sensitive and sealed youth stay with those assigned to them."
)


def render(actor: Actor) -> None:
    """The page."""
    st.title("Absence and cover", anchor=False)
    frame.show_notice()
    st.text(EXPLAINED)
    page = cover_page(actor, frame.now())
    st.button("Set a cover" if page.whole_office else "Name who covers for you", type="primary", on_click=ask_cover)
    show_cover_list(page)
    show_cover_dialogs(page)
