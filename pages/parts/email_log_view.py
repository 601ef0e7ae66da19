"""The e-mail log as a table, and one e-mail to read."""

import streamlit as st

from cts.services.email_log import EmailLogLine, EmailLogPage, EmailState, email_text, try_again
from cts.services.refusals import Refusal
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

READING, LOOK = "email_to_read", "email_look"
COLOURS = {
    EmailState.WAITING: "blue",
    EmailState.RETRYING: "orange",
    EmailState.SENT: "green",
    EmailState.FAILED: "red",
    EmailState.NOT_NEEDED: "gray",
}
_COLUMNS = (
    Column("when", "When", wide=True),
    Column("to", "To", wide=True),
    Column("email", "E-mail", wide=True),
    Column("number", "Assignment #"),
    Column("state", "State", wide=True),
    Column("read", "Read"),
    Column("again", "Send again"),
)


def show_log(log: EmailLogPage) -> None:
    """One page of the log. The Assignment # is no link: who reads the log may have no right to the record."""
    show_table("E-mail log", _COLUMNS, [_cells(line) for line in log.lines], key="table_emails", on_press=_pressed)


def _cells(line: EmailLogLine) -> list[Cell]:
    again = Cell("Try again", press=f"again {line.id}", name=f"Try again: e-mail to {line.to_name}, {line.owed_when}")
    return [
        Cell(line.owed_when),
        Cell(line.to_name, quiet=line.to_address or "no address"),
        Cell(line.subject),
        Cell(str(line.assignment_number or "")),
        Cell(line.state, colour=COLOURS[line.state], quiet=line.sentence),
        Cell("Read", press=f"read {line.id}", name=f"Read: {line.subject}, to {line.to_name}, {line.owed_when}"),
        again if line.can_try_again else Cell(),
    ]


def _pressed(what: str) -> None:
    action, _, number = what.partition(" ")
    actor = frame.actor_now()
    if actor is None:
        return
    if action == "read":
        st.session_state[READING], st.session_state[LOOK] = int(number), True
        return
    try:
        try_again(actor, int(number), now=frame.now())
    except Refusal as refusal:
        frame.refused(str(refusal))
    else:
        frame.said("The e-mail is due now. It is sent within a minute.")


def _close() -> None:
    st.session_state[READING] = None


@st.dialog("E-mail", width="medium", on_dismiss=_close)
def _dialog(email_id: int) -> None:
    actor = frame.actor_now()
    if actor is None:
        return
    try:
        email = email_text(actor, email_id, now=frame.now(), opened=st.session_state.pop(LOOK, False))
    except Refusal as refusal:
        st.text(str(refusal))
        return
    st.text(f"From: {email.sender}\nTo: {email.to}\nSubject: {email.subject}\n{email.line.sentence}")
    st.divider()
    st.text(email.body)


def show_email() -> None:
    """The e-mail that is being read, if any."""
    if st.session_state.get(READING):
        _dialog(st.session_state[READING])
