"""Who is signed in, for every run of the script."""

from datetime import UTC, datetime

import streamlit as st

from cts.services.actor import Actor
from cts.services.session_end import SessionEnd, ends_soon
from cts.services.sessions import SignedIn, sign_out, signed_in
from cts.settings import settings

WATCH_EVERY_SECONDS = 20


def current_session() -> SignedIn:
    """Who is signed in, read afresh from the database. When nobody is any more: clears the page, says so, and stops the run."""
    found = signed_in(session_hash(), datetime.now(UTC))
    if found is None:
        by_choice = st.session_state.get("signed_out", False)
        # The class that this key gives is what cts.js looks for: it leads to the sign-in page at once. Only Markdown: nothing that
        # the browser would still have to fetch, since it gets nothing any more.
        with st.container(key="signed_out" if by_choice else "session_ended"):
            st.markdown(
                f"# {'You are signed out' if by_choice else 'Your session has ended'}\n\n[Sign in again](/login)"
            )
        st.stop()
    return found


@st.fragment(run_every=WATCH_EVERY_SECONDS)
def watch_session(drawn_for: Actor, just_read: list[SignedIn]) -> None:
    """Clear the screen of a session that ended elsewhere, and of a record whose emergency access, or cover, ended, without a click:
    `drawn_for` is the actor of the run that draws the page. A session that is about to end by itself is said. Call it once, in main.py.

    `just_read` is what that run has read, and is used up by it; every later look of this fragment finds nothing there and reads anew.

    The gate turns the request of an ended session into a run of the whole script; this covers a session that ends in between. It does
    not count as activity (Streamlit marks it as an automatic rerun, and the gate reads that mark).
    """
    now = datetime.now(UTC)
    found = just_read.pop() if just_read else signed_in(session_hash(), now)
    if found is None or (found.actor.emergencies, found.actor.covers) != (drawn_for.emergencies, drawn_for.covers):
        st.rerun()
    end = ends_soon(found, now)
    if end is not None:
        _say(end)


def _say(end: SessionEnd) -> None:
    """What cts.js shows above the page, and above an open dialog."""
    with st.container(key="cts_session_ends"):
        if end.idle:
            st.text(
                f"Nothing was done here for a while. At {end.at} you are signed out and this screen is cleared; what was saved is kept."
            )
            # Pressing it is the activity: the gate notes it before this runs again.
            st.button("Stay signed in", key="cts_stay")
        else:
            st.text(
                f"Your session ends at {end.at}, as every session does after {settings().session_hours} hours. "
                "What was saved is kept; sign in again to go on."
            )


def end_session(everywhere: bool = False) -> None:
    """For the Sign-out button's on_click: end this session, or all of this person's, at once and everywhere."""
    sign_out(session_hash(), datetime.now(UTC), everywhere=everywhere)
    st.session_state["signed_out"] = True


def session_hash() -> str:
    """The session the gate found in the cookie when this page was opened; the browser cannot set this header."""
    return st.context.headers.get("X-Cts-Session", "")
