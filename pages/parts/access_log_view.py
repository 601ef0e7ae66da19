"""The entries of the access log: a filter, a table, and the way to older ones."""

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from cts.services.access_log import LogFilter, LogLine, access_log, actions_logged
from cts.services.actor import Actor
from cts.services.outcomes import OUTCOMES
from cts.services.refusals import Refusal
from pages.parts.date_field import ask_date
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

WANTED, BEFORE, PROBLEM, LOOK = "log_wanted", "log_before", "log_problem", "log_look"
PERSON = "person"
LONGEST_NUMBER = 9
_COLUMNS = (
    Column("when", "When", wide=True, whole=True),
    Column("who", "Who", wide=True),
    Column("party", "As", wide=True),
    Column("what", "What", wide=True),
    Column("object", "About", wide=True),
    Column("outcome", "Outcome", wide=True),
    Column("from", "From"),
)


def show_entries(actor: Actor, arrived: bool) -> None:
    """Newest first. What is filtered for stays in this tab."""
    state, person = st.session_state, _person_asked()
    if arrived:
        state[BEFORE] = []
        _fill(LogFilter() if person is not None else state.get(WANTED, LogFilter()))
    _filter(actor)
    if state.get(PROBLEM):
        # What was asked for cannot be read: another list is no answer.
        return
    before: list[int] = state.get(BEFORE, [])
    look = arrived or state.pop(LOOK, False)
    try:
        page = access_log(
            actor,
            replace(state.get(WANTED, LogFilter()), person_id=person),
            frame.now(),
            before=before[-1] if before else None,
            look=look,
        )
    except Refusal as refusal:
        show_dialog_refusal(str(refusal))
        return
    of = f"Entries of {page.of} only; Clear shows those of everybody. " if page.of else ""
    st.text(f"{of}Newest first, in the office's time. Youth are named by the assignment's number only.")
    if page.lines:
        show_table("Access log", _COLUMNS, [_cells(line) for line in page.lines], key="table_access_log")
    else:
        st.text("No entry fits.")
    with st.container(horizontal=True):
        if before:
            st.button("Newest", key="log_newest", on_click=_newest)
            st.button("Newer", key="log_newer", on_click=_newer)
        if page.older is not None:
            st.button("Older", key="log_older", on_click=_older, args=(page.older,))


def _filter(actor: Actor) -> None:
    with st.form("cts_access_log_filter", border=False):
        with st.container(key="cts_search_fields"):
            st.text_input("Person", key="log_person", autocomplete="off", max_chars=60)
            st.text_input("Assignment #", key="log_number", autocomplete="off", max_chars=LONGEST_NUMBER)
            actions = ["", *actions_logged(actor, frame.now())]
            st.selectbox("What", actions, format_func=lambda a: a.capitalize() or "Everything", key="log_action")
            st.selectbox("Outcome", ["", *OUTCOMES], format_func=lambda o: o.capitalize() or "Any", key="log_outcome")
            ask_date("From day", None, key="log_first")
            ask_date("To day", None, key="log_last")
        show_dialog_refusal(st.session_state.get(PROBLEM, ""))
        with st.container(horizontal=True):
            st.form_submit_button("Filter", type="primary", on_click=_wanted)
            st.form_submit_button("Clear", on_click=_clear)


def _wanted() -> None:
    typed = at_once()
    number = str(typed.get("log_number") or "").strip()
    readable = not number or (number.isascii() and number.isdigit())
    st.session_state[PROBLEM] = "" if readable else "An assignment # has digits only."
    if readable:
        _show(
            LogFilter(
                person=str(typed.get("log_person") or ""),
                number=int(number) if number else None,
                action=str(typed.get("log_action") or ""),
                outcome=str(typed.get("log_outcome") or ""),
                first_on=_day(typed.get("log_first")),
                last_on=_day(typed.get("log_last")),
            )
        )


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None


def _clear() -> None:
    _fill(LogFilter())
    _show(LogFilter())
    st.query_params.pop(PERSON, None)


def _fill(wanted: LogFilter) -> None:
    """The fields hold what is filtered for."""
    st.session_state.update(
        {
            WANTED: wanted,
            PROBLEM: "",
            "log_person": wanted.person,
            "log_number": str(wanted.number or ""),
            "log_action": wanted.action,
            "log_outcome": wanted.outcome,
            "log_first": wanted.first_on,
            "log_last": wanted.last_on,
        }
    )


def _person_asked() -> int | None:
    """Whose entries the address asks for (/access-log?person=12): an account by its id; 0, which nobody is, for what is no id."""
    asked = st.query_params.get(PERSON)
    if asked is None:
        return None
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER else 0


def _show(wanted: LogFilter) -> None:
    st.session_state.update({WANTED: replace(wanted), BEFORE: [], LOOK: True})


def _older(before: int) -> None:
    st.session_state[BEFORE] = [*st.session_state.get(BEFORE, []), before]


def _newer() -> None:
    st.session_state[BEFORE] = st.session_state.get(BEFORE, [])[:-1]


def _newest() -> None:
    st.session_state[BEFORE] = []


def _cells(line: LogLine) -> list[Cell]:
    return [
        Cell(line.when, quiet=f"Entry {line.id}"),
        Cell(line.who),
        Cell(line.party, colour="orange" if line.emergency else ""),
        Cell(line.what, quiet=line.reason),
        Cell(line.object),
        Cell(line.outcome.capitalize(), colour="red" if line.outcome == "refused" else "gray"),
        Cell(line.address, quiet=f"Session {line.session}" if line.session else ""),
    ]
