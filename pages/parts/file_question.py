"""One file asked in a row: chosen, kept at once, then shown by its name with a way to see it and to choose another."""

from typing import Any

import streamlit as st

from cts.domain.case_files import ENDINGS, RECEIPT
from cts.domain.fields import Field
from cts.services.case_files import keep_file
from cts.services.refusals import Refusal
from cts.settings import settings
from pages.parts.answers import widget_key
from pages.parts.on_screen import OnScreen, at_once, current_screen
from pages.parts.saving import save_typed
from pages.shell import frame


def ask_file(screen: OnScreen, cell: Field, token: Any) -> None:
    """The file of a cell: the one that is there, or the place to choose one."""
    place = screen.place
    with st.container(key=widget_key(cell.key, place)):
        label = f"{cell.label}{' *' if cell.required else ''}"
        if token and cell.key not in screen.replacing:
            st.text(label)
            show_file(screen, token, cell.key)
            key = f"file_other_{cell.key}_{place}"
            st.button("Replace", key=key, on_click=_replace, args=(place, cell.key))
            return
        key = f"file_{cell.key}_{place}_{token or ''}"
        st.file_uploader(
            label,
            type=[ending for endings in ENDINGS.values() for ending in endings],
            key=key,
            on_change=_keep,
            args=(place, cell.key, key),
            max_upload_size=settings().file_limit_mb,
            help=cell.help or None,
        )
        if token:
            st.button(
                "Keep the present file",
                key=f"file_keep_{cell.key}_{place}",
                on_click=_replace_no_more,
                args=(place, cell.key),
            )


def show_file(screen: OnScreen, token: Any, cell_key: str) -> None:
    """The file of a cell by its name, with the way to see it. Two cells may hold the same file."""
    if not token:
        st.text("(no file)")
        return
    with st.container(horizontal=True, key=f"file_shown_{cell_key}"):
        # The name is what somebody called it: never Markdown.
        st.text(screen.file_names.get(token, "File"))
        st.link_button("Open", f"/files/{token}")


def _replace(place: str, cell_key: str) -> None:
    screen = current_screen(place)
    if screen is not None:
        screen.replacing.add(cell_key)


def _replace_no_more(place: str, cell_key: str) -> None:
    screen = current_screen(place)
    if screen is not None:
        screen.replacing.discard(cell_key)
        screen.file_faults.pop(cell_key, None)


def _keep(place: str, cell_key: str, uploader: str) -> None:
    """Keep what was chosen: everything is read first; after that, one service call and no word to Streamlit until it is done."""
    chosen = at_once().get(uploader)
    screen, actor = current_screen(place), frame.actor_now()
    if screen is None or actor is None:
        return
    if chosen is None:
        screen.file_faults.pop(cell_key, None)
        return
    try:
        kept = keep_file(actor, screen.number, RECEIPT, chosen.name, chosen.getvalue(), frame.now())
    except Refusal as refusal:
        screen.file_faults[cell_key] = str(refusal)
        return
    screen.file_faults.pop(cell_key, None)
    screen.replacing.discard(cell_key)
    screen.file_names[kept.token] = kept.name
    screen.chosen_files[cell_key] = kept.token
    save_typed(place)
