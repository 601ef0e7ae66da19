"""The e-mail log: what was owed to whom, what was sent, what could not be. For CSEC Administration and Technical support."""

from functools import partial

import streamlit as st

from cts.services.actor import Actor
from cts.services.email_log import EmailState, email_log
from pages.parts.email_log_view import show_email, show_log
from pages.parts.line import show_pages
from pages.shell import frame

ALL = "All"
STATE, PAGE = "email_state", "email_page"


def render(actor: Actor) -> None:
    """The page: newest first."""
    st.title("E-mail log")
    frame.show_notice()
    st.text("No e-mail names a youth: each says which assignment, what is asked, and leads to CTS behind sign-in.")
    chosen = st.session_state.get(STATE, ALL)
    only = EmailState(chosen) if chosen in set(EmailState) else None
    shown = st.session_state.get(PAGE, 1)
    log = email_log(actor, now=frame.now(), page=shown, only=only, opened=frame.just_arrived())
    totals: dict[str, int] = {ALL: sum(log.totals.values())} | {str(state): n for state, n in log.totals.items()}
    st.segmented_control(
        "Show",
        list(totals),
        default=ALL,
        required=True,
        format_func=lambda state: f"{state} ({totals[state]:,})",
        key=STATE,
        on_change=_first_page,
        label_visibility="collapsed",
    )
    if log.lines:
        show_log(log)
    else:
        st.text("No e-mail has been owed yet." if only is None else f"No e-mail is in this state: {only}.")
    show_pages("email_pages", log.page, log.pages, partial(st.session_state.__setitem__, PAGE))
    show_email()


def _first_page() -> None:
    st.session_state[PAGE] = 1
