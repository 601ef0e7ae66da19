"""The Search of the guide: its fields in its order, Search and Clear. What is typed stays in this tab and never stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

import streamlit as st

from cts.domain.fields import us_date
from cts.domain.filters import NON_CLOSED, STATUS_CHOICES
from cts.services.criteria import NOTHING_SEARCHED, Criteria, read_criteria
from cts.services.refusals import Incomplete, Refusal
from cts.services.search import SearchElsewhere, day_first_meant, search_elsewhere
from cts.services.similar import date_meant
from pages.parts import address
from pages.parts.component import component
from pages.parts.line import Line
from pages.shell import frame

KEY = "cts_home_search"
SEARCHED, PROBLEMS, TYPED, TURN = "home_searched", "home_search_problems", "home_search_typed", "home_search_turn"
DAY_FIRST = "home_search_day_first"
"""Beside PROBLEMS: the birth date that was meant, where only that was wrong."""
FIELDS = {
    "referral_number": "Referral #",
    "case_number": "Case #",
    "last_name": "Youth Last Name",
    "first_name": "Youth First Name",
    "birth_date": "Youth DOB",
    "status": "Status",
    "state_id": "State ID",
    "pdj_number": "PDJ #",
}
_draw = component("cts_search", "search.js")


@dataclass(frozen=True)
class Searched:
    """The last press of Search: what was asked, what was found beyond the own listing at that moment, and a birth date to search by instead."""

    criteria: Criteria
    elsewhere: SearchElsewhere | None
    birth_date: date | None


def searched() -> Searched | None:
    """What the listing is narrowed by; None before a search and after Clear."""
    return st.session_state.get(SEARCHED)


def show_search(status: str, found: str) -> None:
    """The form. `status` is what the address says; Search writes the chosen one there and nothing else. `found`: what the last search found."""
    state = st.session_state
    _draw(
        key=KEY,
        data={
            "fields": [_field(name, label) for name, label in FIELDS.items()],
            "values": {"status": status, **state.get(TYPED, {})},
            "problems": dict(state.get(PROBLEMS, {})),
            "turn": state.get(TURN, 0),
            "found": found,
            "known": SEARCHED in state,
        },
        search=_search,
        clear=_clear,
    )
    answer, search = Line("search_meant", "alert" if state.get(PROBLEMS) else "row"), searched()
    if state.get(PROBLEMS):
        answer.words(NOTHING_SEARCHED)
    if meant := search.birth_date if search else state.get(DAY_FIRST):
        other = us_date(meant)
        answer.words(f"Did you mean {other}, with day and month exchanged?")
        answer.button(f"Search with {other}", partial(_search_with, other))
    answer.draw()


def _field(name: str, label: str) -> dict[str, Any]:
    if name == "status":
        return {"name": name, "label": label, "options": STATUS_CHOICES}
    # No longest text: the browser would drop a longer one without a word; read_criteria says what is too long.
    return {"name": name, "label": label, "hint": "MM/DD/YYYY" if name == "birth_date" else ""}


def _search(sent: Any) -> None:
    """Search was pressed: what the browser sent is read as text, and only by the names of the fields."""
    if not isinstance(sent, Mapping):
        return
    typed = {name: text for name in FIELDS if isinstance(text := sent.get(name), str)}
    status = typed.pop("status", NON_CLOSED)
    _look(typed, status if status in STATUS_CHOICES else NON_CLOSED)


def _look(typed: dict[str, str], status: str) -> None:
    """Look beyond the own listing once, show page 1. What was typed stays in the fields."""
    actor = frame.actor_now()
    if actor is None:
        return
    _show(typed)
    try:
        criteria = read_criteria(typed)
        found = search_elsewhere(actor, criteria, frame.now())
        meant = date_meant(actor, criteria) or (found.birth_date if found else None)
    except Incomplete as refusal:
        # What an earlier search found is no answer to this one.
        st.session_state[SEARCHED] = None
        _show({**typed, "status": status}, dict(refusal.problems))
        st.session_state[DAY_FIRST] = frame.attempt(day_first_meant, actor, typed, frame.now())
        return
    except Refusal as refusal:
        st.session_state[SEARCHED] = None
        frame.refused(str(refusal))
        return
    st.session_state[SEARCHED] = Searched(criteria, found, meant) if criteria.names_a_youth else None
    _address(status)


def _search_with(birth_date: str) -> None:
    """The same search with the date that was offered."""
    typed = dict(st.session_state.get(TYPED, {}))
    # Of a search that was refused, the status stands in the field and not yet in the address.
    status = typed.pop("status", address.meant().get("status", NON_CLOSED))
    _look({**typed, "birth_date": birth_date}, status)


def _clear(_: Any) -> None:
    _show({})
    st.session_state[SEARCHED] = None
    _address(NON_CLOSED)


def _show(typed: dict[str, str], problems: Mapping[str, str] = MappingProxyType({})) -> None:
    """Another turn: the fields show this, whatever stood there."""
    st.session_state[TYPED], st.session_state[PROBLEMS] = typed, problems
    st.session_state[DAY_FIRST] = None
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _address(status: str) -> None:
    address.change(status="" if status == NON_CLOSED else status)
