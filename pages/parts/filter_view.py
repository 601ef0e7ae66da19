"""The filters of the listing: a panel to choose from, and what is chosen, to be cleared singly or all at once."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from cts.services.filter_options import LABELS, ChosenFilter, FilterField
from pages.parts import listing_address as address
from pages.parts.address import keep_asked
from pages.parts.line import Line

PANEL = "filter_panel"
NOTHING_TO_CHOOSE = "Everything on this list is alike: there is nothing to narrow it by."


def panel_is_open() -> bool:
    """Whether the panel stands open: only then is what it offers looked up."""
    return bool(st.session_state.get(PANEL))


def show_panel(fields: Sequence[FilterField], chosen: dict[str, str]) -> None:
    """The button Filters and, while it is open, a list for each filter. `chosen` are the values in force."""
    panel = st.popover("Filters", key=PANEL, on_change=keep_asked)
    if not panel_is_open():
        return
    with panel, st.container(key="cts_filter_fields"):
        if not fields:
            st.text(NOTHING_TO_CHOOSE)
        for field in fields:
            _ask(field, chosen.get(field.name, ""))


def show_chosen(chosen: Sequence[ChosenFilter]) -> None:
    """What narrows the list now, each with its own button, and one for all."""
    narrowed = Line("filters_chosen")
    for one in chosen:
        narrowed.chip(f"{one.label}: {one.words}", f"Clear {one.label.lower()}", partial(address.narrow, one.name, ""))
    if chosen:
        narrowed.button("Clear all filters", address.widen)
    narrowed.draw()


def _ask(field: FilterField, chosen: str) -> None:
    key = f"filter_{field.name}"
    words = {"": "All"} | {option.value: option.shown for option in field.options}
    values = list(words) if chosen in words else [*words, chosen]
    st.session_state[key] = chosen
    st.selectbox(
        LABELS[field.name],
        values,
        format_func=lambda value: words.get(value, "The one chosen (0)"),
        key=key,
        on_change=_chosen,
        args=(field.name,),
    )


def _chosen(name: str) -> None:
    address.narrow(name, st.session_state[f"filter_{name}"] or "")
