"""Where in a client record a person is: the assignment, the tab and the document the address names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from cts.domain.addresses import Tab, read_item
from cts.domain.vocabulary import Document
from pages.shell.frame import just_arrived

LONGEST_NUMBER = 12
SEEN = "cts_record_place"
NO_SUCH_ITEM = "There is no such document in this record. What there is stands here."


@dataclass(frozen=True)
class Place:
    """A tab of a record. `item` is what the address names ("plan-2"), '' for nothing; `arrived`: the tab was just opened."""

    number: int
    tab: Tab
    item: str
    arrived: bool


def place_asked(address: Mapping[str, str]) -> Place | None:
    """The place an address asks for; an unknown tab is the first one. None when the number cannot be one."""
    number = address.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return None
    asked = address.get("tab", "")
    tab = Tab(asked) if asked in set(Tab) else Tab.SUMMARY
    arrived = just_arrived() or st.session_state.get(SEEN) != (int(number), tab)
    return Place(int(number), tab, address.get("item", ""), arrived)


def where_work_waits(place: Place, address: Mapping[str, str], *, asked_of_me: bool) -> Place:
    """Without a tab in the address: the Referral, for the coordinator who still has to acknowledge its alerts or to name the Advocate."""
    return replace(place, tab=Tab.REFERRAL) if asked_of_me and "tab" not in address else place


def remember(place: Place) -> None:
    """The tab has been opened, and that is logged: the next run is a rerun."""
    st.session_state[SEEN] = (place.number, place.tab)


def chosen(place: Place, known: Collection[tuple[Document, int]]) -> tuple[Document, int] | None:
    """The document the address names, of those there are on this tab; says so when it names another."""
    if not place.item:
        return None
    item = read_item(place.item)
    if item in known:
        return item
    with st.container(key="cts_info"):
        st.text(NO_SUCH_ITEM)
    return None
