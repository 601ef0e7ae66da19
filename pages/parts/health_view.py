"""The parts of the page Health."""

import streamlit as st

from cts.domain.counting import counted
from cts.services.check_runs import Health, check_now, health
from cts.services.checks import Outcome
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

LOOK_EVERY_SECONDS = 2
_FOUND = (Column("found", "Found", wide=True),)
_NOT_HERE = (
    Column("about", "About"),
    Column("check", "Not checked here", wide=True),
    Column("why", "Why not", wide=True),
)
_WELL = (Column("about", "About"), Column("check", "What was checked", wide=True))


def show_last_run(found: Health) -> None:
    """When the checks were made last, and in one sentence what they say."""
    if not found.when:
        st.text("The checks were not made so far. They are made tonight, or now.")
        return
    by = f", asked for by {found.by}" if found.by else ""
    number = len(found.wrong)
    words = f"{counted(number, 'check')} found something wrong"
    with st.container(key="cts_refused_health" if found.wrong else "cts_done_health"):
        st.text(f"Checked {found.when}{by}: {words if found.wrong else _all_well(found)}.")


def _all_well(found: Health) -> str:
    return "all that is checked here is well" if found.not_here else "all is well"


def show_asking(found: Health) -> None:
    """The button to check now; while a run is under way, the sign of waiting."""
    if found.since:
        _waiting()
    else:
        st.button("Check now", key="check_now", on_click=_check_now)


def show_wrong(found: Health) -> None:
    """What is wrong, each with what it means, what was found and how to mend it."""
    if found.wrong:
        st.header("To be mended")
    for outcome in found.wrong:
        _show(outcome)


def show_well(found: Health) -> None:
    """What is well, folded."""
    if not found.well:
        return
    with st.expander(f"{counted(len(found.well), 'check')} found nothing wrong"):
        rows = [[Cell(check.about), Cell(check.title)] for check in found.well]
        show_table("Checks that found nothing wrong", _WELL, rows, key="table_well")


def show_not_here(found: Health) -> None:
    """What this server does not check, and why: it is not known to be well."""
    if found.not_here:
        rows = [[Cell(o.check.about), Cell(o.check.title), Cell(o.not_here)] for o in found.not_here]
        show_table("Not checked here", _NOT_HERE, rows, key="table_not_here")


def _show(outcome: Outcome) -> None:
    check = outcome.check
    with st.container(key=f"cts_finding_{check.key}", border=True):
        st.text(f"{check.about} · Not so: {check.title}")
        st.text(check.meaning)
        st.text(f"To mend it: {check.mend}")
        more = outcome.total - len(outcome.shown)
        rows = [[Cell(text)] for text in outcome.shown]
        show_table(f"Found by: {check.title}", _FOUND, rows, key=f"table_{check.key}")
        if more:
            st.text(f"{outcome.words} were found; the first {len(outcome.shown)} are shown.")


def _check_now() -> None:
    actor = frame.actor_now()
    if actor is not None:
        frame.attempt(check_now, actor, frame.now())


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _waiting() -> None:
    actor = frame.actor_now()
    if actor is None:
        return
    found = health(actor, frame.now())
    if not found.since:
        st.rerun(scope="app")
    st.text(f"The checks are being made, since {found.since} … You may leave this page and come back.")
