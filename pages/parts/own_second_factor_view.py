"""The own second factor: whether there is one, and the way to the page where it is set up."""

import streamlit as st

from cts.domain.counting import counted
from cts.services.actor import Actor
from cts.services.own_second_factor import factor_state

PAGE = "/second-factor"
"""A plain page of ours: the secret it shows passes through no script and no address."""


def show_own_second_factor(actor: Actor) -> None:
    """What there is, in a sentence, and a link."""
    st.header("Second factor", anchor=False)
    state = factor_state(actor)
    if state.has_one:
        codes = counted(state.codes_left, "recovery code is", "recovery codes are")
        st.text(f"Set up {state.since}. You sign in with your passphrase and a code of your phone; {codes} left.")
    else:
        st.text(
            "None. With a second factor nobody gets in by your passphrase alone: a code of an app on your phone is asked too."
        )
    st.markdown(f"[{'Change it, or make new recovery codes' if state.has_one else 'Set up a second factor'}]({PAGE})")
