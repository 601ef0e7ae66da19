"""The entries of the access log: a filter, a table, and the way to older ones."""

from datetime import date

import streamlit as st

from cts.domain.addresses import LONGEST_NUMBER, read_number
from cts.services.access_log import LogFilter, LogLine, access_log, actions_logged
from cts.services.actor import Actor
from cts.services.outcomes import OUTCOMES
from cts.services.refusals import Refusal
from pages.parts import address
from pages.parts.date_field import ask_date
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

NAME, SHOWN, SEEN, PROBLEM = "log_name", "log_shown", "log_seen", "log_problem"
PERSON, BEFORE = "person", "before"
_FIELDS = {
    "number": "log_number",
    "action": "log_action",
    "outcome": "log_outcome",
    "first": "log_first",
    "last": "log_last",
}
"""What of the filter stands in the address, by the field it is typed in."""
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
    """Newest first. What is filtered for stands in the address, but for the name, which stays in this tab."""
    state = st.session_state
    if arrived and PERSON in address.now():
        state[NAME] = ""
    asked = _asked()
    looks_anew = arrived or asked != state.get(SHOWN)
    if looks_anew:
        _fill(asked)
    _filter(actor, asked)
    if state.get(PROBLEM):
        # What was asked for cannot be read: another list is no answer.
        return
    before = read_number(address.now().get(BEFORE, ""))
    try:
        page = access_log(actor, asked, frame.now(), before=before, look=looks_anew)
    except Refusal as refusal:
        show_dialog_refusal(str(refusal))
        return
    of = f"Entries of {page.of} only; Clear shows those of everybody. " if page.of else ""
    st.text(f"{of}Newest first, in the office's time. Youth are named by the assignment's number only.")
    if page.lines:
        show_table("Access log", _COLUMNS, [_cells(line) for line in page.lines], key="table_access_log")
    else:
        st.text("No entry fits.")
    _show_ways(before, page.older)


def _show_ways(before: int | None, older: int | None) -> None:
    """The way to older entries, and back by the pages this tab has shown."""
    with st.container(horizontal=True):
        if before is not None:
            newer = min((seen for seen in st.session_state.get(SEEN, ()) if seen > before), default=None)
            st.button("Newest", key="log_newest", on_click=_turn, args=(None,))
            st.button("Newer", key="log_newer", on_click=_turn, args=(newer,))
        if older is not None:
            st.button("Older", key="log_older", on_click=_turn, args=(older,))


def _filter(actor: Actor, asked: LogFilter) -> None:
    with st.form("cts_access_log_filter", border=False):
        with st.container(key="cts_log_fields"):
            st.text_input("Person", key="log_person", autocomplete="off", max_chars=60)
            st.text_input("Assignment #", key="log_number", autocomplete="off", max_chars=LONGEST_NUMBER)
            actions = list(dict.fromkeys(["", *actions_logged(actor, frame.now()), asked.action]))
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
    readable = not number or read_number(number) is not None
    st.session_state[PROBLEM] = "" if readable else "An assignment # has digits only."
    if readable:
        st.session_state.update({NAME: str(typed.get("log_person") or ""), SEEN: set()})
        address.change(
            **{name: str(typed.get(field) or "") for name, field in _FIELDS.items()} | {"number": number, BEFORE: ""}
        )


def _clear() -> None:
    st.session_state.update({NAME: "", SEEN: set(), SHOWN: None})
    address.change(**dict.fromkeys((PERSON, BEFORE, *_FIELDS), ""))


def _fill(asked: LogFilter) -> None:
    """The fields hold what is filtered for."""
    st.session_state.update(
        {
            SHOWN: asked,
            PROBLEM: "",
            "log_person": asked.person,
            "log_number": str(asked.number or ""),
            "log_action": asked.action,
            "log_outcome": asked.outcome,
            "log_first": asked.first_on,
            "log_last": asked.last_on,
        }
    )


def _asked() -> LogFilter:
    """What the address asks for (/access-log?person=12 for one account; nobody is what is no id), and the name typed in this tab."""
    asked = address.now()
    outcome = asked.get("outcome", "")
    return LogFilter(
        person=st.session_state.get(NAME, ""),
        person_id=(read_number(asked[PERSON]) or 0) if PERSON in asked else None,
        number=read_number(asked.get("number", "")),
        action=asked.get("action", ""),
        outcome=outcome if outcome in OUTCOMES else "",
        first_on=_day(asked.get("first", "")),
        last_on=_day(asked.get("last", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _turn(before: int | None) -> None:
    if before is not None:
        st.session_state[SEEN] = {before, *st.session_state.get(SEEN, ())}
    address.change(**{BEFORE: str(before or "")})


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
