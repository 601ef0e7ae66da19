"""The Documents tab of a client record: what there is, what was removed, and an uploader for those who may add."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from cts.domain.case_files import KINDS
from cts.services.actor import Actor
from cts.services.case_files import FileView, RecordFiles, keep_file, record_files, remove_file
from cts.services.refusals import Incomplete, Refusal
from cts.settings import settings
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

SCREEN = "cts_files_on_screen"
_COLUMNS = (
    Column("name", "Document", wide=True),
    Column("kind", "Kind"),
    Column("by", "Added by", wide=True),
    Column("when", "When", wide=True),
    Column("size", "Size"),
)
_REMOVE = Column("remove", "Remove")


@dataclass
class FilesScreen:
    """What a tab knows of the files it shows. Changed in place: a write to session_state may be cut short, this is not.

    `turn` counts uploads: a new one makes the uploader empty again. `kept` and `refused` are what was said to each file of the last one,
    by the id Streamlit gave the file: a second click that comes meanwhile asks for no file again.
    """

    number: int
    turn: int = 0
    kept: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    removing: str = ""
    refusal: str = ""


def show_files(actor: Actor, number: int) -> None:
    """The files of assignment `number`, as this person may see, add and remove them. Refusals to read go to the caller."""
    screen = st.session_state.get(SCREEN)
    if not isinstance(screen, FilesScreen) or screen.number != number:
        screen = st.session_state[SCREEN] = FilesScreen(number)
    found = record_files(actor, number)
    st.header("Documents")
    if found.kinds:
        _uploader(screen, found)
    else:
        st.text(found.who_may_add)
    _answers(screen)
    kept = [file for file in found.files if not file.removed]
    if kept:
        can_remove = any(file.may_remove for file in kept)
        columns = (*_COLUMNS, _REMOVE) if can_remove else _COLUMNS
        rows = [_cells(file)[: len(columns)] for file in kept]
        show_table("Documents", columns, rows, key=f"table_files_{number}", on_press=_ask_to_remove)
    else:
        st.text("There is no document now." if found.files else "No document has been added yet.")
    _removed([file for file in found.files if file.removed])
    _dialog_if_asked(screen, kept)


def _uploader(screen: FilesScreen, found: RecordFiles) -> None:
    limit, key = settings().file_limit_mb, f"files_{screen.number}_{screen.turn}"
    only = found.kinds[0] if len(found.kinds) == 1 else None
    with st.form(f"{key}_form", enter_to_submit=False), st.container(key="cts_add_files"):
        st.selectbox(
            "Kind of document",
            list(found.kinds),
            0 if only else None,
            KINDS.__getitem__,
            key=f"{key}_kind",
            placeholder="Choose the kind",
        )
        st.file_uploader(
            "PDF, Word (.docx), Excel (.xlsx), JPEG or PNG",
            accept_multiple_files=True,
            max_upload_size=limit,
            key=f"{key}_files",
            help=f"Several at once, each up to {limit} MB. CTS looks into each file before it is kept.",
        )
        st.form_submit_button("Add documents", on_click=_add, args=(screen.number, screen.turn), type="primary")


def _add(number: int, turn: int) -> None:
    """The button of the uploader: each file is kept or refused by itself, and each is answered."""
    state, key = at_once(), f"files_{number}_{turn}"
    screen, actor = state.get(SCREEN), frame.actor_now()
    if not isinstance(screen, FilesScreen) or (screen.number, screen.turn) != (number, turn) or actor is None:
        return
    kind, files = state.get(f"{key}_kind"), state.get(f"{key}_files") or []
    if kind is None or not files:
        screen.kept, screen.refused = {}, {"": "Please choose the kind of document, and at least one file."}
        return
    _each(screen, actor, kind, files)
    screen.turn = turn + 1


def _each(screen: FilesScreen, actor: Actor, kind: str, files: Sequence[Any]) -> None:
    """Keep each file, and note at once what is to be said to it: this may be cut short by a second click, which then goes on here."""
    asked = {file.file_id for file in files}
    screen.kept = {i: sentence for i, sentence in screen.kept.items() if i in asked}
    screen.refused = {i: sentence for i, sentence in screen.refused.items() if i in asked}
    for file in (f for f in files if f.file_id not in {*screen.kept, *screen.refused}):
        try:
            view = keep_file(actor, screen.number, kind, file.name, file.getvalue(), frame.now())
        except Refusal as refusal:
            screen.refused[file.file_id] = f"{file.name} was not added. {refusal}"
        else:
            told = screen.refused if view.already else screen.kept
            told[file.file_id] = (
                f"{file.name} was not added. {view.already}" if view.already else f"{view.name} was added."
            )


def _answers(screen: FilesScreen) -> None:
    """What was said to the files added last; it stays until the next upload."""
    for key, sentences in (("cts_done_files", screen.kept), ("cts_refused_files", screen.refused)):
        if sentences:
            with st.container(key=key):
                # Names are people's own: never Markdown.
                st.text("\n".join(sentences.values()))


def _cells(file: FileView) -> list[Cell]:
    words = f"{file.kind_words}: {file.name}"
    link = Cell(file.name) if file.withheld else Cell(file.name, href=f"/files/{file.token}", leaves=True, name=words)
    remove = Cell("Remove", press=f"remove {file.token}", name=f"Remove {words}")
    return [
        link,
        Cell(file.kind_words, quiet=file.kept_because),
        Cell(file.uploaded_by),
        Cell(file.uploaded_at),
        Cell(file.size_words),
        remove if file.may_remove else Cell(),
    ]


def _removed(files: Sequence[FileView]) -> None:
    if not files:
        return
    with st.container(key="cts_files_removed"):
        st.text(f"Removed ({len(files)})")
        for file in files:
            st.text(
                f"{file.name} · {file.kind_words}, added by {file.uploaded_by}, {file.uploaded_at}\n"
                f"Removed by {file.removed_by}, {file.removed_at}: {file.removed_reason}"
            )


def _ask_to_remove(pressed: str) -> None:
    screen = at_once().get(SCREEN)
    if isinstance(screen, FilesScreen):
        screen.removing, screen.refusal = pressed.partition(" ")[2], ""


def _dialog_if_asked(screen: FilesScreen, files: Sequence[FileView]) -> None:
    file = next((f for f in files if f.token == screen.removing and f.may_remove), None)
    if file is None:
        screen.removing = ""
        return

    @st.dialog("Remove document?", on_dismiss=_forget)
    def body() -> None:
        if not screen.removing:
            st.rerun()
        show_dialog_refusal(screen.refusal)
        st.text(f"{file.name} ({file.kind_words})")
        st.text("Nobody can open it any more. The record keeps its name, who removed it, and why.")
        with st.form(f"remove_{file.token}", border=False, enter_to_submit=False):
            st.text_area("Reason", key=f"remove_{file.token}_reason")
            with st.container(horizontal=True, key="cts_dialog_buttons"):
                st.form_submit_button("Remove", type="primary", on_click=_remove, args=(file.token,))
                st.form_submit_button("Cancel", on_click=_forget)

    body()


def _remove(token: str) -> None:
    state = at_once()
    screen, actor = state.get(SCREEN), frame.actor_now()
    if not isinstance(screen, FilesScreen) or screen.removing != token or actor is None:
        return
    try:
        remove_file(actor, screen.number, token, state.get(f"remove_{token}_reason") or "", frame.now())
    except Incomplete as refusal:
        screen.refusal = str(refusal)
    except Refusal as refusal:
        screen.removing = ""
        frame.refused(str(refusal))
    else:
        screen.removing = ""
        frame.said("The document was removed.")


def _forget() -> None:
    screen = at_once().get(SCREEN)
    if isinstance(screen, FilesScreen):
        screen.removing, screen.refusal = "", ""
