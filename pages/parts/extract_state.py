"""Which uploaded extract a tab is at work on. The file and its progress are on the server; the address names them, so that leaving is safe."""

from dataclasses import dataclass

import streamlit as st

from cts.services import extract_run
from cts.services.refusals import Refusal
from pages.shell import frame

UPLOAD, KEPT = "extract_upload", "extract_at_work"
PREVIEW, LOAD = "preview", "load"


@dataclass(frozen=True)
class AtWork:
    """A kept upload and what is done with it."""

    token: str
    step: str


def at_work() -> AtWork | None:
    """From the address, else from this tab's memory (the menu's link to the page carries no address of ours)."""
    token, step = st.query_params.get("upload", ""), st.query_params.get("step", "")
    if token and step in {PREVIEW, LOAD}:
        st.session_state[KEPT] = AtWork(token, step)
    return st.session_state.get(KEPT)


def take_upload() -> None:
    """The uploader's callback: keep the file and begin the preview."""
    file = st.session_state.get(UPLOAD)
    actor = frame.actor_now()
    if file is None or actor is None:
        return
    token = frame.attempt(extract_run.keep_upload, actor, file.getvalue(), frame.now())
    if token:
        _start(token, file.name, PREVIEW, force=False)


def confirm(token: str, file_name: str) -> None:
    """The Load button's callback."""
    _start(token, file_name, LOAD, force=bool(st.session_state.get("extract_force")))


def _start(token: str, file_name: str, step: str, *, force: bool) -> None:
    actor = frame.actor_now()
    if actor is None:
        return
    try:
        extract_run.start_run(actor, token, file_name, frame.now(), preview=step == PREVIEW, force=force)
    except Refusal as refusal:
        frame.refused(str(refusal))
        return
    st.session_state[KEPT] = AtWork(token, step)
    st.query_params.from_dict({"upload": token, "step": step})


def discard(token: str) -> None:
    """Remove the upload from the server and begin anew."""
    actor = frame.actor_now()
    if actor is not None:
        frame.attempt(extract_run.forget_upload, actor, token, frame.now())
    st.session_state[KEPT] = None
    st.query_params.clear()
