"""The parts of the Home page below the Search."""

from collections.abc import Sequence

import streamlit as st

from cts.domain.counting import counted
from cts.domain.filters import NON_CLOSED
from cts.services.actor import Actor
from cts.services.emergency_reviews import ReviewsWaiting
from cts.services.listings import ListingPage, has_office_switch, when_a_youth_appears
from cts.services.waiting import SHOWN_AT_MOST, WaitingRow
from pages.parts import listing_address as address
from pages.parts.attention_view import attention_shown
from pages.parts.listing_view import GUIDE_NOTE, show_listing, show_waiting
from pages.parts.table_view import Order
from pages.shell.menu import ACCESS_LOG, ENTRIES, HOME, st_page

FIRST_SHOWN = 5
UNITS = {False: "My unit", True: "Whole office"}
NO_MATCH = "No assignment on your listing matches. Change or clear the search above."


def no_listing(actor: Actor) -> None:
    """The Home page of technical support: what there is instead is what the menu has."""
    *first, last = [
        entry.title for entry in ENTRIES if entry.in_menu and actor.role in entry.roles and entry is not HOME
    ]
    st.text(f"Technical support sees no youth data. In the menu above: {', '.join(first)} and {last}.")


def waiting(rows: Sequence[WaitingRow], reviews: ReviewsWaiting) -> None:
    """Waiting on me: what was opened in an emergency, then the oldest documents, and the others on request."""
    more = len(rows) - FIRST_SHOWN
    st.header(f"Waiting on me ({'more than ' if len(rows) == SHOWN_AT_MOST else ''}{len(rows) + reviews.count})")
    if reviews.count:
        with st.container(key="cts_reviews_due"):
            st.page_link(st_page(ACCESS_LOG), label=reviews.sentence, query_params={"view": "emergency"})
    if not rows and not reviews.count:
        st.text("Nothing waits for you.")
    if not rows:
        return
    show_all = st.session_state.get("waiting_all", False)
    show_waiting(rows if show_all else rows[:FIRST_SHOWN])
    if more > 0:
        st.toggle(f"Show all {len(rows)}", key="waiting_all", persist_state="session")


def assignment_listing(actor: Actor, page: ListingPage, asked: address.Asked, *, searching: bool) -> None:
    """The listing with its total, order, pages and, for a supervisor, the switch to the whole office."""
    with st.container(key="cts_listing_head", horizontal=True, vertical_alignment="bottom"):
        st.header("Assignment Listing")
        st.text(GUIDE_NOTE)
        st.text(f"Total: {page.total:,}")
    attention_shown(address.attention())
    if has_office_switch(actor):
        office_switch(asked.whole_office, searching)
    if page.rows:
        show_listing(actor, page, Order(asked.sort_by, asked.descending), address.sort)
    else:
        st.text(
            NO_MATCH
            if searching or address.attention() or asked.status != NON_CLOSED
            else f"No assignment yet. {when_a_youth_appears(actor)}"
        )
    if page.closed:
        st.text(
            counted(
                page.closed,
                "closed assignment on your listing matches too. Choose Status Any.",
                "closed assignments on your listing match too. Choose Status Any.",
            )
        )
    if page.pages > 1:
        st.session_state["listing_page"] = page.page
        st.pagination(page.pages, key="listing_page", on_change=_turn)


def office_switch(whole: bool, searching: bool) -> None:
    """A supervisor's choice between the own unit and the whole office; it stands in the address."""
    if searching:
        st.text("The search looks in your whole office.")
        return
    st.session_state["listing_office"] = whole
    st.segmented_control(
        "Show",
        list(UNITS),
        format_func=lambda shown: UNITS[shown],
        key="listing_office",
        required=True,
        on_change=_switch,
        label_visibility="collapsed",
    )


def _turn() -> None:
    address.turn_to(st.session_state["listing_page"])


def _switch() -> None:
    address.choose_office(bool(st.session_state["listing_office"]))
