"""What a reader has to know before the form: what was done or refused, why it came back, what is wrong, what changed, who serves."""

import streamlit as st

from cts.domain.counting import counted
from cts.domain.fields import ROW_ID, Problem, Stage
from cts.domain.rows import full_rows
from cts.domain.vocabulary import Action, Status
from cts.domain.workflow import is_reviewed, may_be_written, who_may
from cts.services.documents import DocumentView
from pages.parts.answers import cell_key, widget_key
from pages.parts.on_screen import OnScreen
from pages.shell import frame


def show_banners(view: DocumentView, screen: OnScreen) -> None:
    """All of them, the most urgent first; each only where it has something to say."""
    # Those that come and go while somebody writes stand in one place, so that the form below keeps its own (see keep_places).
    with st.container(key="cts_banners"):
        frame.show_notice()
        _lost(screen)
        if screen.changed_elsewhere:
            _banner(
                "cts_elsewhere",
                f"This {view.kind} was changed in the meantime. It is shown as it is now; please read it again.",
            )
        _problems(view, screen)
        _exception(view)
    if view.rejection:
        was = view.rejection
        _banner("cts_rejection", f"Rejected by {was.by} on {was.when}", f"{was.reason}: {was.text}")
    if not view.writable and is_reviewed(view.kind) and may_be_written(view.kind, view.status):
        _being_written(view)
    _changes(view)
    if who_may(view.kind, view.status, Action.ASSIGN):
        _agency(view)


def _banner(key: str, title: str, words: str = "") -> None:
    with st.container(key=key, gap=None):
        # Names, reasons and exceptions are what people typed: never Markdown.
        st.text(title)
        if words:
            st.text(words)


def _exception(view: DocumentView) -> None:
    if not view.exception_for:
        return
    said = str(view.answers.get("exception") or "")
    if said:
        _banner("cts_exception", f"Exception asked for: {view.exception_for}.", said)
    elif view.writable:
        _banner(
            "cts_exception",
            f"An exception is needed: {view.exception_for}.",
            "Say why in Section V, Exception asked for.",
        )


def _lost(screen: OnScreen) -> None:
    for key, texts, title in (
        ("cts_lost", screen.lost, "What you typed last was not saved. Copy it before you leave this page."),
        (
            "cts_displaced",
            screen.displaced,
            "Another window answered the same question since you opened this page. Your answer is saved; this stood there. "
            "Copy it before you leave this page if you need it.",
        ),
    ):
        if texts:
            _banner(key, title, "\n".join(f"{label}: {text}" for label, text in texts.items()))


def _problems(view: DocumentView, screen: OnScreen) -> None:
    if not (screen.checking and view.problems):
        return
    many = counted(len(view.problems), "answer needs", "answers need")
    with st.container(key="cts_problems"):
        st.header(f"{many} your attention before you can {'sign' if view.signers else 'submit'}", anchor=False)
        for problem in view.problems:
            label, key, words = _told(view, problem)
            if label:
                st.markdown(f"[{label}](#{widget_key(key, screen.place)})")
                st.text(words[:1].upper() + words[1:])


def _told(view: DocumentView, problem: Problem) -> tuple[str, str, str]:
    """A problem as a link and a sentence: the words of the question or cell, what they lead to, what is wrong there."""
    field = view.spec.field(problem.field)
    if field is None:
        return "", "", ""
    column = next((c for c in field.columns if c.key == problem.column), None)
    if column is None:
        return field.label, field.key, problem.sentence.removeprefix(f"{field.label.removesuffix('?')}: ")
    ids = [row[ROW_ID] for row in full_rows(view.answers.get(field.key))]
    label = f"{field.one or 'Row'} {ids.index(problem.row) + 1}, {column.label}"
    return label, cell_key(field.key, problem.row, column.key), problem.sentence.partition(": ")[2] or problem.sentence


def _being_written(view: DocumentView) -> None:
    if view.stage is Stage.SPENDING:
        _banner(
            "cts_info",
            f"Actual costs and receipts are being written down by {view.writer}. They are not submitted yet.",
        )
        return
    shown = "What stands here is what was last submitted." if view.answers else "Only what CWS/CMS gives stands here."
    begun = (
        "is being written by" if view.status is not Status.NOT_STARTED else "has not been begun. It will be written by"
    )
    _banner("cts_info", f"The {view.kind} {begun} {view.writer}. {shown}")


def _changes(view: DocumentView) -> None:
    if not view.changes:
        return
    st.header("What changed since it was rejected", anchor=False)
    with st.container(key="cts_changes"):
        for words in ("Question", "Before", "Now"):
            st.text(words)
        for change in view.changes:
            st.text(change.label)
            st.text(change.before or change.blank)
            st.text(change.after or change.blank)


def _agency(view: DocumentView) -> None:
    with st.container(key="cts_agency"):
        for label, value in (
            ("Agency", view.agency),
            ("Advocate", view.advocate or "Not assigned yet"),
            ("Safety alerts acknowledged", view.alerts_acknowledged or "Not yet"),
        ):
            st.text(label)
            st.text(value)
