"""Opening a record in an emergency: the dialog that asks why, and what then stands above the record."""

import streamlit as st

from cts.domain.counting import counted
from cts.services.actor import Actor
from cts.services.emergency import EmergencyOffer, emergency_offer, emergency_words, open_emergency
from cts.services.refusals import Refusal
from cts.services.search import FoundElsewhere, SearchElsewhere
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.line import Line
from pages.parts.on_screen import at_once
from pages.shell import frame
from pages.shell.menu import ASSIGNMENT, st_page

ASKED, OPENED, REFUSED = "cts_emergency_asked", "cts_emergency_opened", "cts_emergency_refused"
CODE, REASON = "emergency_code", "emergency_reason"


def ask_emergency(number: str) -> None:
    """For a table's on_press: open the dialog for this assignment."""
    st.session_state.update({ASKED: int(number), CODE: None, REASON: "", REFUSED: ""})


def show_emergency_dialog(actor: Actor, found: SearchElsewhere | None) -> None:
    """The dialog, while it is asked for one of those that were `found`; what was opened is led to. Nothing where nobody looked elsewhere."""
    if found is None:
        return
    if opened := st.session_state.pop(OPENED, None):
        st.switch_page(st_page(ASSIGNMENT, actor), query_params={"number": str(opened)})
    rows = (*found.rows, *(one.row for one in found.similar))
    asked = next((row for row in rows if row.number == st.session_state.get(ASKED)), None)
    offer = emergency_offer(actor)
    if offer and asked:
        _dialog(asked, offer)


def show_open_emergencies(actor: Actor) -> None:
    """On Home: the ways back to what was opened in an emergency, while it is open."""
    banner = Line("emergencies_open", "banner")
    for number in sorted(actor.emergencies):
        if words := emergency_words(actor, number, frame.now()):
            banner.link(f"Assignment {number}", ASSIGNMENT.address(number=number))
            banner.words(words)
    banner.draw()


def show_emergency(actor: Actor, number: int) -> None:
    """Above a record that was opened in an emergency: until when. Nothing above others."""
    if words := emergency_words(actor, number, frame.now()):
        with st.container(key="cts_emergency"):
            st.text(words)


def _forget() -> None:
    st.session_state[ASKED] = None


def _dialog(asked: FoundElsewhere, offer: EmergencyOffer) -> None:
    number = asked.number

    @st.dialog(f"Open assignment {number} in an emergency?", on_dismiss=_forget)
    def body() -> None:
        if st.session_state.get(ASKED) != number:
            st.rerun()
        hours = counted(offer.hours, "hour")
        # Of several of one name: what stood in the row that was pressed.
        with st.container(key="cts_emergency_youth"):
            st.text(f"{asked.youth_name}, born in {asked.birth_year}. {asked.office}, {asked.worker}")
        st.text(
            "You have no tie to this youth. Open the record only when you must see it now, for your work. "
            f"You can read it for {hours} and change nothing. The case worker and the supervisor see who opened it and which "
            "emergency it was; CSEC Administration reads your reason too, and another person reviews it on the next day."
        )
        with st.form("cts_emergency_form", border=False, enter_to_submit=False):
            st.selectbox(
                "What is the emergency? *",
                list(offer.reasons),
                None,
                offer.reasons.__getitem__,
                key=CODE,
                placeholder="Choose",
            )
            st.text_area("Why do you need to see this record now? *", key=REASON, max_chars=2000)
            show_dialog_refusal(st.session_state.get(REFUSED, ""))
            with st.container(horizontal=True):
                st.form_submit_button("Open the record", type="primary", on_click=_open, args=(number,))
                st.form_submit_button("Cancel", on_click=_forget)

    body()


def _open(number: int) -> None:
    actor, typed = frame.actor_now(), at_once()
    if actor is None:
        return
    try:
        open_emergency(actor, number, typed.get(CODE) or "", typed.get(REASON) or "", frame.now())
    except Refusal as refusal:
        st.session_state[REFUSED] = str(refusal)
    else:
        st.session_state.update({ASKED: None, OPENED: number})
