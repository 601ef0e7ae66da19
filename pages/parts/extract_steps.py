"""The steps of loading an extract, as they are shown: watching, what it would change, what it has changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from cts.domain.extract import looks_partial
from cts.domain.fields import us_date
from cts.services.extract_run import run_progress
from cts.services.refusals import Refusal
from pages.parts.extract_state import PREVIEW, AtWork, confirm, discard
from pages.parts.extract_view import show_counts, show_refused
from pages.shell import frame

LOOK_EVERY_SECONDS = 1


def show_progress(work: AtWork) -> None:
    """How far the other process is. The page can be left; it goes on."""
    preview = work.step == PREVIEW
    st.header("Reading the extract" if preview else "Loading the extract")
    st.text(
        "Nothing is changed yet. You may leave this page and come back."
        if preview
        else "This goes on by itself: you may leave this page and come back. All of it is saved at the end, or nothing."
    )
    _bar(work)
    st.button(
        "Stop watching and upload another file", on_click=discard if preview else _stop_watching, args=(work.token,)
    )


def _stop_watching(_token: str) -> None:
    st.session_state["extract_at_work"] = None
    st.query_params.clear()


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _bar(work: AtWork) -> None:
    actor = frame.actor_now()
    if actor is None:
        return
    try:
        progress = run_progress(actor, work.token, frame.now(), preview=work.step == PREVIEW)
    except Refusal:
        st.rerun(scope="app")
    st.progress(min(max(progress.fraction, 0.0), 1.0), text=f"{progress.words} … {progress.fraction:.0%}")
    if progress.done:
        st.rerun(scope="app")


def not_read(token: str, sentence: str) -> None:
    """The file is no extract, or was not loaded; the sentence says why and what to do."""
    with st.container(key="cts_refused_extract"):
        # It may quote a heading of the file: never Markdown.
        st.text(sentence)
    st.button("Upload another file", type="primary", on_click=discard, args=(token,))


def show_preview(token: str, report: Mapping[str, Any]) -> None:
    """What loading would change, and the two buttons."""
    st.header("What this extract would change")
    show_counts(report)
    older = report["older_than"]
    if report["loaded_before"] and not older:
        st.text("This very file has been loaded before. Loading it again changes nothing.")
    if older:
        with st.container(key="cts_exception"):
            st.text(f"This extract is older than the last one loaded, of {us_date(date.fromisoformat(older))}.")
        st.checkbox("Load although it is older", key="extract_force")
    partial = _ask_whether_whole(report["counts"])
    unticked = bool(older) and not st.session_state.get("extract_force")
    with st.container(horizontal=True):
        st.button(
            "Load this extract",
            type="primary",
            on_click=confirm,
            args=(token, report["file_name"]),
            disabled=unticked or (partial and not st.session_state.get("extract_whole")),
        )
        st.button("Discard", on_click=discard, args=(token,))
    show_refused(report, f"/extracts/uploads/{token}/refused")


def _ask_whether_whole(counts: Mapping[str, int]) -> bool:
    """Whether the file looks like a part of an extract; asks for a tick then."""
    gone = counts["gone"]
    if not looks_partial(gone, gone + counts["changed"] + counts["unchanged"]):
        return False
    with st.container(key="cts_partial"):
        st.text(
            f"{gone:,} assignments listed so far are not in this file and would be marked as no longer in CWS/CMS. "
            "The file may be only a part of the extract."
        )
    st.checkbox("This is the whole extract", key="extract_whole")
    return True


def show_report(token: str, report: Mapping[str, Any]) -> None:
    """What loading has changed."""
    with st.container(key="cts_done_extract"):
        st.text("The extract is loaded.")
    st.header("What this extract has changed")
    show_counts(report)
    st.button("Load another extract", type="primary", on_click=discard, args=(token,))
    show_refused(report, f"/extracts/{report['load_id']}/refused")
