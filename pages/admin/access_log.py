"""The access log for CSEC Administration: its entries, what was unusual, and emergency access to review."""

import streamlit as st

from cts.services.actor import Actor
from pages.parts.access_log_view import show_entries
from pages.parts.emergency_review_view import show_reviews
from pages.parts.unusual_view import show_unusual
from pages.shell import frame
from pages.shell.menu import ACCESS_LOG, st_page

VIEWS = {
    "entries": ("Entries", show_entries),
    "unusual": ("Unusual viewing", show_unusual),
    "emergency": ("Emergency access", show_reviews),
}
SEEN = "cts_access_log_view"


def render(actor: Actor) -> None:
    """The page: /access-log, and &view=emergency, which the e-mail to the reviewer opens."""
    st.title("Access log")
    asked = st.query_params.get("view", "")
    view = asked if asked in VIEWS else "entries"
    with st.container(key="cts_record_tabs", horizontal=True):
        for name, (title, _) in VIEWS.items():
            if name == view:
                with st.container(key="cts_record_tab_here", width="content"):
                    st.markdown(f"**{title}**")
            else:
                st.page_link(st_page(ACCESS_LOG), label=title, query_params={"view": name})
    frame.show_notice()
    arrived = frame.just_arrived() or st.session_state.get(SEEN) != view
    st.session_state[SEEN] = view
    VIEWS[view][1](actor, arrived)
