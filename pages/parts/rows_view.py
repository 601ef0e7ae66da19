"""Rows to be written: each a card with its columns as questions, side by side on a desk and below each other on a phone.

A row that was added is on the screen only, until something is answered in it: one left empty counts for nothing.
"""

import streamlit as st

from cts.domain.answer_checks import is_asked, wrong_with
from cts.domain.answer_words import shown
from cts.domain.fields import Field, Kind, is_blank
from cts.domain.money import money_words
from cts.domain.rows import Row, full_rows, sums
from pages.parts.answers import cell_of, widget_key
from pages.parts.file_question import ask_file, show_file
from pages.parts.on_screen import OnScreen, current_screen
from pages.parts.question import Question, ask, keep_places, show_fault
from pages.parts.row_ids import fresh_row_id
from pages.parts.saving import save_typed


def show_rows_to_write(screen: OnScreen, field: Field, wrong: str, *, titled: bool) -> None:
    """All rows of a question. `wrong` is what stops the form from being sent, beyond single cells; `titled`: under its own label."""
    one = field.one or "Row"
    may_add = field.stage is screen.stage
    # Links to the question lead here.
    with st.container(key=widget_key(field.key, screen.place)), st.container(key=f"rows_{field.key}"):
        if titled:
            st.text(f"{field.label}{' *' if field.required else ''}")
        if field.help:
            st.caption(field.help)
        for number, row_id in enumerate(screen.rows.get(field.key, ()), start=1):
            _card(screen, field, row_id, f"{one} {number}", may_add)
        _undo_line(screen, field)
        _totals(field, full_rows(screen.known.get(field.key)))
        show_fault(field.key, screen.faults.get(field.key) or (wrong if screen.checking else ""))
        if may_add:
            words = f"{'an' if one[0] in 'AEIOU' else 'a'} {one[0].lower()}{one[1:]}"
            key = f"row_add_{field.key}_{screen.place}"
            st.button(f"Add {words}", key=key, on_click=_add, args=(screen.place, field.key))


def _card(screen: OnScreen, field: Field, row_id: str, title: str, may_remove: bool) -> None:
    row = screen.row(field.key, row_id)
    with st.container(key=f"row_{field.key}_{row_id}", border=True):
        with st.container(key=f"row_head_{field.key}_{row_id}", horizontal=True):
            st.subheader(title, anchor=False)
            if may_remove:
                key = f"row_remove_{field.key}_{row_id}_{screen.place}"
                st.button("Remove", key=key, on_click=_remove, args=(screen.place, field.key, row_id))
        with st.container(key=f"row_cells_{field.key}_{row_id}"):
            for column in field.columns:
                if is_asked(column, row, screen.stage):
                    _cell(screen, cell_of(field, row_id, column), column, row)
                else:
                    keep_places(1)


def _cell(screen: OnScreen, cell: Field, column: Field, row: Row) -> None:
    """One cell: asked at its stage, read at another."""
    known = row.get(column.key)
    if column.stage is not screen.stage:
        with st.container(key=f"cell_read_{cell.key}", gap=None):
            st.text(column.label)
            if column.kind is Kind.FILE:
                show_file(screen, known, cell.key)
            else:
                st.text(shown(column, known) or "(no answer)")
        return
    wide = "wide_" if column.kind is Kind.LONG_TEXT else ""
    with st.container(key=f"cell_{wide}{cell.key}", gap="xxsmall"):
        if column.kind is Kind.FILE:
            ask_file(screen, cell, known)
        else:
            ask(Question(cell, screen.place, known))
        needed = screen.checking and bool(full_rows([row])) and is_blank(known)
        typed = "" if is_blank(known) and not needed else wrong_with(column, known)
        show_fault(cell.key, screen.file_faults.get(cell.key) or screen.cell_faults.get(cell.key) or typed)


def _undo_line(screen: OnScreen, field: Field) -> None:
    gone = screen.removed.get(field.key)
    if gone:
        with st.container(key=f"rows_undo_{field.key}", horizontal=True):
            st.text(f"{field.one or 'Row'} {gone[-1][0] + 1} was removed.")
            key = f"row_undo_{field.key}_{screen.place}"
            st.button("Undo", key=key, on_click=_undo, args=(screen.place, field.key))


def _totals(field: Field, rows: list[Row]) -> None:
    """What the rows come to, for each column of money in which something stands."""
    asked = {c.key: c.label for c in field.columns if c.totals and any(row.get(c.key) for row in rows)}
    if asked:
        found = sums(field, rows)
        with st.container(key=f"rows_total_{field.key}", gap=None):
            for key, label in asked.items():
                st.text(f"Total {label} {money_words(found[key])}")


def _add(place: str, field_key: str) -> None:
    """Another empty row at the end."""
    save_typed(place)
    screen = current_screen(place)
    if screen is not None:
        screen.rows.setdefault(field_key, []).append(fresh_row_id())


def _remove(place: str, field_key: str, row_id: str) -> None:
    """Take a row away; what stood in it is kept for Undo."""
    save_typed(place)
    screen = current_screen(place)
    if screen is None or row_id not in screen.rows.get(field_key, ()):
        return
    row = dict(screen.row(field_key, row_id))
    if full_rows([row]):
        screen.removed.setdefault(field_key, []).append((screen.rows[field_key].index(row_id), row))
    screen.rows[field_key].remove(row_id)
    save_typed(place)


def _undo(place: str, field_key: str) -> None:
    """Bring back what was removed last, to where it stood."""
    save_typed(place)
    screen = current_screen(place)
    if screen is None or not screen.removed.get(field_key):
        return
    at, row = screen.removed[field_key].pop()
    row_id = str(row["id"])
    screen.brought_back[row_id] = row
    screen.rows[field_key].insert(at, row_id)
    save_typed(place)
