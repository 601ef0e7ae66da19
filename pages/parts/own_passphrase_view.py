"""Changing the own passphrase."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.passphrases import rules_for
from cts.services.refusals import Refusal
from cts.services.sign_in import change_password
from pages.parts.on_screen import at_once
from pages.shell import frame

FIELDS = ("old", "new", "again")


def show_own_passphrase(actor: Actor) -> None:
    """The rule, and the form."""
    st.header("Change passphrase", anchor=False)
    st.text(rules_for(actor.person_id))
    with st.form("password", enter_to_submit=False, border=False, width=440):
        st.text_input("Present passphrase", type="password", key="old", autocomplete="current-password")
        st.text_input("New passphrase", type="password", key="new", autocomplete="new-password")
        st.text_input("New passphrase again", type="password", key="again", autocomplete="new-password")
        st.form_submit_button("Change passphrase", type="primary", on_click=_change)


def _change() -> None:
    typed, actor = at_once(), frame.actor_now()
    old, new, again = (typed.get(k) or "" for k in FIELDS)
    if new != again:
        frame.refused("The two new passphrases are not the same.")
    elif actor is not None:
        try:
            change_password(actor, old, new, frame.now())
        except Refusal as refusal:
            frame.refused(str(refusal))
        else:
            frame.said("Your passphrase was changed. Your other sessions have ended.")
    # Whatever came of it: nobody who comes to this screen later reads a passphrase.
    st.session_state.update(dict.fromkeys(FIELDS, ""))
