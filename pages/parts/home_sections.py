"""The parts of the Home page below the Search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from cts.domain.counting import counted
from cts.services.actor import Actor
from cts.services.criteria import Criteria
from cts.services.emergency_reviews import ReviewsWaiting
from cts.services.export_registry import LISTING
from cts.services.filter_options import ChosenFilter, FilterField
from cts.services.listing_asked import Asked
from cts.services.listing_export import asked_for_export
from cts.services.listings import COUNTED_AT_MOST, ListingPage, has_office_switch, total_words, when_a_youth_appears
from cts.services.waiting import PAGE_SIZE, count_waiting, waiting_on_me
from pages.parts import listing_address as address
from pages.parts.export_view import show_export
from pages.parts.filter_view import show_chosen, show_panel
from pages.parts.listing_view import GUIDE_NOTE, show_listing, show_waiting
from pages.parts.saved_lists_view import show_saved_lists
from pages.parts.table_view import Order
from pages.shell.menu import ACCESS_LOG, ENTRIES, HOME, st_page

FIRST_SHOWN = 5
UNITS = {False: "My unit", True: "Whole office"}
NO_MATCH = "No assignment on your listing matches. Change or clear the search or the filters above."


def no_listing(actor: Actor) -> None:
    """The Home page of technical support: what there is instead is what the menu has."""
    *first, last = [
        entry.title for entry in ENTRIES if entry.in_menu and actor.role in entry.roles and entry is not HOME
    ]
    st.text(f"Technical support sees no youth data. In the menu above: {', '.join(first)} and {last}.")


def waiting(actor: Actor, now: datetime, reviews: ReviewsWaiting) -> None:
    """Waiting on me: what was opened in an emergency, then the oldest documents, and the others on request, in pages."""
    show_all = st.session_state.get("waiting_all", False)
    page = st.session_state.get("waiting_page", 1) if show_all else 1
    rows = waiting_on_me(actor, now, page, at_most=None if show_all else FIRST_SHOWN + 1)
    if page > 1 and not rows:
        # The last page was acted on meanwhile.
        page = st.session_state["waiting_page"] = 1
        rows = waiting_on_me(actor, now)
    is_all = page == 1 and len(rows) < (PAGE_SIZE if show_all else FIRST_SHOWN + 1)
    total = len(rows) if is_all else count_waiting(actor)
    st.header(f"Waiting on me ({total + reviews.count:,})")
    if reviews.count:
        with st.container(key="cts_reviews_due"):
            st.page_link(st_page(ACCESS_LOG), label=reviews.sentence, query_params={"view": "emergency"})
    if not rows and not reviews.count:
        st.text("Nothing waits for you.")
    if not rows:
        return
    show_waiting(rows if show_all else rows[:FIRST_SHOWN])
    if total > FIRST_SHOWN:
        st.toggle(f"Show all {total:,}", key="waiting_all", persist_state="session")
    if show_all and total > PAGE_SIZE:
        st.pagination(-(-total // PAGE_SIZE), key="waiting_page")


@dataclass(frozen=True)
class Shown:
    """The listing to be shown: its page, what was asked for, the filters in force and those there are to choose from."""

    page: ListingPage
    asked: Asked
    criteria: Criteria | None
    chosen: Sequence[ChosenFilter]
    fields: Sequence[FilterField]

    @property
    def searching(self) -> bool:
        """Whether something was searched for."""
        return self.criteria is not None


def assignment_listing(actor: Actor, shown: Shown) -> None:
    """The listing with its total, filters, order, pages and, for a supervisor, the switch to the whole office."""
    page, asked = shown.page, shown.asked
    with st.container(key="cts_listing_head", horizontal=True, vertical_alignment="bottom"):
        st.header("Assignment Listing")
        st.text(GUIDE_NOTE)
        st.text(f"Total: {total_words(page.total)}")
    if has_office_switch(actor):
        office_switch(asked.whole_office, shown.searching)
    with st.container(key="cts_listing_tools", horizontal=True, vertical_alignment="center"):
        show_panel(shown.fields, asked.filters.as_query())
        show_saved_lists()
        show_export(LISTING, asked_for_export(asked, shown.criteria), page.total)
    show_chosen(shown.chosen)
    if page.rows:
        show_listing(actor, page, Order(asked.sort_by, asked.descending), address.sort)
    else:
        st.text(NO_MATCH if shown.searching or shown.chosen else f"No assignment yet. {when_a_youth_appears(actor)}")
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
    if page.total > COUNTED_AT_MOST:
        st.text(f"The first {COUNTED_AT_MOST:,} are shown in pages. Filters and the search narrow the list.")


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
