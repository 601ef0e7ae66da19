"""What the address of a page says: choices and the page of a list, which reload and Back find again. No name of a youth, no birth date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeVar

import streamlit as st

from cts.domain.addresses import read_number
from pages.shell import frame

S = TypeVar("S", bound=str)

PAGE, STATE, ALL, _SAID = "page", "state", "All", "address_said"
ON_ITS_WAY = timedelta(seconds=2)
"""How long a browser that was told of another address may still name the one before: whoever presses two buttons quickly means both."""


@dataclass(frozen=True)
class Said:
    """The last change of the address by a button: of which page of CTS, from what to what, and when."""

    at_page: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    at: datetime


def now() -> dict[str, str]:
    """What the address says."""
    return st.query_params.to_dict()


def meant() -> dict[str, str]:
    """What the address says to whoever pressed something: what was asked for a moment ago counts, though the browser may not have heard of it.

    For callbacks; whatever is pressed has one, be it only `keep_asked`. A run without one may be Back, which means what the address says.
    """
    query, said = now(), st.session_state.get(_SAID)
    if said and (said.at_page, said.before) == (frame.page_now(), query) and frame.now() - said.at < ON_ITS_WAY:
        query = dict(said.after)
        st.query_params.from_dict(query)
    return query


def keep_asked() -> None:
    """The callback of what asks for nothing else: what was asked for a moment ago counts."""
    meant()


def say(query: Mapping[str, str]) -> None:
    """Ask for what `query` says and for nothing else; for callbacks."""
    st.session_state[_SAID] = Said(frame.page_now(), meant(), dict(query), frame.now())
    st.query_params.from_dict(query)


def change(**values: str) -> None:
    """Ask for other values ('' for none), from the first page of the list; for callbacks."""
    say({name: value for name, value in {**meant(), PAGE: "", **values}.items() if value})


def page() -> int:
    """Which page of the list is asked for; the first where nothing can be read."""
    return read_number(now().get(PAGE, "")) or 1


def turn_to(page: int) -> None:
    """Ask for another page of the list."""
    change(**{PAGE: str(page) if page > 1 else ""})


def choose(
    label: str, name: str, options: Mapping[str, str], chosen: str, *, width: int | Literal["stretch"] = "stretch"
) -> None:
    """A list to choose from; what is chosen stands in the address under this name, the first option by nothing."""
    key = f"address_{name}"
    # Streamlit takes the member of an enumeration for another thing than its text, which the address has.
    words = {str(value): text for value, text in options.items()}
    st.session_state[key] = str(chosen)
    st.selectbox(
        label,
        list(words),
        format_func=words.__getitem__,
        key=key,
        on_change=_chosen,
        args=(name, words),
        width=width,
    )


def choose_state(totals: Mapping[S, int], only: S | None) -> None:
    """All, or only what is in one state, as buttons in a row with the number of each."""
    numbers: dict[str, int] = {ALL: sum(totals.values())} | {str(state): number for state, number in totals.items()}
    words = {state: f"{state} ({number:,})" for state, number in numbers.items()}
    key = f"address_{STATE}"
    st.session_state[key] = str(only or ALL)
    st.segmented_control(
        "Show",
        list(words),
        required=True,
        format_func=words.__getitem__,
        key=key,
        on_change=_chosen,
        args=(STATE, words),
        label_visibility="collapsed",
    )


def _chosen(name: str, options: Mapping[str, str]) -> None:
    value = st.session_state[f"address_{name}"]
    change(**{name: "" if value == next(iter(options)) else value})
