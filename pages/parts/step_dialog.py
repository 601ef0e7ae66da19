"""The pop-up of a step: it asks what the step's row of the workflow table needs, takes the step once, and keeps what was typed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from cts.domain.answer_words import shown
from cts.domain.vocabulary import Action, Need, Status, reasons_for
from cts.domain.workflow import Step
from cts.services.actor import Actor
from cts.services.checklist import still_open
from cts.services.documents import DocumentView
from cts.services.ledger import ledger_of
from cts.services.refusals import Incomplete, Refusal
from cts.services.signatures import sign
from cts.services.step_choices import Choice
from cts.services.steps import StepRequest, take_step
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import Asked, OnScreen, at_once, current_screen
from pages.parts.step_words import explanation, label_of, leads_to_the_end, title_of_step
from pages.shell import frame


def show_dialog(view: DocumentView, screen: OnScreen) -> None:
    """The dialog that is asked for, if any. At most one can be open."""
    asked = screen.asked
    if asked is None:
        return
    step = next((s for s in view.steps if s.action is asked.action), None)
    if step is None or (screen.checking and view.problems and Need.COMPLETE in step.needs):
        screen.asked = None
        return

    place = screen.place

    @st.dialog(title_of_step(view.kind, step), on_dismiss=lambda: _forget(place))
    def body() -> None:
        current = current_screen(place)
        if current is None or current.asked is None:
            st.rerun()
        _body(view, step, current.asked, place)

    body()


def _body(view: DocumentView, step: Step, asked: Asked, place: str) -> None:
    show_dialog_refusal(asked.refusal)
    with st.form(f"dialog_{asked.step_key}", border=False, enter_to_submit=step.action is Action.SIGN):
        _explain(view, step)
        _still_open(view, step)
        _alarms(view, step)
        _questions(view, step, asked.step_key)
        with st.container(horizontal=True, key="cts_dialog_buttons"):
            label = label_of(view.kind, step.action)
            st.form_submit_button(label, type="primary", on_click=_take, args=(place, asked.step_key))
            st.form_submit_button("Cancel", on_click=_forget, args=(place,))


def _explain(view: DocumentView, step: Step) -> None:
    sentence = explanation(view, step)
    if sentence:
        st.text(sentence)
    if step.action is Action.ACKNOWLEDGE:
        alerts = view.spec.field("alerts")
        present = view.answers.get("alerts_stated") == "present"
        found = shown(alerts, view.answers.get("alerts")) if alerts and present else ""
        with st.container(key="cts_dialog_alerts"):
            st.text(found or "The case worker states that no safety alerts are known.")


def _still_open(view: DocumentView, step: Step) -> None:
    """The closing check-list, before the service ends (mission §4.3)."""
    actor = frame.actor_now() if leads_to_the_end(view.kind, step) else None
    if actor is None:
        return
    try:
        sentences = still_open(actor, view.number)
    except Refusal:
        return
    with st.container(key="cts_still_open", gap="xxsmall"):
        st.text("Still open in this service:" if sentences else "Nothing else is open in this service.")
        for sentence in sentences:
            st.text(f"• {sentence}")


def _alarms(view: DocumentView, step: Step) -> None:
    """What does not fit in the ledger, before money is paid or sent back for (mission §4.4)."""
    actor = frame.actor_now() if view.status is Status.RECEIPTS_SUBMITTED and step.decides else None
    if actor is None:
        return
    ledger = ledger_of(actor, view.number)
    sentences = [a.sentence for a in ledger.alarms if a.sequence == view.sequence]
    sentences += [f"{line.unproved}." for line in ledger.lines if line.sequence == view.sequence and line.unproved]
    with st.container(key="cts_ledger_alarms_asked", gap="xxsmall"):
        st.text("What the ledger marks on this request:" if sentences else "The ledger marks nothing on this request.")
        for sentence in sentences:
            st.text(f"• {sentence}")


CHOSEN = {Need.SUPERVISOR: "Supervisor", Need.AGENCY: "Agency", Need.ADVOCATE: "Advocate"}
"""Needs that are met by choosing somebody, with what the list is called."""


def _questions(view: DocumentView, step: Step, key: str) -> None:
    if step.action is Action.SIGN:
        st.text_input("Full name", key=f"{key}_name", autocomplete="off")
        st.text_input("Passphrase", key=f"{key}_password", type="password", autocomplete="current-password")
    for need, label in CHOSEN.items():
        if need in step.needs:
            _choose(label, view.choices.get(need, ()), f"{key}_{need}", first=need is Need.SUPERVISOR)
    if Need.REASON in step.needs:
        reasons = reasons_for(view.kind, step.action)
        st.selectbox(
            "Reason", list(reasons), None, reasons.__getitem__, key=f"{key}_reason", placeholder="Choose a reason"
        )
        st.text_area("What is to be changed, or why", key=f"{key}_text")


def _choose(label: str, choices: Sequence[Choice], key: str, first: bool = False) -> None:
    names = {c.id: c.words for c in choices}
    st.selectbox(label, list(names), 0 if first else None, names.__getitem__, key=key, placeholder="Choose")


def _forget(place: str) -> None:
    screen = current_screen(place)
    if screen is not None:
        screen.asked = None


def _take(place: str, step_key: str) -> None:
    """The button of the dialog. Everything is read first: after that, one service call and no word to Streamlit until it is done."""
    state = at_once()
    typed = {
        name: state.get(f"{step_key}_{name}")
        for name in ("name", "password", "supervisor", "agency", "advocate", "reason", "text")
    }
    screen, actor = current_screen(place), frame.actor_now()
    if screen is None or actor is None or screen.asked is None or screen.asked.step_key != step_key:
        return
    try:
        sentence = _done(actor, screen, screen.asked, typed)
    except Incomplete as refusal:
        screen.asked = replace(screen.asked, refusal=str(refusal))
    except Refusal as refusal:
        screen.asked, screen.version = None, 0
        frame.refused(str(refusal))
    else:
        screen.asked, screen.version, screen.checking = None, 0, False
        frame.said(sentence)
    if typed["password"]:
        # Whatever came of it: it is typed anew for each signature.
        st.session_state[f"{step_key}_password"] = ""


def _done(actor: Actor, screen: OnScreen, asked: Asked, typed: dict[str, Any]) -> str:
    if asked.action is Action.SIGN:
        sign(
            actor,
            screen.number,
            typed["name"] or "",
            typed["password"] or "",
            asked.seen_version,
            frame.now(),
            screen.kind,
            screen.sequence,
        )
        return f"You signed the {screen.kind}."
    request = StepRequest(
        asked.action,
        asked.seen_version,
        asked.step_key,
        reason_code=typed["reason"] or "",
        reason_text=typed["text"] or "",
        supervisor_id=typed["supervisor"],
        agency_id=typed["agency"],
        advocate_id=typed["advocate"],
    )
    return take_step(actor, screen.number, request, frame.now(), screen.kind, screen.sequence).sentence
