"""The Search of the guide: its fields in its order, Search and Clear. What is typed stays in this tab and never stands in the address."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from cts.domain.fields import us_date
from cts.domain.filters import NON_CLOSED, STATUS_CHOICES
from cts.services.actor import Actor
from cts.services.criteria import Criteria, read_criteria
from cts.services.listing_columns import asks_pdj
from cts.services.refusals import Incomplete, Refusal
from cts.services.search import SearchElsewhere, search_elsewhere
from cts.services.similar import date_meant
from pages.shell import frame

SEARCHED, PROBLEMS = "home_searched", "home_search_problems"
STATUS = "search_status"
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


@dataclass(frozen=True)
class Searched:
    """The last press of Search: what was asked, what was found beyond the own listing at that moment, and a birth date to search by instead."""

    criteria: Criteria
    elsewhere: SearchElsewhere | None
    birth_date: date | None


def searched() -> Searched | None:
    """What the listing is narrowed by; None before a search and after Clear."""
    return st.session_state.get(SEARCHED)


def show_search(actor: Actor, status: str) -> None:
    """The form. `status` is what the address says; Search writes the chosen one there and nothing else."""
    if STATUS not in st.session_state or st.session_state.get("home_status_shown") != status:
        st.session_state[STATUS] = st.session_state["home_status_shown"] = status
    problems: dict[str, str] = st.session_state.get(PROBLEMS, {})
    with st.container(key="cts_home_search"), st.form("cts_search", border=False):
        st.header("Search")
        with st.container(key="cts_search_fields"):
            for name, label in FIELDS.items():
                if name != "pdj_number" or asks_pdj(actor):
                    _field(name, label, problems.get(name, ""))
        with st.container(horizontal=True):
            st.form_submit_button("Search", type="primary", on_click=_search)
            st.form_submit_button("Clear", on_click=_clear)
    with st.container(key="cts_search_meant", horizontal=True, vertical_alignment="center"):
        search = searched()
        if search and search.birth_date:
            other = us_date(search.birth_date)
            st.text(f"Did you mean {other}, with day and month exchanged?")
            st.button(f"Search with {other}", key="search_meant", on_click=_search_with, args=(other,))


def _field(name: str, label: str, problem: str) -> None:
    with st.container(key=f"search_field_{name}", gap=None):
        if name == "status":
            st.selectbox(label, STATUS_CHOICES, key=STATUS)
            return
        hint = "MM/DD/YYYY" if name == "birth_date" else None
        # No max_chars: the browser would drop a longer text without a word; read_criteria says what is too long.
        st.text_input(label, key=_key(name), placeholder=hint, autocomplete="off", persist_state="session")
        if problem:
            with st.container(key=f"fault_search_{name}"):
                st.text(problem)


def _key(name: str) -> str:
    return f"search_{name}"


def _typed() -> dict[str, str]:
    return {name: st.session_state.get(_key(name)) or "" for name in FIELDS if name != "status"}


def _search() -> None:
    """One press of Search: read what was typed, look beyond the own listing once, show page 1."""
    actor = frame.actor_now()
    if actor is None:
        return
    st.session_state[PROBLEMS] = {}
    try:
        criteria = read_criteria(_typed())
        found = search_elsewhere(actor, criteria, frame.now())
        meant = date_meant(actor, criteria) or (found.birth_date if found else None)
    except Incomplete as refusal:
        st.session_state[PROBLEMS] = dict(refusal.problems)
        return
    except Refusal as refusal:
        frame.refused(str(refusal))
        return
    st.session_state[SEARCHED] = Searched(criteria, found, meant) if criteria.names_a_youth else None
    _address(st.session_state.get(STATUS) or NON_CLOSED)


def _search_with(birth_date: str) -> None:
    """The same search with the date that was offered."""
    st.session_state[_key("birth_date")] = birth_date
    _search()


def _clear() -> None:
    for name in FIELDS:
        st.session_state[_key(name)] = NON_CLOSED if name == "status" else ""
    st.session_state[SEARCHED], st.session_state[PROBLEMS] = None, {}
    _address(NON_CLOSED)


def _address(status: str) -> None:
    st.session_state["home_status_shown"] = status
    st.query_params.pop("page", None)
    if status == NON_CLOSED:
        st.query_params.pop("status", None)
    else:
        st.query_params["status"] = status
