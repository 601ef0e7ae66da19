"""The buttons by which the Advocate begins a report or a request; a missing one explains itself."""

from uuid import uuid4

import streamlit as st

from cts.domain.addresses import document_query
from cts.domain.vocabulary import DOCUMENT_SLUGS, Document
from cts.services.actor import Actor
from cts.services.record_documents import starts
from cts.services.starting import start
from pages.shell import frame


def show_starts(actor: Actor, number: int, kinds: tuple[Document, ...]) -> None:
    """A button for each kind this person may begin now, and why not for the others. Nothing for people who begin none."""
    found = starts(actor, number, kinds)
    if not found:
        return
    with st.container(key="cts_starts", horizontal=True):
        for one in found:
            if not one.obstacle:
                st.button(
                    _words(one.kind),
                    key=f"start_{DOCUMENT_SLUGS[one.kind]}",
                    type="primary",
                    on_click=_begin,
                    args=(number, one.kind, _press(number, one.kind)),
                )
    for obstacle in dict.fromkeys(one.obstacle for one in found if one.obstacle):
        st.text(obstacle)


def _words(kind: Document) -> str:
    if kind is Document.TERMINATION:
        return f"Start the {kind}"
    return f"Start {'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def _press(number: int, kind: Document) -> str:
    """The key of the coming press: the same in every run until the button has done its work, so that a double click is one."""
    key: str = st.session_state.setdefault(_place(number, kind), uuid4().hex)
    return key


def _place(number: int, kind: Document) -> str:
    return f"cts_start_{number}_{DOCUMENT_SLUGS[kind]}"


def _begin(number: int, kind: Document, step_key: str) -> None:
    actor = frame.actor_now()
    if actor is None:
        return
    sequence = frame.attempt(start, actor, number, kind, step_key, frame.now())
    if sequence is None:
        return
    for name, value in document_query(number, kind, sequence).items():
        st.query_params[name] = value
    st.session_state.pop(_place(number, kind), None)
    frame.said(f"You began the {kind}. It is saved as you write.")
