"""Who covers for whom: the list, the dialogs that set and end a cover, and what stands on Home and above a record."""

from dataclasses import dataclass

import streamlit as st

from cts.services.actor import Actor
from cts.services.cover_lists import CoverLine, CoverPage, cover_words, covers_today
from cts.services.covering import end_cover, set_cover
from cts.services.fetching import today_of
from cts.services.refusals import Incomplete, Refusal
from pages.parts.date_field import ask_date
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.line import Line
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

ASKED, REFUSED = "cts_cover_asked", "cts_cover_refused"
ABSENT, WHO, FIRST, LAST = "cover_absent", "cover_who", "cover_first", "cover_last"
_COLUMNS = (
    Column("absent", "Absent", wide=True),
    Column("cover", "Covered by", wide=True),
    Column("first", "First day"),
    Column("last", "Last day"),
    Column("set", "Set by", wide=True),
    Column("end", "End"),
)


@dataclass(frozen=True)
class _Asked:
    """A dialog that is open: to set a cover (0), or to end this one."""

    id: int = 0


def show_covers(actor: Actor) -> None:
    """On Home: for whom one covers, or by whom one is covered for, today."""
    banner = Line("covers_today", "banner")
    for sentence in covers_today(actor, frame.now()):
        banner.words(sentence)
    banner.draw()


def show_covered(actor: Actor, number: int) -> None:
    """Above a record: for whom one acts there. Nothing above others."""
    if words := cover_words(actor, number):
        with st.container(key="cts_cover"):
            st.text(words)


def show_cover_list(page: CoverPage) -> None:
    """Covers of today and to come."""
    whose = "In this office" if page.whole_office else "Yours"
    st.header(f"{whose}, today and to come", anchor=False)
    if not page.lines:
        st.text("Nobody is covered for." if page.whole_office else "Nobody covers for you, and you cover for nobody.")
        return
    show_table(
        "Who covers for whom", _COLUMNS, [_cells(line) for line in page.lines], key="table_covers", on_press=_ask_end
    )


def _cells(line: CoverLine) -> list[Cell]:
    name = f"End: {line.cover} covers for {line.absent}"
    return [
        Cell(line.absent, quiet=line.title),
        Cell(line.cover, quiet="covers today" if line.lasts else "to come"),
        Cell(line.first),
        Cell(line.last),
        Cell(line.set_by),
        Cell("End", press=str(line.id), name=name),
    ]


def ask_cover() -> None:
    """Open the dialog that sets a cover."""
    today = today_of(frame.now())
    st.session_state.update({ASKED: _Asked(), REFUSED: "", ABSENT: None, FIRST: today, LAST: today})


def _ask_end(pressed: str) -> None:
    st.session_state.update({ASKED: _Asked(int(pressed)), REFUSED: ""})


def _forget() -> None:
    st.session_state[ASKED] = None


def show_cover_dialogs(page: CoverPage) -> None:
    """The dialog that is asked for, if any."""
    asked = st.session_state.get(ASKED)
    if asked is None:
        return
    line = next((line for line in page.lines if line.id == asked.id), None)
    if asked.id == 0:
        _dialog_to_set(page)
    elif line is not None:
        _dialog_to_end(line)


def _dialog_to_set(page: CoverPage) -> None:
    @st.dialog("Set a cover" if page.whole_office else "Who covers for you?", on_dismiss=_forget)
    def body() -> None:
        if st.session_state.get(ASKED) is None:
            st.rerun()
        absent_id = _ask_absent(page)
        names = {c.id: c.name for c in page.who_may_cover(absent_id)}
        if absent_id is not None and not names:
            st.text("Nobody else of this title works in the office.")
        st.selectbox(
            "Who covers? *", list(names), None, names.__getitem__, key=f"{WHO}_{absent_id}", placeholder="Choose"
        )
        with st.container(horizontal=True):
            ask_date("First day *", key=FIRST)
            ask_date("Last day *", key=LAST)
        show_dialog_refusal(st.session_state.get(REFUSED, ""))
        with st.container(horizontal=True, key="cts_dialog_buttons"):
            st.button("Set the cover", key="cover_set", type="primary", on_click=_set, args=(absent_id,))
            st.button("Cancel", key="cover_cancel", on_click=_forget)

    body()


def _ask_absent(page: CoverPage) -> int | None:
    """Who is absent: for a case worker oneself, without a question."""
    if not page.whole_office:
        return next((c.id for c in page.absent), None)
    names = {c.id: f"{c.name} ({c.title})" for c in page.absent}
    chosen: int | None = st.selectbox(
        "Who is absent? *", list(names), None, names.__getitem__, key=ABSENT, placeholder="Choose"
    )
    return chosen


def _dialog_to_end(line: CoverLine) -> None:
    @st.dialog("End this cover?", on_dismiss=_forget)
    def body() -> None:
        if st.session_state.get(ASKED) is None:
            st.rerun()
        st.text(
            f"{line.cover} covers for {line.absent} from {line.first} to {line.last}. It ends at once; both are told."
        )
        show_dialog_refusal(st.session_state.get(REFUSED, ""))
        with st.container(horizontal=True, key="cts_dialog_buttons"):
            st.button("End the cover", key="cover_end", type="primary", on_click=_end, args=(line.id,))
            st.button("Cancel", key="cover_keep", on_click=_forget)

    body()


def _set(absent_id: int | None) -> None:
    typed, actor = at_once(), frame.actor_now()
    if actor is None:
        return
    try:
        said = set_cover(
            actor, absent_id, typed.get(f"{WHO}_{absent_id}"), typed.get(FIRST), typed.get(LAST), frame.now()
        )
    except Incomplete as refusal:
        st.session_state[REFUSED] = str(refusal)
    except Refusal as refusal:
        _leave(str(refusal), done=False)
    else:
        _leave(said, done=True)


def _end(cover_id: int) -> None:
    at_once()
    actor = frame.actor_now()
    if actor is None:
        return
    try:
        said = end_cover(actor, cover_id, frame.now())
    except Refusal as refusal:
        _leave(str(refusal), done=False)
    else:
        _leave(said, done=True)


def _leave(sentence: str, *, done: bool) -> None:
    (frame.said if done else frame.refused)(sentence)
    _forget()
