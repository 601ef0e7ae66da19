"""Emergency access: what waits for its review, the dialog to review one, and what was reviewed."""

import streamlit as st

from cts.domain.counting import counted
from cts.domain.vocabulary import EMERGENCY_FINDINGS
from cts.services.actor import Actor
from cts.services.emergency_reviews import EmergencyLine, emergency_list, review_emergency
from cts.services.refusals import Refusal
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.listing_view import assignment_link
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

ASKED, REFUSED = "cts_review_asked", "cts_review_refused"
FINDING, NOTE = "review_finding", "review_note"
_COMMON = (
    Column("number", "Assignment #"),
    Column("who", "Opened by", wide=True),
    Column("when", "When", wide=True),
    Column("why", "Why", wide=True),
    Column("looks", "Looks", narrow=True),
)
_WAITING = (*_COMMON, Column("days", "Waiting", wide=True), Column("review", "Review"))
_REVIEWED = (*_COMMON, Column("finding", "Finding", wide=True), Column("by", "Reviewed by", wide=True))


def show_reviews(actor: Actor, arrived: bool) -> None:
    """What waits, oldest first, then what was reviewed, newest first."""
    found = emergency_list(actor, frame.now(), opened=arrived)
    count = len(found.waiting)
    st.header(f"Waiting for review ({count})")
    if count:
        with st.container(key="cts_reviews_wait"):
            st.text("Each is reviewed on the next working day, by a person other than the one who opened it.")
        cells = [[*_cells(line), Cell(_days(line.days)), _button(line)] for line in found.waiting]
        show_table("Emergency access to review, oldest first", _WAITING, cells, key="table_to_review", on_press=_ask)
        _dialog(found.waiting)
    else:
        st.text("No emergency access waits for its review.")
    st.header("Reviewed")
    if not found.reviewed:
        st.text("None has been reviewed yet.")
        return
    reviewed = [[*_cells(line), Cell(line.finding, quiet=line.note), Cell(line.reviewed)] for line in found.reviewed]
    show_table("Emergency access reviewed, newest first", _REVIEWED, reviewed, key="table_reviewed")


def _cells(line: EmergencyLine) -> list[Cell]:
    return [
        assignment_link(line.number),
        Cell(line.who, quiet=line.office, notes=_earlier(line)),
        Cell(line.opened, quiet=f"until {line.until}"),
        Cell(line.reason, quiet=line.text),
        Cell(str(line.looks)),
    ]


def _earlier(line: EmergencyLine) -> tuple[str, ...]:
    return (f"Found not justified: {line.not_justified}",) if line.not_justified else ()


def _days(days: int) -> str:
    return "since today" if days == 0 else counted(days, "day")


def _button(line: EmergencyLine) -> Cell:
    if line.mine:
        return Cell("by another person")
    return Cell("Review", press=str(line.id), name=f"Review: assignment {line.number}, {line.who}, {line.opened}")


def _ask(emergency_id: str) -> None:
    st.session_state.update({ASKED: int(emergency_id), FINDING: None, NOTE: "", REFUSED: ""})


def _forget() -> None:
    st.session_state[ASKED] = None


def _dialog(waiting: tuple[EmergencyLine, ...]) -> None:
    line = next((line for line in waiting if line.id == st.session_state.get(ASKED)), None)
    if line is None:
        return

    @st.dialog(f"Review: assignment {line.number}", on_dismiss=_forget)
    def body() -> None:
        if st.session_state.get(ASKED) != line.id:
            st.rerun()
        st.text(f"{line.who}, {line.opened}\n{line.reason}: {line.text}")
        with st.form("cts_review_form", border=False, enter_to_submit=False):
            st.radio("Was it justified? *", list(EMERGENCY_FINDINGS), None, EMERGENCY_FINDINGS.__getitem__, key=FINDING)
            st.text_area("What you found *", key=NOTE, max_chars=2000)
            st.text("What is not justified ends at once, if it has not ended.")
            show_dialog_refusal(st.session_state.get(REFUSED, ""))
            with st.container(horizontal=True):
                st.form_submit_button("Save the review", type="primary", on_click=_save, args=(line.id,))
                st.form_submit_button("Cancel", on_click=_forget)

    body()


def _save(emergency_id: int) -> None:
    actor, typed = frame.actor_now(), at_once()
    if actor is None:
        return
    try:
        said = review_emergency(actor, emergency_id, typed.get(FINDING) or "", typed.get(NOTE) or "", frame.now())
    except Refusal as refusal:
        st.session_state[REFUSED] = str(refusal)
    else:
        st.session_state[ASKED] = None
        frame.said(said)
