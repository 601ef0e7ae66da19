"""What narrows the list of accounts. Role, state and page stand in the address; what is typed may be a name, and does not."""

import streamlit as st

from cts.domain.vocabulary import Role
from pages.parts import address

TYPED, ROLE = "accounts_typed", "role"


def show_filter(role: Role | None) -> None:
    """What the list is narrowed by."""
    with st.container(key="cts_accounts_filter", horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name, user name, e-mail or staff id", key=TYPED, autocomplete="off", on_change=address.change, width=360
        )
        address.choose("Role", ROLE, {"": "All roles"} | {r: r for r in Role}, role or "", width=260)


def role_asked() -> Role | None:
    """The role the address names."""
    asked = address.now().get(ROLE, "")
    return Role(asked) if asked in set(Role) else None


def keep_in_sight(user_name: str) -> None:
    """Something was done with this account: where it stands may have changed, so only those of another state are hidden no more."""
    if address.STATE in address.meant():
        st.session_state[TYPED] = user_name
        address.change(**{address.STATE: "", ROLE: ""})
