"""What surrounds every page: who is signed in, what was done, what was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

import streamlit as st

from cts.domain.names import spoken_name
from cts.domain.vocabulary import ROLE_TITLES
from cts.services.actor import Actor
from cts.services.refusals import Refusal
from cts.services.sessions import actor_of_session
from pages.shell.signed_in import session_hash

P = ParamSpec("P")
R = TypeVar("R")

PERSON, PAGE, ARRIVED, NOTICE = "cts_person", "cts_page", "cts_arrived", "cts_notice"


@dataclass(frozen=True)
class Notice:
    """One sentence for the top of the page: something was done, or was refused."""

    sentence: str
    done: bool


def now() -> datetime:
    """The present moment, as services want it."""
    return datetime.now(UTC)


def actor_now() -> Actor | None:
    """Who is signed in at this moment: for callbacks and fragments, which run without main.py. None when nobody is any more."""
    return actor_of_session(session_hash(), now())


def begin(actor: Actor, page: str) -> None:
    """Once a run, before the page: forget what another person left in this tab, note where we are, show the header."""
    if st.session_state.get(PERSON, actor.person_id) != actor.person_id:
        st.session_state.clear()
    st.session_state[PERSON] = actor.person_id
    st.session_state[ARRIVED] = st.session_state.get(PAGE) != page
    st.session_state[PAGE] = page
    _header(actor)


def page_now() -> str:
    """Which page of CTS this run is for."""
    return str(st.session_state.get(PAGE, ""))


def just_arrived() -> bool:
    """Whether this is the first run of the page since the person came to it."""
    return bool(st.session_state.get(ARRIVED))


def _header(actor: Actor) -> None:
    place = actor.office_name or actor.agency_name
    title = ROLE_TITLES[actor.role]
    with st.container(key="cts_who", horizontal=True):
        st.text(f"{spoken_name(actor.name)}\n{title}{' · ' + place if place and place != title else ''}")
        # cts.js makes this link a POST, so that nothing changes by following it.
        st.markdown("[Logout](/logout)")


def attempt(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
    """Call a service in a callback. A refusal becomes the sentence at the top of the page; None is returned then."""
    try:
        return function(*args, **kwargs)
    except Refusal as refusal:
        refused(str(refusal))
        return None


def said(sentence: str) -> None:
    """At the top of the next page drawn: what was done."""
    st.session_state[NOTICE] = Notice(sentence, done=True)


def refused(sentence: str) -> None:
    """At the top of the next page drawn: why it was not possible."""
    st.session_state[NOTICE] = Notice(sentence, done=False)


def notice_waits() -> bool:
    """Whether something was said or refused that is not shown yet: a part of the page that is drawn by itself then asks for the whole."""
    return NOTICE in st.session_state


def show_notice() -> None:
    """Show what was said or refused since the last run, once. A page calls it below its title."""
    notice = st.session_state.pop(NOTICE, None)
    # Its place is there always, so that what is being written below keeps its own (see keep_places).
    place = st.container()
    if notice is None:
        return
    with place, st.container(key="cts_done" if notice.done else "cts_refused"):
        # The sentence may hold the name of a person or an agency: never Markdown.
        st.text(notice.sentence)
