"""The accounts as a table."""

import streamlit as st

from cts.domain.accounts import AccountState
from cts.services.account_listing import AccountLine, AccountPage
from pages.parts.account_dialogs import ask_account
from pages.parts.table_view import Cell, Column, show_table

COLOURS = {
    AccountState.INVITED: "blue",
    AccountState.ACTIVE: "green",
    AccountState.LOCKED: "orange",
    AccountState.ENDED: "gray",
}
_COLUMNS = (
    Column("name", "Name", wide=True),
    Column("role", "Role", wide=True),
    Column("place", "Office or agency", wide=True),
    Column("state", "State"),
    Column("factor", "Second factor"),
    Column("entered", "Last sign-in", wide=True),
    Column("open", "Change"),
)


def show_accounts(found: AccountPage) -> None:
    """One page of accounts; says so when there is none."""
    if not found.lines:
        st.text("No account is like this. Change the filter above.")
        return
    show_table("Accounts", _COLUMNS, [_row(line) for line in found.lines], key="table_accounts", on_press=_pressed)


def _row(line: AccountLine) -> list[Cell]:
    return [
        Cell(line.name, quiet=line.user_name),
        Cell(line.now_at.role),
        Cell(line.place or "–"),
        Cell(line.state, colour=COLOURS[line.state]),
        Cell("Yes" if line.second_factor else "No"),
        Cell(line.last_sign_in or "never"),
        Cell("Change", press=str(line.person_id), name=f"Change the account {line.user_name}"),
    ]


def _pressed(person_id: str) -> None:
    ask_account(int(person_id))
