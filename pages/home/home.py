"""Home: Search, Waiting on me, Assignment Listing."""

from dataclasses import replace

import streamlit as st

from cts.services.actor import Actor
from cts.services.criteria import Criteria
from cts.services.emergency_reviews import reviews_waiting_for
from cts.services.listings import has_listing, listing
from pages.parts import listing_address as address
from pages.parts.cover_view import show_covers
from pages.parts.home_sections import assignment_listing, no_listing, waiting
from pages.parts.listing_view import show_elsewhere
from pages.parts.search_form import searched, show_search
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page. Its address holds status, order, page and the office switch, never what was searched for."""
    st.title("Home")
    frame.show_notice()
    if not has_listing(actor):
        no_listing(actor)
        return
    show_covers(actor)
    asked = address.read()
    show_search(actor, asked.status)
    waiting(actor, frame.now(), reviews_waiting_for(actor, frame.now()))
    search = searched()
    criteria = replace(search.criteria if search else Criteria(), status=asked.status)
    page = listing(
        actor,
        criteria,
        sort_by=asked.sort_by,
        descending=asked.descending,
        page=asked.page,
        whole_office=asked.whole_office,
    )
    assignment_listing(actor, page, asked, searching=search is not None)
    if search and search.elsewhere is not None:
        show_elsewhere(actor, search.elsewhere)
