"""Why a dialog could not do what was asked, said in the dialog itself."""

import streamlit as st


def show_dialog_refusal(sentence: str) -> None:
    """The sentence; '' for none. Its place is there always, so that the form below keeps its own (see keep_places)."""
    with st.container(key="cts_dialog_refused"):
        if sentence:
            # It may quote what was typed.
            st.text(sentence)
