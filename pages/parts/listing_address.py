"""What the address of the Home page says, so that a list can be sent as a link. No name and no birth date ever stands there."""

from dataclasses import dataclass

import streamlit as st

from cts.domain.filters import NON_CLOSED, STATUS_CHOICES, Filters, read_filters
from cts.services.listings import SortBy
from pages.parts.table_view import Order

LONGEST_NUMBER = 6


@dataclass(frozen=True)
class Asked:
    """Which part of the listing is asked for, and in which order."""

    status: str
    sort_by: SortBy
    descending: bool
    page: int
    whole_office: bool


def read() -> Asked:
    """The address as it stands; whatever cannot be read there counts as not said."""
    said = st.query_params
    status = said.get("status", NON_CLOSED)
    sort = said.get("sort", "")
    page = said.get("page", "")
    number = page.isascii() and page.isdigit() and len(page) <= LONGEST_NUMBER
    return Asked(
        status=status if status in STATUS_CHOICES else NON_CLOSED,
        sort_by=SortBy(sort.lstrip("-")) if sort.lstrip("-") in set(SortBy) else SortBy.NUMBER,
        descending=sort.startswith("-"),
        page=int(page) if number else 1,
        whole_office=said.get("office") == "all",
    )


def attention() -> Filters | None:
    """The filters of a list of Attention, which the page of that name links to; None where the address names none."""
    asked = read_filters(st.query_params)
    return asked if asked.attention else None


def show_all() -> None:
    """Ask for the whole listing again."""
    _say("attention", "")
    _say("page", "")


def sort(order: Order) -> None:
    """Ask for another order, from the first page."""
    plain = order == Order(SortBy.NUMBER)
    _say("sort", "" if plain else f"{'-' if order.descending else ''}{order.by}")
    _say("page", "")


def turn_to(page: int) -> None:
    """Ask for another page."""
    _say("page", "" if page == 1 else str(page))


def choose_office(whole: bool) -> None:
    """Ask for the own unit or the whole office, from the first page."""
    _say("office", "all" if whole else "")
    _say("page", "")


def _say(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
