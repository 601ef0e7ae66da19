"""How long records are kept: what is due to be purged, legal holds, certificates, the rules. For CSEC Administration."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.certificates import list_certificates
from cts.services.holds import list_holds
from cts.services.retention import due_list, rules
from pages.parts.retention_question import show_question
from pages.parts.retention_view import show_certificates, show_due, show_holds, show_rules
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page: what asks for somebody first."""
    st.title("Retention")
    frame.show_notice()
    st.text(
        "What is due by the rules is listed every night. One person marks it, a second one purges it some days later. "
        "A record under a legal hold is neither marked nor purged."
    )
    now = frame.now()
    show_due(due_list(actor, now))
    show_holds(list_holds(actor, now))
    show_certificates(list_certificates(actor, now))
    show_rules(rules(actor, now))
    show_question()
