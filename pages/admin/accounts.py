"""Accounts, kept by Technical support: who may sign in, and where each account stands. No youth data."""

import streamlit as st

from cts.domain.accounts import AccountState
from cts.services.account_listing import list_accounts
from cts.services.actor import Actor
from pages.parts import address
from pages.parts.account_dialogs import ask_invitation, show_account_dialogs
from pages.parts.account_filter import TYPED, role_asked, show_filter
from pages.parts.account_table import show_accounts
from pages.parts.line import show_pages
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page: a filter, the accounts by name, what can be done with one; /accounts, and ?role=Advocate&state=Locked&page=2."""
    st.title("Accounts")
    frame.show_notice()
    with st.container(key="cts_accounts_head", horizontal=True):
        st.button("Invite a person", type="primary", on_click=ask_invitation)
    role, asked = role_asked(), address.now().get(address.STATE, "")
    show_filter(role)
    state = AccountState(asked) if asked in set(AccountState) else None
    found = list_accounts(
        actor,
        frame.now(),
        typed=st.session_state.get(TYPED) or "",
        role=role,
        state=state,
        page=address.page(),
        opened=frame.just_arrived(),
    )
    address.choose_state(found.totals, state)
    show_accounts(found)
    show_pages("accounts_pages", found.page, found.pages, address.turn_to)
    show_account_dialogs(actor)
