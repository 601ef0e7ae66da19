"""Where in a client record a person is: the assignment, the tab and the document the address names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from cts.domain.addresses import Tab, read_item, read_number
from cts.domain.vocabulary import Document
from pages.shell.frame import just_arrived

SEEN = "cts_record_place"
NO_SUCH_ITEM = "There is no such document in this record. What there is stands here."


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `tab` None: none is named; `item` is which document of it ("plan-2"), '' for none."""

    number: int
    tab: Tab | None
    item: str


@dataclass(frozen=True)
class Place:
    """A tab of a record that is shown, and the item asked for on it; `arrived`: it was just opened."""

    number: int
    tab: Tab
    item: str
    arrived: bool


def place_asked(address: Mapping[str, str]) -> Asked | None:
    """The place an address asks for; an unknown tab is the first one. None when the number cannot be one."""
    number = read_number(address.get("number", ""))
    if number is None:
        return None
    tab = address.get("tab")
    known = None if tab is None else Tab(tab) if tab in set(Tab) else Tab.SUMMARY
    return Asked(number, known, address.get("item", ""))


def tab_seen(number: int) -> Tab | None:
    """The tab of this record that the page showed before this rerun; None when it has just been opened."""
    before, tab = st.session_state.get(SEEN, (0, None))
    return tab if before == number and not just_arrived() else None


def shown(asked: Asked, tab: Tab) -> Place:
    """The tab that is shown, which the next run finds by `tab_seen`."""
    arrived = tab_seen(asked.number) is not tab
    st.session_state[SEEN] = (asked.number, tab)
    return Place(asked.number, tab, asked.item, arrived)


def chosen(place: Place, known: Collection[tuple[Document, int]]) -> tuple[Document, int] | None:
    """The document the address names, of those there are on this tab; says so when it names another."""
    if not place.item:
        return None
    item = read_item(place.item)
    if item in known:
        return item
    # A key of its own: who is writing what is shown may be said below, under cts_info.
    with st.container(key="cts_no_such_item"):
        st.text(NO_SUCH_ITEM)
    return None
