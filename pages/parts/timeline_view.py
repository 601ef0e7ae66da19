"""The tab History: one line of life of the youth, and who looked at this record."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.record import RecordView
from cts.services.timeline import LOOKS_SHOWN, Chapter, Look, line_of_life, who_looked
from pages.parts.record_place import Place, chosen
from pages.parts.status_colours import STATUS_COLOURS
from pages.parts.table_view import Cell, Column, show_table
from pages.shell.menu import ASSIGNMENT, st_page

SHOWN = "cts_looks_shown"
_LINES = (Column("when", "When"), Column("what", "What happened", wide=True))
_LOOKS = (
    Column("when", "When"),
    Column("who", "Who", wide=True),
    Column("party", "As", wide=True),
    Column("what", "What", wide=True),
)


def show_history(actor: Actor, record: RecordView, place: Place) -> None:
    """Every assignment of the youth this person may read, and the access log for those who are shown it."""
    chosen(place, ())
    st.header("One line of life", anchor=False)
    st.text("Newest first, grouped by assignment.")
    for chapter in line_of_life(actor, record.number):
        _chapter(chapter)
    show_looks(actor, record.number, place)


def _chapter(chapter: Chapter) -> None:
    with st.container(key=f"cts_chapter_{chapter.number}"):
        with st.container(key=f"cts_chapter_head_{chapter.number}", horizontal=True):
            st.markdown(f"### {chapter.title}")
            st.badge(chapter.status, color=STATUS_COLOURS[chapter.status])  # type: ignore[arg-type]
            if chapter.whole and not chapter.here:
                query = {"number": str(chapter.number)}
                st.page_link(st_page(ASSIGNMENT), label=f"Open assignment {chapter.number}", query_params=query)
        st.text(chapter.summary)
        if not chapter.whole:
            st.text("You have no tie to this assignment; no more of it is shown.")
        elif not chapter.lines:
            st.text("Nothing has happened yet.")
        else:
            lines = [(Cell(line.when), Cell(line.sentence, quiet=line.why)) for line in chapter.lines]
            show_table(f"{chapter.title}, newest first", _LINES, lines, key=f"table_chapter_{chapter.number}")


def show_looks(actor: Actor, number: int, place: Place) -> None:
    """Who looked at this record, for those who are shown it."""
    if place.arrived:
        st.session_state[SHOWN] = LOOKS_SHOWN
    looks = who_looked(actor, number, st.session_state.get(SHOWN, LOOKS_SHOWN))
    if looks is None:
        return
    st.header("Who looked at this record", anchor=False)
    st.text(f"Newest first. {len(looks.rows):,} of {looks.total:,}.")
    cells = [_look_cells(look) for look in looks.rows]
    show_table("Who looked at this record", _LOOKS, cells, key="table_looks")
    if looks.total > len(looks.rows):
        st.button(f"Show {LOOKS_SHOWN} more", key="more_looks", on_click=_more, args=(len(looks.rows),))


def _look_cells(look: Look) -> tuple[Cell, ...]:
    party = Cell(look.party, colour="orange" if look.emergency else "")
    notes = ("Refused; nothing was shown",) if look.refused else ()
    return (
        Cell(look.when),
        Cell(look.who),
        party,
        Cell(
            look.what,
            notes=notes,
            quiet="Not done: something was missing, or not as it had been" if look.not_done else "",
        ),
    )


def _more(shown: int) -> None:
    st.session_state[SHOWN] = shown + LOOKS_SHOWN
