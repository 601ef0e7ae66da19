"""The own sign-in sessions as a table, each with a way to end it."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.own_sessions import OwnSession, end_own_session, own_sessions
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame
from pages.shell.signed_in import end_session

_COLUMNS = (
    Column("device", "Device", wide=True),
    Column("address", "Network address"),
    Column("since", "Since", wide=True),
    Column("active", "Last active", wide=True),
    Column("end", "End"),
)


def show_own_sessions(actor: Actor) -> None:
    """Where one is signed in, and out of it."""
    st.header("Where you are signed in", anchor=False)
    rows = [_row(one) for one in own_sessions(actor, frame.now())]
    show_table("Where you are signed in", _COLUMNS, rows, key="table_sessions", on_press=_end)
    st.text("Do you not know one of them? End it, then change your passphrase.")
    st.button("Sign out everywhere", on_click=end_session, kwargs={"everywhere": True})


def _row(one: OwnSession) -> list[Cell]:
    end = (
        Cell()
        if one.this_one
        else Cell("End", press=one.name, name=f"End the session on {one.device}, since {one.since}")
    )
    return [
        Cell(one.device, quiet="this one" if one.this_one else ""),
        Cell(one.address or "–"),
        Cell(one.since),
        Cell(one.last_active),
        end,
    ]


def _end(name: str) -> None:
    actor = frame.actor_now()
    if actor is None:
        return
    frame.attempt(end_own_session, actor, name, frame.now())
    if not frame.notice_waits():
        frame.said("That session has ended.")
