"""The dialog of the page Retention: purge, take off, place or lift a hold. Each asks before it is done."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from cts.domain.addresses import read_number
from cts.services.holds import lift_hold, place_hold
from cts.services.purge import confirm_purge
from cts.services.refusals import Incomplete, Refusal
from cts.services.retention import take_off
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import at_once
from pages.shell import frame

ASKED = "retention_asked"
REASON, NUMBER, WHOLE = "retention_reason", "retention_number", "retention_whole"


@dataclass(frozen=True)
class Question:
    """What a dialog asks: its title, what it explains, its button, whether a reason is wanted, and an Assignment #."""

    title: str
    words: str
    button: str
    reason: bool = True
    number: bool = False


QUESTIONS = {
    "purge": Question(
        "Purge assignment {0}?",
        "Names, ids, answers, versions, activities, updates and files are removed for good. Number, dates, statuses, agency "
        "and the access log remain, with a certificate. This cannot be undone.",
        "Purge",
        reason=False,
    ),
    "take off": Question(
        "Take assignment {0} off the list?", "It is kept until somebody marks it again.", "Take off the list"
    ),
    "lift": Question("Lift the hold?", "The rules of retention apply to the record again.", "Lift the hold"),
    "place": Question(
        "Place a legal hold",
        "The record is kept, whatever its age, until the hold is lifted.",
        "Place the hold",
        number=True,
    ),
}


def ask(action: str, number: int = 0) -> None:
    """Open the dialog of an action on an assignment, or a hold, of this number."""
    st.session_state.update({ASKED: (action, number, ""), REASON: "", NUMBER: "", WHOLE: False})


def show_question() -> None:
    """The dialog that is open, if any."""
    asked = st.session_state.get(ASKED)
    if asked:
        _dialog(*asked[:2])


def _dialog(action: str, number: int) -> None:
    question = QUESTIONS[action]

    @st.dialog(question.title.format(number), on_dismiss=_forget)
    def body() -> None:
        asked = st.session_state.get(ASKED)
        if not asked:
            st.rerun()
        st.text(question.words)
        if question.number:
            st.text_input("Assignment # *", key=NUMBER, autocomplete="off")
            st.checkbox("Every assignment of this youth", key=WHOLE)
        if question.reason:
            st.text_area("Reason *", key=REASON)
        show_dialog_refusal(asked[2])
        with st.container(horizontal=True):
            st.button(question.button, key="retention_do", type="primary", on_click=_do, args=(action, number))
            st.button("Cancel", key="retention_cancel", on_click=_forget)

    body()


def _forget() -> None:
    st.session_state[ASKED] = None


def _do(action: str, number: int) -> None:
    typed, actor = at_once(), frame.actor_now()
    if actor is None:
        return
    reason = str(typed.get(REASON) or "")
    asked_number = read_number(str(typed.get(NUMBER) or "").strip()) or 0
    whole = bool(typed.get(WHOLE))
    acts: dict[str, Callable[[], str | None]] = {
        "purge": lambda: confirm_purge(actor, number, frame.now()),
        "take off": lambda: take_off(actor, number, reason, frame.now()),
        "lift": lambda: lift_hold(actor, number, reason, frame.now()),
        "place": lambda: place_hold(actor, asked_number, reason, frame.now(), whole_youth=whole),
    }
    done = {"take off": "It is off the list.", "lift": "The hold is lifted.", "place": "The hold is placed."}
    try:
        said = acts[action]() or done[action]
    except Refusal as refusal:
        # A number that was typed is typed again; what was pressed on a list is looked at there again.
        if isinstance(refusal, Incomplete) or QUESTIONS[action].number:
            st.session_state[ASKED] = (action, number, str(refusal))
            return
        frame.refused(str(refusal))
    else:
        frame.said(said)
    _forget()
