"""What the address of the Home page says, so that a list can be sent as a link. No name and no birth date ever stands there."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from cts.domain.filters import Filters
from cts.services.listing_asked import Asked, read_asked
from cts.services.listing_columns import SortBy
from pages.parts import address
from pages.parts.table_view import Order

LEFT_AT = "home_left_at"


def read() -> Asked:
    """The address as it stands. It is kept too, so that Back finds the same list."""
    asked = read_asked(address.now())
    st.session_state[LEFT_AT] = asked.as_query()
    return asked


def left_at() -> dict[str, str]:
    """What the address of the Home page said when the person left it."""
    return dict(st.session_state.get(LEFT_AT, {}))


def sort(order: Order) -> None:
    """Ask for another order, from the first page."""
    _say(replace(meant(), sort_by=SortBy(order.by), descending=order.descending, page=1))


def turn_to(page: int) -> None:
    """Ask for another page."""
    _say(replace(meant(), page=page))


def choose_office(whole: bool) -> None:
    """Ask for the own unit or the whole office, from the first page."""
    _say(replace(meant(), whole_office=whole, page=1))


def narrow(name: str, value: str) -> None:
    """Ask for another value of one filter ('' for none), from the first page."""
    query = {**meant().as_query(), name: value}
    _say(read_asked(query).without_page())


def widen() -> None:
    """Take all filters off."""
    _say(replace(meant(), filters=Filters(), page=1))


def go_to(query: Mapping[str, str]) -> None:
    """Ask for a list that was saved."""
    _say(read_asked(query).without_page())


def meant() -> Asked:
    """What the address asks for, to whoever pressed something; for callbacks."""
    return read_asked(address.meant())


def _say(asked: Asked) -> None:
    address.say(asked.as_query())
