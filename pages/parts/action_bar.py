"""The buttons the workflow allows, and why the others are missing."""

from uuid import uuid4

import streamlit as st

from cts.domain.vocabulary import Action, Need
from cts.domain.workflow import Step
from cts.services.documents import DocumentView
from cts.services.permissions import ACTION_WORDS, Blocked
from pages.parts.on_screen import Asked, current_screen, save_typed
from pages.shell.menu import HOME, st_page

MAIN = frozenset({Action.SUBMIT, Action.APPROVE, Action.ACKNOWLEDGE, Action.ASSIGN})
LABELS = ACTION_WORDS | {Action.CLOSE: "Close assignment"}
"""What stands on the buttons. "Close" alone is what a dialog's own cross is called."""

IN_THE_FORM = frozenset({Action.SAVE, Action.SIGN})
"""Saving happens by itself; Sign stands in the section of signatures, as in the guide."""


def show_actions(view: DocumentView) -> None:
    """The bar at the foot of a document: Back, PDF, the steps open to this person, and why others are not."""
    with st.container(key="cts_actions", horizontal=True):
        st.page_link(st_page(HOME), label="Back")
        st.link_button("PDF", f"/documents/{view.number}/pdf")
        for step in view.steps:
            if step.action not in IN_THE_FORM:
                step_button(view, step)
        if any(b.action in MAIN and "signature" in b.sentence for b in view.blocked) and view.may(Action.SIGN):
            st.markdown("[Signature needed](#section-signatures)")
        if view.blocked:
            with st.popover("Why can't I …?"):
                _reasons(view.blocked)


def step_button(view: DocumentView, step: Step) -> None:
    """The button of one step; it asks what the step needs, or for a yes."""
    st.button(
        LABELS[step.action],
        key=f"step_{step.action}",
        type="primary" if step.action in MAIN or step.action is Action.SIGN else "secondary",
        on_click=_ask,
        args=(view.number, step),
    )


def _ask(number: int, step: Step) -> None:
    """Open the dialog of a step; for a form that must be complete, show its problems instead (document_screen decides)."""
    save_typed(number)
    screen = current_screen(number)
    if screen is not None:
        screen.checking = screen.checking or Need.COMPLETE in step.needs
        screen.asked = Asked(step.action, uuid4().hex)


def _reasons(blocked: tuple[Blocked, ...]) -> None:
    for item in blocked:
        words = ACTION_WORDS[item.action]
        # The sentence may name people.
        st.text(item.sentence if item.sentence.startswith(f"{words}:") else f"{words}: {item.sentence}")
