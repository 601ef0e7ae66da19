"""Assignment # opens here: the Referral to write, to review or to read; once it is approved, the client record."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.record import open_record
from cts.services.refusals import NOT_FOUND, Refusal
from pages.parts.component import together
from pages.parts.cover_view import show_covered
from pages.parts.document_screen import not_found
from pages.parts.emergency_dialog import show_emergency
from pages.parts.hold_view import show_holds
from pages.parts.record_head import show_head
from pages.parts.record_place import place_asked, shown, tab_seen
from pages.parts.record_tabs import show_tab, show_tabs
from pages.parts.referral_alone import show_referral_alone
from pages.shell import frame

NO_LONGER_OPEN = "No longer open to you"
ACCESS_ENDED = (
    "While you had this record open, it went to somebody else, or a cover ended. What was saved until then is kept; what you typed after "
    "that is not."
)


def render(actor: Actor) -> None:
    """The page: /assignment?number=10001, and &tab=plan&item=plan-2 in a client record."""
    asked = place_asked(st.query_params)
    if asked is None:
        not_found(NOT_FOUND)
        return
    try:
        record = open_record(actor, asked.number, asked.tab, frame.now(), tab_seen(asked.number))
    except Refusal as refusal:
        ended = str(refusal) == NOT_FOUND and tab_seen(asked.number) is not None
        not_found(ACCESS_ENDED if ended else str(refusal), NO_LONGER_OPEN if ended else refusal.title)
        return
    place = shown(asked, record.tab)
    if not record.kept:
        show_referral_alone(actor, record, place)
        return
    show_emergency(actor, place.number)
    show_covered(actor, place.number)
    with together("record_top"):
        show_head(actor, record)
        show_tabs(place)
    show_holds(actor, place.number)
    frame.show_notice()
    show_tab(actor, record, place)
