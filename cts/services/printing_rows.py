"""Rows of a form (goals, items, receipts …) as a table on paper."""

from collections.abc import Mapping
from typing import Any

from cts.domain.answer_checks import is_asked
from cts.domain.answer_words import shown
from cts.domain.fields import Field, Kind, Stage, is_blank
from cts.domain.money import money_words
from cts.domain.rows import full_rows, sums
from cts.outside.pdf_document import PrintedTable


def printed_rows(field: Field, value: Any, stage: Stage, files: Mapping[str, str]) -> PrintedTable:
    """A table with the columns that are asked now, amounts to the right, totals below. `files`: names by token.

    A column that depends on another answer ("If no, why") is left out where no row asks it.
    """
    rows = full_rows(value)
    columns = [c for c in field.columns if any(is_asked(c, row, stage) for row in rows)]
    return PrintedTable(
        title=field.label,
        headings=tuple(c.label for c in columns),
        rows=tuple(tuple(_cell(c, row, files) for c in columns) for row in rows),
        amounts=tuple(n for n, c in enumerate(columns) if c.kind in {Kind.MONEY, Kind.NUMBER}),
        totals=_totals(columns, sums(field, rows)),
    )


def _cell(column: Field, row: Mapping[str, Any], files: Mapping[str, str]) -> str:
    value = row.get(column.key)
    if is_blank(value) or not column.is_shown(row):
        return ""
    if column.kind is Kind.FILE:
        return files.get(str(value), "A file that was removed")
    return shown(column, value)


def _totals(columns: list[Field], totals: Mapping[str, Any]) -> tuple[str, ...]:
    """ "Total" under the first column, the sums under theirs; () where nothing is added up."""
    if not any(c.key in totals for c in columns):
        return ()
    first = next((n for n, c in enumerate(columns) if c.key not in totals), None)
    return tuple(
        money_words(totals[c.key]) if c.key in totals else "Total" if n == first else "" for n, c in enumerate(columns)
    )
