"""The tab Termination: the report, what is still open before the service ends, and the way back."""

import streamlit as st

from cts.domain.addresses import Tab, document_address
from cts.domain.vocabulary import Document
from cts.domain.workflow import ENDS
from cts.services.actor import Actor
from cts.services.checklist import still_open
from cts.services.record import RecordView, refer_again_words
from cts.services.record_documents import documents_of
from pages.parts.document_screen import show_document
from pages.parts.listing_view import status_badge
from pages.parts.record_place import Place, chosen
from pages.parts.start_button import show_starts
from pages.parts.table_view import Cell, Column, show_table
from pages.shell.menu import ASSIGNMENT, st_page

KINDS = (Document.TERMINATION,)
_COLUMNS = (Column("report", "Report", wide=True), Column("asked", "Submitted"), Column("status", "Status", wide=True))


def show_termination(actor: Actor, record: RecordView, place: Place) -> None:
    """The Termination Report, the newest unless the address names another, under the closing check-list."""
    rows = documents_of(actor, record.number, KINDS)
    asked = chosen(place, {(row.kind, row.sequence) for row in rows})
    show_way_back(actor, record.number)
    _check_list(actor, record.number)
    if not rows:
        st.text("No Termination Report has been begun.")
    if all((row.kind, row.status) in ENDS for row in rows):
        show_starts(actor, record.number, KINDS)
    if len(rows) > 1:
        cells = [
            (
                Cell(
                    row.words, href=document_address(record.number, row.kind, row.sequence), name=f"{row.words}, open"
                ),
                Cell(row.asked_on),
                status_badge(row.status),
            )
            for row in rows
        ]
        show_table("Termination Reports", _COLUMNS, cells, key="table_reports")
    if rows:
        sequence = asked[1] if asked else rows[0].sequence
        show_document(actor, record.number, Document.TERMINATION, place.arrived, sequence=sequence, within_record=True)


def _check_list(actor: Actor, number: int) -> None:
    """What is still open (mission §4.3)."""
    sentences = still_open(actor, number)
    st.header("Closing check-list", anchor=False)
    if not sentences:
        st.text("Nothing is open: no phase, request, receipt or planned contact.")
        return
    with st.container(key="cts_checklist"):
        for sentence in sentences:
            st.text(sentence)


def show_way_back(actor: Actor, number: int, *, on_referral: bool = False) -> None:
    """The way to the assignment of a youth referred again, or, but on the Referral itself, to where that is done."""
    sentence, newer = refer_again_words(actor, number)
    if not sentence or (on_referral and newer is None):
        return
    query = {"number": str(newer or number)} | ({} if newer else {"tab": str(Tab.REFERRAL)})
    with st.container(key="cts_record_way_back", horizontal=True):
        st.text(sentence)
        st.page_link(st_page(ASSIGNMENT), label="Open it" if newer else "Open the Referral", query_params=query)
