"""The tab Client Summary: what CWS/CMS gives and the Advocate adds, the other department of a dual youth, updates."""

import streamlit as st

from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from cts.services.record import RecordView, known_facts
from pages.parts.document_screen import show_document
from pages.parts.other_department_view import show_other_department
from pages.parts.record_place import Place, chosen
from pages.parts.updates_view import show_updates
from pages.shell import frame


def show_summary(actor: Actor, record: RecordView, place: Place) -> None:
    """The Client Summary; before an Advocate is named only what CWS/CMS gives."""
    chosen(place, {(Document.SUMMARY, 1)})
    show_other_department(actor, record.number)
    if record.summary:
        show_document(actor, record.number, Document.SUMMARY, place.arrived, within_record=True)
    else:
        _facts(actor, record)
    show_updates(actor, record.number)


def _facts(actor: Actor, record: RecordView) -> None:
    with st.container(key="cts_info"):
        st.text("The Advocate is not named yet.")
        st.text("The Client Summary is written by the Advocate. Until then this is what CWS/CMS gives.")
    for place, section in enumerate(known_facts(actor, record.number, frame.now())):
        st.header(section.title, anchor=False)
        with st.container(key=f"facts_known_{place}"):
            for label, value in section.rows:
                st.text(label)
                st.text(value)
                st.text(section.source)
