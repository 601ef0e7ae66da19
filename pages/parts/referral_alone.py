"""While a Referral is all there is of a record: the Referral, and at an address of its own who looked at it."""

import streamlit as st

from cts.domain.addresses import Tab
from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from cts.services.record import RecordView
from pages.parts.document_screen import show_document
from pages.parts.record_place import Place
from pages.parts.timeline_view import show_looks
from pages.shell.menu import ASSIGNMENT, st_page


def show_referral_alone(actor: Actor, record: RecordView, place: Place) -> None:
    """The Referral; or, asked for by those who are shown it, who looked at it."""
    if record.looks and place.tab is Tab.HISTORY:
        st.title("CSEC Advocacy Referral", anchor=False)
        st.text(f"Assignment # {record.number}")
        with st.container(key="cts_looks_link"):
            st.page_link(st_page(ASSIGNMENT), label="Back to the Referral", query_params={"number": str(record.number)})
        show_looks(actor, record.number, place)
        return
    show_document(actor, record.number, Document.REFERRAL, place.arrived, looks=record.looks)
