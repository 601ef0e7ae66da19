"""Load a CWS/CMS extract: upload, preview, confirm, watch, report. For CSEC Administration."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.extract import list_loads
from cts.services.extract_run import run_progress
from cts.services.refusals import Refusal
from pages.parts.extract_state import LOAD, PREVIEW, UPLOAD, AtWork, at_work, take_upload
from pages.parts.extract_steps import not_read, show_preview, show_progress, show_report
from pages.parts.extract_view import show_loads
from pages.shell import frame

WHAT_IT_IS = (
    "The daily extract of CWS/CMS, as .csv or .xlsx: one line for each youth, episode and row of the CSEC Data Grid. First you see what it "
    "would change; nothing is changed until you confirm. A file too large for this page is loaded on the server: "
    "python -m cts load-extract FILE"
)


def render(actor: Actor) -> None:
    """The page."""
    st.title("Load extract")
    frame.show_notice()
    work = at_work()
    if work is None:
        st.text(WHAT_IT_IS)
        st.file_uploader("Extract of CWS/CMS", type=["csv", "xlsx"], key=UPLOAD, on_change=take_upload)
    else:
        _step(actor, work)
    show_loads(list_loads(actor, frame.now()))


def _step(actor: Actor, work: AtWork) -> None:
    try:
        progress = run_progress(actor, work.token, frame.now(), preview=work.step == PREVIEW)
    except Refusal as refusal:
        not_read(work.token, str(refusal))
        return
    if not progress.done:
        show_progress(work)
    elif progress.error:
        not_read(work.token, progress.error)
    elif work.step == LOAD:
        show_report(work.token, progress.report)
    else:
        show_preview(work.token, progress.report)
