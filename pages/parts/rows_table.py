"""Rows to be read: a table on a desk, cards on a phone, with the totals below."""

from collections.abc import Mapping
from typing import Any

from cts.domain.answer_checks import is_asked
from cts.domain.answer_words import shown
from cts.domain.fields import Field, Kind, Stage
from cts.domain.money import money_words
from cts.domain.rows import full_rows, sums
from pages.parts.reading import Reading
from pages.parts.table_view import Cell, Column, table_data


def read_rows(
    reading: Reading, field: Field, answer: Any, stage: Stage, files: Mapping[str, str], *, titled: bool = True
) -> None:
    """The rows of a question. `files` gives the name of each file by its token; `titled`: under the question's own label."""
    rows = full_rows(answer)
    asked = [c for c in field.columns if c.stage is Stage.WRITING or stage is Stage.SPENDING]
    columns = [Column("number", "#", narrow=True), *(Column(c.key, c.label, wide=_is_wide(c)) for c in asked)]
    cells = [
        [Cell(str(number)), *(_cell(c, row, stage, files) for c in asked)] for number, row in enumerate(rows, start=1)
    ]
    found = sums(field, rows)
    totalled = [c for c in asked if c.key in found and any(row.get(c.key) for row in rows)]
    totals = [f"Total {column.label} {money_words(found[column.key])}" for column in totalled]
    reading.rows(field.label if titled else "", table_data(field.label, columns, cells), totals)


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
