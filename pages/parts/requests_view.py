"""The tab Requests: Restoration Funds and Extensions in one table, the ledger, the chosen request below."""

import streamlit as st

from cts.domain.addresses import document_address
from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from cts.services.record import RecordView
from cts.services.record_documents import DocumentRow, documents_of
from pages.parts.document_screen import show_document
from pages.parts.ledger_view import show_ledger
from pages.parts.listing_view import status_badge
from pages.parts.record_place import Place, chosen
from pages.parts.start_button import show_starts
from pages.parts.table_view import Cell, Column, show_table

KINDS = (Document.FUNDS, Document.EXTENSION)
_COLUMNS = (
    Column("request", "Request", wide=True),
    Column("asked", "Requested"),
    Column("amount", "Amount / To"),
    Column("status", "Status", wide=True),
    Column("waits", "Waits on", wide=True),
)


def show_requests(actor: Actor, record: RecordView, place: Place) -> None:
    """All requests of this assignment, newest first; the ledger; and the request the address names."""
    rows = documents_of(actor, record.number, KINDS)
    asked = chosen(place, {(row.kind, row.sequence) for row in rows})
    st.header("Requests", anchor=False)
    if rows:
        cells = [_cells(record.number, row, (row.kind, row.sequence) == asked) for row in rows]
        show_table("Requests", _COLUMNS, cells, key="table_requests")
    else:
        st.text("Nothing has been requested.")
    # Each in a place of its own: an alarm that comes may not move the form below it (see keep_places).
    with st.container():
        show_starts(actor, record.number, KINDS)
    with st.container():
        show_ledger(actor, record.number)
    if asked:
        kind, sequence = asked
        show_document(actor, record.number, kind, place.arrived, sequence=sequence, within_record=True)


def _cells(number: int, row: DocumentRow, shown: bool) -> tuple[Cell, ...]:
    return (
        Cell(
            row.words,
            href=document_address(number, row.kind, row.sequence),
            quiet="shown below" if shown else "",
            name=f"{row.words}, open",
        ),
        Cell(row.asked_on),
        Cell(row.amount),
        status_badge(row.status),
        Cell(row.waits_on),
    )
