"""The e-mail log: what was owed to whom, what was sent, what could not be. For CSEC Administration and Technical support."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.email_log import EmailState, email_log
from pages.parts import address
from pages.parts.email_log_view import show_email, show_log
from pages.parts.line import show_pages
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page: newest first; /email-log, and ?state=Waiting&page=2."""
    st.title("E-mail log")
    frame.show_notice()
    st.text("No e-mail names a youth: each says which assignment, what is asked, and leads to CTS behind sign-in.")
    asked = address.now().get(address.STATE, "")
    only = EmailState(asked) if asked in set(EmailState) else None
    log = email_log(actor, now=frame.now(), page=address.page(), only=only, opened=frame.just_arrived())
    address.choose_state(log.totals, only)
    if log.lines:
        show_log(log)
    else:
        st.text("No e-mail has been owed yet." if only is None else f"No e-mail is in this state: {only}.")
    show_pages("email_pages", log.page, log.pages, address.turn_to)
    show_email()
