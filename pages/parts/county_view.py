"""On the page Account: whether one may sign in by County Login, and how to change that."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.county_login import is_connected
from cts.settings import settings

_CAME_BACK = {
    "connected": "Your County account is connected. Next time you can choose County Login.",
    "taken": "This County account is connected with another account of CTS already. Nothing was changed.",
    "failed": "The County's page did not confirm who you are. Nothing was changed; try again.",
}


def show_county_login(actor: Actor) -> None:
    """The section; nothing where the installation has no County Login."""
    if not settings().county_login:
        return
    st.header("County Login", anchor=False)
    came_back = _CAME_BACK.get(st.query_params.get("county", ""))
    if came_back:
        st.info(came_back)
    if is_connected(actor):
        if not came_back:
            st.text("Your County account is connected: you can sign in with County Login or with your user name.")
        st.markdown("[Disconnect my County account](/account/county)")
    else:
        st.text("You can sign in with your County account once it is connected with this one.")
        st.markdown("[Connect my County account](/account/county)")
