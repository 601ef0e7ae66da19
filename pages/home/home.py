"""Home: Search, Waiting on me, Assignment Listing."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.emergency_reviews import reviews_waiting_for
from cts.services.fetching import today_of
from cts.services.filter_options import chosen_filters, filter_fields
from cts.services.listing_asked import listing_asked
from cts.services.listings import has_listing
from cts.services.one_look import one_look
from cts.services.similar import beside_listing
from pages.parts import listing_address as address
from pages.parts.component import together
from pages.parts.cover_view import show_covers
from pages.parts.emergency_dialog import show_emergency_dialog
from pages.parts.filter_view import panel_is_open
from pages.parts.home_sections import Shown, assignment_listing, listing_head, listing_tools, no_listing, waiting
from pages.parts.listing_view import show_beside, show_elsewhere
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
    asked = address.read()
    with together("home_above"):
        show_covers(actor)
        show_search(asked.filters.status)
        waiting(actor, frame.now(), reviews_waiting_for(actor, frame.now()))
        search, today = searched(), today_of(frame.now())
        criteria = search.criteria if search else None
        shown = Shown(
            listing_asked(actor, asked, today, criteria),
            asked,
            criteria,
            chosen=chosen_filters(actor, asked, today),
            fields=filter_fields(actor, asked, today, criteria) if panel_is_open() else (),
        )
        listing_head(actor, shown)
    listing_tools(shown)
    with together("home_listing"):
        assignment_listing(actor, shown)
        if search:
            show_beside(actor, beside_listing(actor, asked.filters, today, search.criteria), search, shown.page)
            show_elsewhere(search)
    if search and search.elsewhere:
        found = search.elsewhere
        show_emergency_dialog(actor, (*found.rows, *(one.row for one in found.similar)))
