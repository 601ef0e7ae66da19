"""What the address of the Home page says, so that a list can be sent as a link. No name and no birth date ever stands there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import streamlit as st

from cts.domain.filters import Filters
from cts.services.listing_asked import Asked, read_asked
from cts.services.listing_columns import SortBy
from pages.parts.table_view import Order
from pages.shell import frame

LEFT_AT, SAID = "home_left_at", "home_said"
ON_ITS_WAY = timedelta(seconds=2)
"""How long a browser that was told of another address may still name the one before: whoever presses two buttons quickly means both."""


@dataclass(frozen=True)
class Said:
    """The last change of the address by a button: from what to what, and when."""

    before: Asked
    after: Asked
    at: datetime


def read() -> Asked:
    """The address as it stands. It is kept too, so that Back finds the same list."""
    asked = now()
    st.session_state[LEFT_AT] = asked.as_query()
    return asked


def left_at() -> dict[str, str]:
    """What the address of the Home page said when the person left it."""
    return dict(st.session_state.get(LEFT_AT, {}))


def sort(order: Order) -> None:
    """Ask for another order, from the first page."""
    _say(replace(now(), sort_by=SortBy(order.by), descending=order.descending, page=1))


def turn_to(page: int) -> None:
    """Ask for another page."""
    _say(replace(now(), page=page))


def choose_office(whole: bool) -> None:
    """Ask for the own unit or the whole office, from the first page."""
    _say(replace(now(), whole_office=whole, page=1))


def narrow(name: str, value: str) -> None:
    """Ask for another value of one filter ('' for none), from the first page."""
    query = {**now().as_query(), name: value}
    _say(read_asked(query).without_page())


def widen() -> None:
    """Take all filters off."""
    _say(replace(now(), filters=Filters(), page=1))


def go_to(query: Mapping[str, str]) -> None:
    """Ask for a list that was saved."""
    _say(read_asked(query).without_page())


def now() -> Asked:
    """What the address asks for at this moment; for callbacks."""
    asked, said = read_asked(st.query_params.to_dict()), st.session_state.get(SAID)
    if said and asked == said.before and frame.now() - said.at < ON_ITS_WAY:
        st.query_params.from_dict(said.after.as_query())
        return read_asked(said.after.as_query())
    return asked


def _say(asked: Asked) -> None:
    st.session_state[SAID] = Said(now(), asked, frame.now())
    st.query_params.from_dict(asked.as_query())
