"""The health of CTS: what the checks found wrong, how to mend it, what is well. For Technical support and CSEC Administration."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.check_runs import health
from pages.parts.health_view import show_asking, show_last_run, show_not_here, show_well, show_wrong
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page: what is wrong first."""
    st.title("Health")
    frame.show_notice()
    st.text("Every night CTS checks its records, people, e-mails and server. No youth is named here.")
    found = health(actor, frame.now(), opened=frame.just_arrived())
    show_last_run(found)
    show_asking(found)
    show_wrong(found)
    show_not_here(found)
    show_well(found)
