"""Account: who I am to CTS, my passphrase, my sign-ins."""

import streamlit as st

from cts.domain.names import spoken_name
from cts.domain.vocabulary import ROLE_TITLES
from cts.services.actor import Actor
from cts.services.refusals import Refusal
from cts.services.sign_in import change_password
from cts.settings import settings
from pages.shell import frame
from pages.shell.signed_in import end_session


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
    st.header("Change passphrase", anchor=False)
    with st.form("password", enter_to_submit=False, border=False, width=440):
        st.text_input("Present passphrase", type="password", key="old", autocomplete="current-password")
        st.text_input("New passphrase", type="password", key="new", autocomplete="new-password")
        st.text_input("New passphrase again", type="password", key="again", autocomplete="new-password")
        st.form_submit_button("Change passphrase", type="primary", on_click=_change)
    st.header("Sign out everywhere", anchor=False)
    st.text("Ends this session and all others of yours, on every device.")
    st.button("Sign out everywhere", on_click=end_session, kwargs={"everywhere": True})


def _change() -> None:
    old, new, again = (st.session_state.get(k) or "" for k in ("old", "new", "again"))
    actor = frame.actor_now()
    if new != again:
        frame.refused("The two new passphrases are not the same.")
    elif actor is not None:
        try:
            change_password(actor, old, new, frame.now())
        except Refusal as refusal:
            frame.refused(str(refusal))
        else:
            frame.said("Your passphrase was changed. Your other sessions have ended.")
