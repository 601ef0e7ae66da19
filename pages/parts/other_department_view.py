"""Dual youth: who reads along for the other department, and the dialog in which the lead names that person."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.other_department import (
    FEWEST_LETTERS,
    OtherDepartment,
    name_other_worker,
    other_department,
    people_of_other_department,
)
from cts.services.refusals import Refusal
from cts.services.step_choices import Choice
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import at_once
from pages.shell import frame

ASKED = "cts_other_department_asked"
NAME, PERSON = "other_department_name", "other_department_person"
NOBODY = 0
NOBODY_CHOSEN = "cts_other_department_nobody_chosen"


def show_other_department(actor: Actor, number: int) -> None:
    """For a dual youth: who is named, and for the lead's case worker and supervisor the way to name somebody. Nothing for others."""
    found = other_department(actor, number)
    if not found.dual:
        return
    with st.container(key="cts_other_department", horizontal=True):
        st.text(
            f"Dual youth. For {found.department}, {found.name} reads along and is told."
            if found.name
            else f"Dual youth. Nobody of {found.department} is named yet to read along."
        )
        if found.may_name:
            st.button(
                "Change" if found.name else f"Name a worker of {found.department}",
                key="name_other",
                on_click=_ask,
                args=(number,),
            )
    if found.may_name and st.session_state.get(ASKED) == number:
        _dialog(actor, number, found)


def _ask(number: int) -> None:
    st.session_state.update({ASKED: number, NAME: "", PERSON: None, NOBODY_CHOSEN: False})


def _forget() -> None:
    st.session_state[ASKED] = None


def _dialog(actor: Actor, number: int, found: OtherDepartment) -> None:
    @st.dialog(f"Worker of {found.department}", on_dismiss=_forget)
    def body() -> None:
        if st.session_state.get(ASKED) != number:
            st.rerun()
        st.text(
            f"One department leads and approves. The person named here reads the record for {found.department}, and is told."
        )
        typed = st.text_input("Name begins with", key=NAME, autocomplete="off")
        choices = {c.id: c.words for c in _matches(actor, number, typed)}
        if not choices:
            several = len(typed.strip()) >= FEWEST_LETTERS
            none = f"No worker of {found.department} has such a name."
            st.text(none if several else "Type two letters of the first or last name, then press Enter.")
        if found.person_id:
            choices[NOBODY] = f"Nobody any more (now {found.name})"
        if choices:
            st.selectbox("Worker", list(choices), None, choices.__getitem__, key=PERSON, placeholder="Choose")
        show_dialog_refusal("Please choose a worker." if st.session_state.pop(NOBODY_CHOSEN, False) else "")
        with st.container(horizontal=True):
            st.button("Save", key="save_other", type="primary", on_click=_save, args=(number, found.person_id))
            st.button("Cancel", key="cancel_other", on_click=_forget)

    body()


def _matches(actor: Actor, number: int, typed: str) -> tuple[Choice, ...]:
    try:
        return people_of_other_department(actor, number, typed)
    except Refusal:
        return ()


def _save(number: int, seen: int | None) -> None:
    person = at_once().get(PERSON)
    actor = frame.actor_now()
    if actor is None or person is None:
        st.session_state[NOBODY_CHOSEN] = actor is not None
        return
    sentence = frame.attempt(name_other_worker, actor, number, person or None, seen, frame.now())
    if sentence:
        frame.said(sentence)
    st.session_state[ASKED] = None
