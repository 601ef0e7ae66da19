"""What tests/web/probe.py runs: who is signed in, a button that writes a note, a page that fails."""

import os
from pathlib import Path

import streamlit as st

from pages.shell.signed_in import current_session, end_session, watch_session

NOTES = Path(os.environ["CTS_TEST_NOTES"])


def note(text: str) -> None:
    with NOTES.open("a") as file:
        file.write(text + "\n")


session = current_session()
actor = session.actor
watch_session(actor, [session])
st.text(f"Signed in as {actor.name}")
st.button("Note", on_click=note, args=("clicked",))
st.button("Sign out", on_click=end_session)
if st.button("Fail"):
    raise ValueError("Canary Youth-Name")
