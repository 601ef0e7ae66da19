"""What narrows the list of accounts."""

import streamlit as st

from cts.domain.vocabulary import Role

ALL = "All"
STATE, PAGE, TYPED, ROLE = "accounts_state", "accounts_page", "accounts_typed", "accounts_role"


def show_filter() -> None:
    """What the list is narrowed by."""
    with st.container(key="cts_accounts_filter", horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name, user name, e-mail or staff id", key=TYPED, autocomplete="off", on_change=first_page, width=360
        )
        st.selectbox("Role", list(Role), None, key=ROLE, placeholder="All roles", on_change=first_page, width=260)


def first_page() -> None:
    """Another filter begins at the first page."""
    st.session_state[PAGE] = 1


def keep_in_sight(user_name: str) -> None:
    """Something was done with this account: where it stands may have changed, so only those of another state are hidden no more."""
    if st.session_state.get(STATE, ALL) != ALL:
        st.session_state.update({STATE: ALL, TYPED: user_name, ROLE: None})
        first_page()
