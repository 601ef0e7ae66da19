"""The buttons the workflow allows, and why the others are missing."""

from uuid import uuid4

import streamlit as st

from cts.domain.addresses import TABS
from cts.domain.vocabulary import DOCUMENT_SLUGS, Action, Document, Need
from cts.domain.workflow import Step
from cts.services.documents import DocumentView
from cts.services.permissions import Blocked, words_of
from pages.parts.listing_address import left_at
from pages.parts.on_screen import Asked, OnScreen, current_screen
from pages.parts.saving import save_typed
from pages.parts.step_words import label_of
from pages.shell.menu import ASSIGNMENT, HOME, st_page

MAIN = frozenset({Action.SUBMIT, Action.APPROVE, Action.REIMBURSE, Action.ACKNOWLEDGE, Action.ASSIGN})

IN_THE_FORM = frozenset({Action.SAVE, Action.SIGN})
"""Saving happens by itself; Sign stands in the section of signatures, as in the guide."""


def show_actions(view: DocumentView, screen: OnScreen, within_record: bool) -> None:
    """The bar at the foot of a document: Back, PDF, the steps open to this person, and why others are not."""
    with st.container(key="cts_actions", horizontal=True):
        _back(view, within_record)
        st.link_button("PDF", _pdf(view))
        for step in view.steps:
            if step.action not in IN_THE_FORM:
                step_button(view, step, screen)
        if any(b.action in MAIN and "signature" in b.sentence for b in view.blocked) and view.may(Action.SIGN):
            st.markdown("[Signature needed](#section-signatures)")
        if view.blocked:
            with st.popover("Why can't I …?"):
                _reasons(view)


def _back(view: DocumentView, within_record: bool) -> None:
    """To the list the document was chosen from: that of its tab in the record, else Home."""
    if within_record and "item" in st.query_params:
        to_tab = {"number": str(view.number), "tab": TABS[view.kind]}
        st.page_link(st_page(ASSIGNMENT), label="Back", query_params=to_tab)
    else:
        st.page_link(st_page(HOME), label="Back", query_params=left_at())


def _pdf(view: DocumentView) -> str:
    if view.kind is Document.REFERRAL:
        return f"/documents/{view.number}/pdf"
    return f"/documents/{view.number}/{DOCUMENT_SLUGS[view.kind]}/{view.sequence}/pdf"


def step_button(view: DocumentView, step: Step, screen: OnScreen) -> None:
    """The button of one step; it asks what the step needs, or for a yes."""
    st.button(
        label_of(view.kind, step.action),
        key=f"step_{step.action}",
        type="primary" if step.action in MAIN or step.action is Action.SIGN else "secondary",
        on_click=_ask,
        args=(screen.place, step),
    )


def _ask(place: str, step: Step) -> None:
    """Open the dialog of a step; for a form that must be complete, show its problems instead (document_screen decides)."""
    save_typed(place)
    screen = current_screen(place)
    if screen is not None:
        screen.checking = screen.checking or Need.COMPLETE in step.needs
        screen.asked = Asked(step.action, uuid4().hex)


def _reasons(view: DocumentView) -> None:
    for item in view.blocked:
        st.text(_reason(view, item))


def _reason(view: DocumentView, item: Blocked) -> str:
    """The sentence may name people: never Markdown."""
    words = words_of(view.kind, item.action)
    return item.sentence if item.sentence.startswith(f"{words}:") else f"{words}: {item.sentence}"
