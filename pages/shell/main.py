"""Every rerun: who is signed in, which pages there are, run one."""

import streamlit as st

from pages.shell.signed_in import current_actor, end_session, watch_session

st.set_page_config(page_title="CSEC Tracking System", page_icon="pages/assets/favicon.png", layout="wide")
actor = current_actor()
watch_session()
st.title("CSEC Tracking System")
st.text(f"Signed in as {actor.name}")
st.button("Sign out", on_click=end_session)
