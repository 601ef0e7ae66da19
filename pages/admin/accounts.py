"""Accounts, kept by Technical support: who may sign in, and where each account stands. No youth data."""

from functools import partial

import streamlit as st

from cts.domain.accounts import AccountState
from cts.services.account_listing import list_accounts
from cts.services.actor import Actor
from pages.parts.account_dialogs import ask_invitation, show_account_dialogs
from pages.parts.account_filter import ALL, PAGE, ROLE, STATE, TYPED, first_page, show_filter
from pages.parts.account_table import show_accounts
from pages.parts.line import show_pages
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page: a filter, the accounts by name, what can be done with one."""
    st.title("Accounts")
    frame.show_notice()
    with st.container(key="cts_accounts_head", horizontal=True):
        st.button("Invite a person", type="primary", on_click=ask_invitation)
    show_filter()
    state = st.session_state
    chosen = state.get(STATE, ALL)
    found = list_accounts(
        actor,
        frame.now(),
        typed=state.get(TYPED) or "",
        role=state.get(ROLE),
        state=AccountState(chosen) if chosen in set(AccountState) else None,
        page=state.get(PAGE, 1),
        opened=frame.just_arrived(),
    )
    totals: dict[str, int] = {ALL: sum(found.totals.values())} | {str(s): n for s, n in found.totals.items()}
    st.segmented_control(
        "Show",
        list(totals),
        default=ALL,
        required=True,
        format_func=lambda name: f"{name} ({totals[name]:,})",
        key=STATE,
        on_change=first_page,
        label_visibility="collapsed",
    )
    show_accounts(found)
    show_pages("accounts_pages", found.page, found.pages, partial(state.__setitem__, PAGE))
    show_account_dialogs(actor)
