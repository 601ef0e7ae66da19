"""Advocate Activity of one youth: the weekly contacts, the quick entry, the month, the entries."""

from collections.abc import Callable

import streamlit as st

from cts.domain.activity import LOCATIONS, METHODS, PEOPLE, TYPES, Outcome
from cts.domain.fields import us_date
from cts.services.activities import ActivityLine, ActivityMonth, read_entry, read_month, take_back
from cts.services.actor import Actor
from cts.services.refusals import Incomplete, Refusal
from pages.parts.activity_cadence import show_cadence
from pages.parts.activity_form import Writing, begin_writing, show_fields, show_new_form, stop_writing, writing_of
from pages.parts.activity_month import asked_month, duration, show_month
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

CHANGE = "change"
TAKING = "cts_activity_taking_back"
COLOURS = {Outcome.COMPLETED: "green", Outcome.ATTEMPTED: "orange", Outcome.SCHEDULED: "blue"}
_COLUMNS = (
    Column("date", "Date", wide=True),
    Column("activity", "Activity", wide=True),
    Column("outcome", "Outcome", wide=True),
    Column("whom", "With whom", wide=True),
    Column("note", "Note", wide=True),
    Column("by", "Written by", wide=True),
)
_ACTS = (Column("change", "Change"), Column("back", "Take back"))


def show_activity(actor: Actor, number: int) -> None:
    """The tab."""
    try:
        view = read_month(actor, number, asked_month(), frame.now())
    except Refusal as refusal:
        st.text(str(refusal))
        return
    show_cadence(view)
    if view.may_write:
        show_new_form(number, view.today)
    if view.to_write_up:
        _scheduled(view)
    show_month(view)
    _entries(view)
    _dialogs(view)


def _scheduled(view: ActivityMonth) -> None:
    st.header("Scheduled, and the day has passed", anchor=False)
    st.text("Please say what became of it." if view.may_write else "The Advocate has not said yet what became of it.")
    _table(view, view.to_write_up, "Scheduled, and the day has passed", "table_act_scheduled")


def _entries(view: ActivityMonth) -> None:
    title = f"Entries of {view.first_on:%B %Y}"
    st.header(title, anchor=False)
    if view.lines:
        _table(view, view.lines, title, "table_act_entries")
    else:
        st.text("No entries in this month.")


def _table(view: ActivityMonth, lines: tuple[ActivityLine, ...], caption: str, key: str) -> None:
    columns = (*_COLUMNS, *_ACTS) if view.may_write else _COLUMNS
    pressed = _pressed_for(view.number)
    show_table(caption, columns, [_cells(line, view.may_write) for line in lines], key=key, on_press=pressed)


def _cells(line: ActivityLine, may_write: bool) -> list[Cell]:
    entry, gone = line.entry, bool(line.gone)
    day = us_date(entry.happened_on)
    words = TYPES.get(entry.type, entry.type)
    where = " · ".join(w for w in (METHODS.get(entry.method, entry.method), LOCATIONS.get(entry.location, "")) if w)
    minutes = duration(entry.minutes) if entry.minutes else ""
    cells = [
        Cell(day, quiet=f"{entry.happened_on:%A}", struck=gone),
        Cell(words, quiet=where, struck=gone, notes=(line.gone,) if gone else ()),
        Cell(entry.outcome, quiet=minutes, struck=gone, colour="" if gone else COLOURS[Outcome(entry.outcome)]),
        Cell(", ".join(PEOPLE.get(code, code) for code in entry.with_whom), struck=gone),
        Cell(entry.note, struck=gone),
        Cell(line.written),
    ]
    if may_write:
        cells += _acts(line, f"{words}, {day}") if line.may_change else [Cell(), Cell()]
    return cells


def _acts(line: ActivityLine, words: str) -> list[Cell]:
    change = "What became of it" if line.to_write_up else "Change"
    return [
        Cell(change, press=f"change {line.id}", name=f"{change}: {words}"),
        Cell("Take back", press=f"back {line.id}", name=f"Take back: {words}"),
    ]


def _pressed_for(number: int) -> Callable[[str], None]:
    def pressed(what: str) -> None:
        act, _, entry_id = what.partition(" ")
        actor = frame.actor_now()
        if actor is None:
            return
        try:
            line = read_entry(actor, number, int(entry_id), frame.now())
        except Refusal as refusal:
            frame.refused(str(refusal))
            return
        if act == CHANGE:
            begin_writing(number, CHANGE, Writing(replaces=line))
        else:
            st.session_state[TAKING] = (number, line.id, "")

    return pressed


def _dialogs(view: ActivityMonth) -> None:
    taking = st.session_state.get(TAKING)
    if writing_of(view.number, CHANGE) is not None:
        _change_dialog(view)
    elif taking and taking[0] == view.number:
        _take_back_dialog(view.number)


def _change_dialog(view: ActivityMonth) -> None:
    @st.dialog("Change an activity", on_dismiss=lambda: stop_writing(view.number, CHANGE))
    def body() -> None:
        writing = writing_of(view.number, CHANGE)
        if writing is None:
            st.rerun()
        st.text("What stood before is kept, struck out.")
        show_fields(view.number, CHANGE, writing)

    body()


def _forget() -> None:
    st.session_state[TAKING] = None


def _take_back_dialog(number: int) -> None:
    @st.dialog("Take back this entry?", on_dismiss=_forget)
    def body() -> None:
        taking = st.session_state.get(TAKING)
        if not taking:
            st.rerun()
        _, entry_id, refusal = taking
        show_dialog_refusal(refusal)
        with st.form(f"act_back_{entry_id}", border=False, enter_to_submit=False):
            st.text("It counts no more. It stays to be read, struck out, with this reason.")
            st.text_input("Reason", key=f"act_back_reason_{entry_id}", autocomplete="off")
            with st.container(horizontal=True, key="cts_dialog_buttons"):
                st.form_submit_button("Take back", type="primary", on_click=_take_back, args=(number, entry_id))
                st.form_submit_button("Cancel", on_click=_forget)

    body()


def _take_back(number: int, entry_id: int) -> None:
    reason = str(at_once().get(f"act_back_reason_{entry_id}") or "")
    actor = frame.actor_now()
    if actor is None:
        return
    try:
        take_back(actor, number, entry_id, reason, frame.now())
    except Incomplete as refusal:
        st.session_state[TAKING] = (number, entry_id, str(refusal))
    except Refusal as refusal:
        _forget()
        frame.refused(str(refusal))
    else:
        _forget()
        frame.said("The entry is taken back.")
