"""Account: who I am to CTS, my passphrase, my second factor, my sign-ins."""

import streamlit as st

from cts.domain.names import spoken_name
from cts.domain.vocabulary import ROLE_TITLES
from cts.services.actor import Actor
from cts.settings import settings
from pages.parts.county_view import show_county_login
from pages.parts.own_changes_view import show_own_changes
from pages.parts.own_passphrase_view import show_own_passphrase
from pages.parts.own_second_factor_view import show_own_second_factor
from pages.parts.own_sessions_view import show_own_sessions
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page."""
    st.title("Account", anchor=False)
    frame.show_notice()
    with st.container(key="cts_account"):
        for label, value in (
            ("Name", spoken_name(actor.name)),
            ("Title", ROLE_TITLES[actor.role]),
            ("Office", " ".join(x for x in (actor.office_name, actor.unit and f"(unit {actor.unit})") if x)),
            ("Agency", actor.agency_name),
            ("E-mail", actor.email),
        ):
            if value:
                st.text(label)
                st.text(value)
    st.text(f"Something is wrong here? Write to {settings().support_email}.")
    show_own_changes(actor)
    show_own_passphrase(actor)
    show_own_second_factor(actor)
    show_county_login(actor)
    show_own_sessions(actor)
