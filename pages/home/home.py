"""Home: Search, Waiting on me, Assignment Listing."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.fetching import today_of
from cts.services.listings import has_listing
from cts.services.one_look import one_look
from cts.services.similar import beside_listing
from pages.parts import listing_address as address
from pages.parts.component import together
from pages.parts.cover_view import show_covers
from pages.parts.emergency_dialog import show_emergency_dialog, show_open_emergencies
from pages.parts.home_sections import (
    assignment_listing,
    listing_head,
    listing_tools,
    no_listing,
    shown_listing,
    waiting,
)
from pages.parts.listing_view import found_words, show_beside, show_elsewhere
from pages.parts.search_form import searched, show_search
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page. Its address holds filters, order, page and the office switch, never what was searched for."""
    st.title("Home")
    frame.show_notice()
    if not has_listing(actor):
        no_listing(actor)
        return
    with one_look():
        _lists(actor)


def _lists(actor: Actor) -> None:
    """What was searched for comes before what waits: on a phone it would begin far below what can be seen."""
    asked, search, today = address.read(), searched(), today_of(frame.now())
    shown = shown_listing(actor, asked, today, search.criteria if search else None)
    beside = beside_listing(actor, asked.filters, today, search.criteria) if search else None
    with together("home_above"):
        show_covers(actor)
        show_open_emergencies(actor)
        show_search(asked.filters.status, found_words(search, shown.page, beside) if search and beside else "")
        if not search:
            waiting(actor, frame.now())
        listing_head(actor, shown)
    listing_tools(shown)
    with together("home_listing"):
        assignment_listing(actor, shown)
        if search and beside:
            show_beside(actor, beside, search, shown.page, asked.filters.status)
            show_elsewhere(actor, search)
            waiting(actor, frame.now())
    if search:
        show_emergency_dialog(actor, search.elsewhere)
