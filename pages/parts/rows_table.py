"""Rows to be read: a table on a desk, cards on a phone, with the totals below."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import streamlit as st

from cts.domain.answer_checks import is_asked
from cts.domain.answer_words import shown
from cts.domain.fields import Field, Kind, Stage
from cts.domain.money import money_words
from cts.domain.rows import full_rows, sums
from pages.parts.table_view import Cell, Column, show_table


def show_rows(
    field: Field, answer: Any, stage: Stage, files: Mapping[str, str], *, key: str, titled: bool = True
) -> None:
    """The rows of a question. `files` gives the name of each file by its token; `titled`: under the question's own label."""
    rows = full_rows(answer)
    asked = [c for c in field.columns if c.stage is Stage.WRITING or stage is Stage.SPENDING]
    columns = [Column("number", "#", narrow=True), *(Column(c.key, c.label, wide=_is_wide(c)) for c in asked)]
    cells = [
        [Cell(str(number)), *(_cell(c, row, stage, files) for c in asked)] for number, row in enumerate(rows, start=1)
    ]
    with st.container(key=f"rows_read_{key}"):
        if titled:
            st.text(field.label)
        show_table(field.label, columns, cells, key=f"table_{key}")
        found = sums(field, rows)
        totalled = [c for c in asked if c.key in found and any(row.get(c.key) for row in rows)]
        with st.container(key=f"rows_total_{key}", gap=None) if totalled else nullcontext():
            for column in totalled:
                st.text(f"Total {column.label} {money_words(found[column.key])}")


def _is_wide(column: Field) -> bool:
    return column.kind in {Kind.LONG_TEXT, Kind.TEXT}


def _cell(column: Field, row: Mapping[str, Any], stage: Stage, files: Mapping[str, str]) -> Cell:
    answer = row.get(column.key)
    if not is_asked(column, row, stage) or not answer:
        return Cell(shown(column, answer) if is_asked(column, row, stage) else "")
    if column.kind is Kind.FILE:
        name = files.get(str(answer))
        return (
            Cell(name, href=f"/files/{answer}", leaves=True, name=f"Download {name}") if name else Cell("File removed")
        )
    return Cell(shown(column, answer))
