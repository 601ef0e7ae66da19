"""The pool of an office, above a document and in a list: who has claimed it; Claim, Return, and Take over, which asks first."""

from collections.abc import Sequence

import streamlit as st

from cts.services.claiming import claim_document, return_document
from cts.services.documents import DocumentView
from cts.services.refusals import OutOfDate, Refusal
from cts.services.waiting import WaitingRow
from pages.parts.on_screen import OnScreen, at_once, current_screen
from pages.parts.table_view import Cell, Column
from pages.shell import frame

CLAIM_COLUMN = Column("claim", "Claim")
ASKED = "cts_take_over_asked"
FREE = "Any supervisor of the office can decide this. Claim it, so that no colleague begins the same work."


def show_claim(view: DocumentView, screen: OnScreen) -> None:
    """Only where the document waits for the supervisors of this person's office."""
    claim = view.claim
    if claim is None or not (claim.words or claim.may_claim):
        return
    with st.container(key="cts_claim", horizontal=True, vertical_alignment="center"):
        # It names a person: never Markdown.
        st.text(f"{claim.words}." if claim.words else FREE)
        if claim.may_claim:
            st.button("Claim", key="claim", on_click=_claim, args=(screen.place, None))
        if claim.may_return:
            st.button("Return", key="claim_return", on_click=_return, args=(screen.place,))
        if claim.may_take_over:
            st.button("Take over", key="claim_take_over", on_click=_ask, args=(screen.place, claim.claimed_by))
    asked = st.session_state.get(ASKED)
    if claim.may_take_over and asked == (screen.place, claim.claimed_by):
        _dialog(screen.place, claim.claimed_by, claim.words)


def claims_here(rows: Sequence[WaitingRow]) -> bool:
    """Whether anything of a list can be claimed or returned: else it has no such column."""
    return any(row.may_claim or row.may_return for row in rows)


def claim_cell(row: WaitingRow) -> Cell:
    """Claim, or Return; empty where a colleague has claimed it (to take it over, open it) or the person had a hand in it."""
    verb = "Claim" if row.may_claim else "Return" if row.may_return else ""
    return (
        Cell(verb, press=_pressed(row, verb), name=f"{verb} {row.document_words}, assignment {row.number}")
        if verb
        else Cell()
    )


def press_claim(rows: Sequence[WaitingRow], pressed: str) -> None:
    """A press in the list: the document itself need not be opened."""
    at_once()
    actor = frame.actor_now()
    row = next((row for row in rows if pressed in {_pressed(row, "Claim"), _pressed(row, "Return")}), None)
    if actor is None or row is None:
        return
    call = claim_document if pressed == _pressed(row, "Claim") else return_document
    sentence = frame.attempt(call, actor, row.number, row.version, frame.now(), row.document, row.sequence)
    if sentence:
        frame.said(sentence)


def _pressed(row: WaitingRow, verb: str) -> str:
    return f"{verb} {row.number} {row.document} {row.sequence}"


def _dialog(place: str, claimed_by: int | None, words: str) -> None:
    @st.dialog("Take over?", on_dismiss=_forget)
    def body() -> None:
        if st.session_state.get(ASKED) is None:
            st.rerun()
        st.text(
            f"{words}. Your colleague may have begun to work on it, and can no longer decide it once you take it over."
        )
        with st.container(horizontal=True, key="cts_dialog_buttons"):
            st.button("Take over", key="claim_take_over_yes", type="primary", on_click=_claim, args=(place, claimed_by))
            st.button("Cancel", key="claim_take_over_no", on_click=_forget)

    body()


def _ask(place: str, claimed_by: int | None) -> None:
    st.session_state[ASKED] = (place, claimed_by)


def _forget() -> None:
    st.session_state[ASKED] = None


def _claim(place: str, from_id: int | None) -> None:
    _done(place, claim=True, from_id=from_id)


def _return(place: str) -> None:
    _done(place, claim=False)


def _done(place: str, *, claim: bool, from_id: int | None = None) -> None:
    """One service call; no word to Streamlit until it is done."""
    at_once()
    screen, actor = current_screen(place), frame.actor_now()
    if screen is None or actor is None:
        return
    which = (actor, screen.number, screen.version, frame.now(), screen.kind, screen.sequence)
    try:
        sentence = claim_document(*which, from_id) if claim else return_document(*which)
    except Refusal as refusal:
        if isinstance(refusal, OutOfDate):
            screen.version = 0
        frame.refused(str(refusal))
    else:
        frame.said(sentence)
    st.session_state[ASKED] = None
