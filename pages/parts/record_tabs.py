"""The tabs of a client record, in the guide's order: real links, so that each can be sent, opened in a new window and gone back to."""

from collections.abc import Callable

import streamlit as st

from cts.domain.addresses import TAB_TITLES, Tab
from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from cts.services.record import RecordView
from cts.services.refusals import Refusal
from pages.parts.activity_view import show_activity
from pages.parts.document_screen import show_document
from pages.parts.files_view import show_files
from pages.parts.phases_view import show_plan
from pages.parts.record_place import Place, chosen
from pages.parts.requests_view import show_requests
from pages.parts.summary_view import show_summary
from pages.parts.termination_view import show_termination, show_way_back
from pages.parts.timeline_view import show_history
from pages.parts.ways import show_ways, way_to
from pages.shell.menu import ASSIGNMENT


def show_tabs(place: Place) -> None:
    """All tabs; the one that is open is no link."""
    ways = [
        way_to(ASSIGNMENT, title, {"number": str(place.number), "tab": str(tab)}, here=tab is place.tab)
        for tab, title in TAB_TITLES.items()
    ]
    show_ways("Parts of the client record", ways, key="cts_tabs")


def show_tab(actor: Actor, record: RecordView, place: Place) -> None:
    """What stands on the tab; a refusal that concerns only a part of the record is said in its place."""
    try:
        CONTENTS[place.tab](actor, record, place)
    except Refusal as refusal:
        st.text(str(refusal))


def _activity(actor: Actor, record: RecordView, place: Place) -> None:
    chosen(place, ())
    show_activity(actor, record.number)


def _documents(actor: Actor, record: RecordView, place: Place) -> None:
    chosen(place, ())
    show_files(actor, record.number)


def _referral(actor: Actor, record: RecordView, place: Place) -> None:
    chosen(place, {(Document.REFERRAL, 1)})
    show_way_back(actor, record.number, on_referral=True)
    show_document(actor, record.number, Document.REFERRAL, place.arrived, within_record=True)


CONTENTS: dict[Tab, Callable[[Actor, RecordView, Place], None]] = {
    Tab.SUMMARY: show_summary,
    Tab.PLAN: show_plan,
    Tab.ACTIVITY: _activity,
    Tab.DOCUMENTS: _documents,
    Tab.REQUESTS: show_requests,
    Tab.TERMINATION: show_termination,
    Tab.REFERRAL: _referral,
    Tab.HISTORY: show_history,
}
