"""Every rerun: who is signed in, which pages there are, run one."""

import streamlit as st

from pages.shell import frame
from pages.shell.menu import menu_of
from pages.shell.signed_in import current_session, watch_session

session = current_session()
actor = session.actor
page = st.navigation(menu_of(actor), position="top")
st.set_page_config(page_title=f"{page.title} - CTS", layout="wide", initial_sidebar_state="collapsed")
frame.begin(actor, page.url_path)
watch_session(actor, [session])
page.run()
