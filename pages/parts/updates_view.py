"""Run Away Status / Misc Updates: the present status, the form to add to the log, every update, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import streamlit as st

from cts.domain.fields import us_date
from cts.domain.whereabouts import ABSENT, DATE_LABELS, DUTIES, Update, UpdateStatus, duties_in
from cts.services.actor import Actor
from cts.services.client_updates import WHAT, UpdateLine, UpdateLog, add, read_updates
from cts.services.refusals import Incomplete, Refusal
from pages.parts.date_field import ask_date
from pages.parts.on_screen import at_once
from pages.parts.question import NOT_SAVED_YET, show_fault
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

FORMS = "cts_update_forms"
FIELDS = ("status", "happened_on", "police_report", "ncmec_number", "attorney_on", "interview_done", "text")
COLOURS = {UpdateStatus.AWOL: "red", UpdateStatus.ABDUCTED: "red", UpdateStatus.RETURNED: "green"}
_COLUMNS = (
    Column("date", "Date", wide=True),
    Column("status", "Status", wide=True),
    Column("text", "What happened", wide=True),
    Column("by", "Written by", wide=True),
)


@dataclass
class Adding:
    """An update that is being written: its key, and what is wrong with it."""

    entry_key: str = field(default_factory=lambda: uuid4().hex)
    problems: dict[str, str] = field(default_factory=dict)


def show_updates(actor: Actor, number: int) -> None:
    """The section of the Client Summary."""
    try:
        log = read_updates(actor, number, frame.now())
    except Refusal as refusal:
        st.text(str(refusal))
        return
    st.header(WHAT, anchor=False)
    _present(log)
    if log.may_write:
        _form(log)
    if log.lines:
        show_table(WHAT, _COLUMNS, [_cells(line) for line in log.lines], key="table_updates")
    else:
        st.text("No updates yet.")


def _present(log: UpdateLog) -> None:
    now = log.present
    if now is None:
        return
    with st.container(key="upd_absent" if now.status in ABSENT else "upd_present", gap=None):
        since = "on" if now.status == UpdateStatus.RETURNED else "since"
        st.text(f"{now.status} {since} {us_date(now.happened_on)}")
        if log.still_to_do:
            st.text(f"Not in the updates yet: {', '.join(log.still_to_do)}")


def _cells(line: UpdateLine) -> list[Cell]:
    update = line.update
    date = Cell(us_date(update.happened_on))
    if line.hidden:
        return [date, Cell(line.hidden), Cell(), Cell(line.written)]
    colour = COLOURS.get(UpdateStatus(update.status), "gray")
    told = Cell(update.text, quiet=" · ".join(duties_in(update)))
    return [date, Cell(update.status, colour=colour), told, Cell(line.written)]


def _form(log: UpdateLog) -> None:
    forms: dict[int, Adding] = st.session_state.setdefault(FORMS, {})
    adding = forms.setdefault(log.number, Adding())
    if _key("happened_on", adding) not in st.session_state:
        st.session_state[_key("happened_on", adding)] = log.today
    with st.expander("Add an update", expanded=bool(adding.problems), key="upd_form"):
        _asked(log.number)


@st.fragment
def _asked(number: int) -> None:
    """The form by itself: an answer draws it alone, Save the whole page."""
    adding = st.session_state[FORMS].get(number)
    if adding is None or frame.notice_waits():
        st.rerun()
    with st.container(key="ask_update"):
        _questions(adding)
    show_fault("upd_all", NOT_SAVED_YET if adding.problems else "")
    st.button("Save update", type="primary", key=_key("save", adding), on_click=_save, args=(number, adding.entry_key))


def _questions(adding: Adding) -> None:
    status = st.selectbox("Status *", list(UpdateStatus), None, placeholder="Choose", **_kept("status", adding))
    _fault("status", adding)
    label = DATE_LABELS.get(status, "Date") if status else "Date"
    ask_date(f"{label} *", **_kept("happened_on", adding))
    _fault("happened_on", adding)
    if status in ABSENT:
        with st.container(key="upd_duties"):
            st.text(DUTIES)
        st.text_input("Law enforcement report #", autocomplete="off", **_kept("police_report", adding))
        _fault("police_report", adding)
        st.text_input("NCMEC #", autocomplete="off", **_kept("ncmec_number", adding))
        _fault("ncmec_number", adding)
        ask_date("Attorney notified on", None, **_kept("attorney_on", adding))
        _fault("attorney_on", adding)
    if status == UpdateStatus.RETURNED:
        words = {True: "Yes", False: "No"}
        kept = _kept("interview_done", adding)
        st.radio("Return interview done *", list(words), None, words.__getitem__, horizontal=True, **kept)
        _fault("interview_done", adding)
    st.text_area("What happened", height="content", **_kept("text", adding))
    _fault("text", adding)


def _key(name: str, adding: Adding) -> str:
    return f"upd_{name}_{adding.entry_key}"


def _kept(name: str, adding: Adding) -> dict[str, Any]:
    return {"key": _key(name, adding), "persist_state": "session"}


def _fault(name: str, adding: Adding) -> None:
    show_fault(f"upd_{name}", adding.problems.get(name, ""))


def _typed(entry_key: str, state: Mapping[str, Any]) -> Update:
    said = {name: state.get(f"upd_{name}_{entry_key}") for name in FIELDS}
    text = {name: said[name] or "" for name in ("status", "police_report", "ncmec_number", "text")}
    return Update(
        happened_on=said["happened_on"], attorney_on=said["attorney_on"], interview_done=said["interview_done"], **text
    )


def _save(number: int, entry_key: str) -> None:
    """Everything is read first; after that one service call, and no word to Streamlit until it is done."""
    state = at_once()
    adding = state.get(FORMS, {}).get(number)
    actor = frame.actor_now()
    if actor is None or adding is None or adding.entry_key != entry_key:
        return
    update = _typed(entry_key, state)
    try:
        add(actor, number, update, entry_key, frame.now())
    except Incomplete as refusal:
        adding.problems = dict(refusal.problems)
    except Refusal as refusal:
        frame.refused(str(refusal))
    else:
        state[FORMS].pop(number, None)
        frame.said(f"Saved: {update.status}, {us_date(update.happened_on)}.")
