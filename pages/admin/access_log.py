"""The access log for CSEC Administration: its entries, what was unusual, and emergency access to review."""

import streamlit as st

from cts.services.actor import Actor
from pages.parts.access_log_view import show_entries
from pages.parts.emergency_review_view import show_reviews
from pages.parts.unusual_view import show_unusual
from pages.parts.ways import show_ways, way_to
from pages.shell import frame
from pages.shell.menu import ACCESS_LOG

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
    ways = [way_to(ACCESS_LOG, title, {"view": name}, here=name == view) for name, (title, _) in VIEWS.items()]
    show_ways("Parts of the access log", ways, key="cts_tabs")
    frame.show_notice()
    arrived = frame.just_arrived() or st.session_state.get(SEEN) != view
    st.session_state[SEEN] = view
    VIEWS[view][1](actor, arrived)
