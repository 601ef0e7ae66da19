"""The parts of the Home page below the Search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from cts.domain.counting import counted
from cts.services.actor import Actor
from cts.services.criteria import Criteria
from cts.services.emergency_reviews import reviews_waiting_for
from cts.services.export_registry import LISTING
from cts.services.filter_options import ChosenFilter, FilterField, chosen_filters, filter_fields
from cts.services.listing_asked import Asked, listing_asked
from cts.services.listing_export import asked_for_export
from cts.services.listings import COUNTED_AT_MOST, ListingPage, has_office_switch, total_words, when_a_youth_appears
from cts.services.waiting import PAGE_SIZE, count_waiting, waiting_on_me
from pages.parts import listing_address as address
from pages.parts.export_view import show_export
from pages.parts.filter_view import panel_is_open, show_chosen, show_panel
from pages.parts.line import Line
from pages.parts.listing_view import GUIDE_NOTE, show_listing, show_waiting
from pages.parts.saved_lists_view import show_saved_lists
from pages.parts.table_view import Order
from pages.shell.menu import ACCESS_LOG, ENTRIES, HOME

FIRST_SHOWN = 5
OWN_UNIT, WHOLE_OFFICE = "unit", "office"
UNITS = {OWN_UNIT: "My unit", WHOLE_OFFICE: "Whole office"}
ALL_WAITING, WAITING_PAGE = "waiting_all", "waiting_page"
NO_MATCH = "No assignment on your listing matches. Change or clear the search or the filters above."


def no_listing(actor: Actor) -> None:
    """The Home page of technical support: what there is instead is what the menu has."""
    *first, last = [
        entry.title for entry in ENTRIES if entry.in_menu and actor.role in entry.roles and entry is not HOME
    ]
    st.text(f"Technical support sees no youth data. In the menu above: {', '.join(first)} and {last}.")


def waiting(actor: Actor, now: datetime) -> None:
    """Waiting on me: what was opened in an emergency, then the oldest documents, and the others on request, in pages."""
    reviews = reviews_waiting_for(actor, now)
    show_all = bool(st.session_state.get(ALL_WAITING))
    page = st.session_state.get(WAITING_PAGE, 1) if show_all else 1
    # One more than is shown says whether there are more.
    at_most = PAGE_SIZE if show_all else FIRST_SHOWN + 1
    rows = waiting_on_me(actor, now, page, at_most)
    if page > 1 and not rows:
        # The last page was acted on meanwhile.
        page = st.session_state[WAITING_PAGE] = 1
        rows = waiting_on_me(actor, now)
    total = len(rows) if page == 1 and len(rows) < at_most else count_waiting(actor)
    head = Line("waiting_head", "lines")
    head.title(f"Waiting on me ({total + reviews.count:,})")
    if reviews.count:
        head.link(reviews.sentence, ACCESS_LOG.address(view="emergency"))
    if not rows and not reviews.count:
        head.words("Nothing waits for you.")
    head.draw()
    if not rows:
        return
    show_waiting(rows if show_all else rows[:FIRST_SHOWN])
    foot = Line("waiting_foot")
    if total > FIRST_SHOWN:
        foot.switch(f"Show all {counted(total, 'document')}", show_all, _show_all_waiting)
    if show_all:
        foot.pages(page, -(-total // PAGE_SIZE), _turn_waiting)
    foot.draw()


def _show_all_waiting(shown: bool) -> None:
    st.session_state.update({ALL_WAITING: shown, WAITING_PAGE: 1})


def _turn_waiting(page: int) -> None:
    st.session_state[WAITING_PAGE] = page


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


def shown_listing(actor: Actor, asked: Asked, today: date, criteria: Criteria | None) -> Shown:
    """The part of the listing that the address asks for, narrowed by a search too."""
    return Shown(
        listing_asked(actor, asked, today, criteria),
        asked,
        criteria,
        chosen=chosen_filters(actor, asked, today),
        fields=filter_fields(actor, asked, today, criteria) if panel_is_open() else (),
    )


def listing_head(actor: Actor, shown: Shown) -> None:
    """The title of the listing, its total, and for a supervisor the switch to the whole office, which stands in the address."""
    head = Line("listing_head", "head")
    head.title("Assignment Listing")
    head.words(GUIDE_NOTE, quiet=True)
    head.words(f"Total: {total_words(shown.page.total)}")
    head.draw()
    if has_office_switch(actor):
        office_switch(shown.asked.whole_office, shown.searching)


def office_switch(whole: bool, searching: bool) -> None:
    """A supervisor's choice between the own unit and the whole office; it stands in the address."""
    switch = Line("listing_office")
    if searching:
        switch.words("The search looks in your whole office.")
    else:
        chosen = WHOLE_OFFICE if whole else OWN_UNIT
        switch.choice("Show", UNITS, chosen, lambda choice: address.choose_office(choice == WHOLE_OFFICE))
    switch.draw()


def listing_tools(shown: Shown) -> None:
    """Filters, My lists, Export."""
    with st.container(key="cts_listing_tools", horizontal=True, vertical_alignment="center"):
        show_panel(shown.fields, shown.asked.filters.as_query())
        show_saved_lists()
        show_export(LISTING, asked_for_export(shown.asked, shown.criteria), shown.page.total)


def assignment_listing(actor: Actor, shown: Shown) -> None:
    """What narrows the listing, its rows, and its pages."""
    page, asked = shown.page, shown.asked
    show_chosen(shown.chosen)
    if page.rows:
        show_listing(actor, page, Order(asked.sort_by, asked.descending), address.sort)
    foot = Line("listing_foot", "lines")
    if not page.rows:
        foot.words(NO_MATCH if shown.searching or shown.chosen else f"No assignment yet. {when_a_youth_appears(actor)}")
    if page.closed:
        foot.words(
            counted(
                page.closed,
                "closed assignment on your listing matches too. Choose Status Any.",
                "closed assignments on your listing match too. Choose Status Any.",
            )
        )
    foot.pages(page.page, page.pages, address.turn_to)
    if page.total > COUNTED_AT_MOST:
        foot.words(f"The first {COUNTED_AT_MOST:,} are shown in pages. Filters and the search narrow the list.")
    foot.draw()
