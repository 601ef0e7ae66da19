"""Answers as a person reads them, and what reads differently in two versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cts.domain.fields import ROW_ID, Answers, Field, FormSpec, Kind, is_blank, us_date
from cts.domain.money import money_words
from cts.domain.rows import full_rows


def shown(field: Field, value: Any) -> str:
    """An answer as a person reads it: option labels, Yes/No, dates as 11/02/2026, alerts one a line. '' when blank."""
    if is_blank(value):
        return ""
    options = field.options or {}
    kind = field.fact_as if field.kind is Kind.FACT else field.kind
    if kind is Kind.YES_NO:
        return "Yes" if value else "No"
    if kind is Kind.DATE:
        return us_date(date.fromisoformat(value))
    if kind is Kind.CHOICE:
        return options.get(value, value)
    if kind is Kind.CHOICES:
        return ", ".join(options.get(v, v) for v in value)
    if kind is Kind.ALERTS:
        return "\n".join(f"{options.get(k, k)}: {t}" if t else options.get(k, k) for k, t in value.items())
    if kind is Kind.MONEY:
        return money_words(value)
    if kind is Kind.ROWS:
        return "\n".join(row_words(field, row) for row in full_rows(value))
    return str(value)


def row_words(field: Field, row: Mapping[str, Any]) -> str:
    """One row as a line: "Goal: Finish school; Due Date: 11/02/2026"."""
    read = ((c.label, shown(c, row.get(c.key))) for c in field.columns if c.is_shown(row))
    return "; ".join(f"{label}: {words}" for label, words in read if words)


@dataclass(frozen=True)
class Difference:
    """One field, or one cell of its rows, that reads differently in two versions."""

    field: Field
    before: str
    after: str
    row: str = ""
    whole_row: bool = False

    @property
    def blank(self) -> str:
        """What stands in place of nothing: a question without an answer, or a row that is not there."""
        return "(not there)" if self.whole_row else "(no answer)"

    @property
    def label(self) -> str:
        """The question, and the row and column where it has rows."""
        return f"{self.field.label}: {self.row}" if self.row else self.field.label


def differences(spec: FormSpec, before: Answers, after: Answers) -> list[Difference]:
    """What changed, field by field and row by row, in the order of the form: what a reviewer sees after a rejection.

    A question that is no longer asked reads as unanswered, whatever was typed before.
    """
    found: list[Difference] = []
    for field in spec.fields():
        if field.kind is Kind.ROWS:
            found += _row_differences(field, _rows_read(field, before), _rows_read(field, after))
            continue
        b, a = _as_read(field, before), _as_read(field, after)
        if b != a:
            found.append(Difference(field, b, a))
    return found


def _as_read(field: Field, answers: Answers) -> str:
    return shown(field, answers.get(field.key)) if field.is_shown(answers) else ""


def _rows_read(field: Field, answers: Answers) -> dict[str, dict[str, Any]]:
    rows = full_rows(answers.get(field.key)) if field.is_shown(answers) else []
    return {str(row[ROW_ID]): row for row in rows}


def _row_differences(
    field: Field, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> list[Difference]:
    """Rows are told apart by their id, and named by their place now; a removed one by the place it had."""
    found = []
    one = field.one or "Row"
    for number, (row_id, row) in enumerate(after.items(), start=1):
        was = before.get(row_id)
        if was is None:
            found.append(Difference(field, "", row_words(field, row), f"{one} {number}, added", whole_row=True))
            continue
        for column in field.columns:
            b, a = _as_read(column, was), _as_read(column, row)
            if b != a:
                found.append(Difference(field, b, a, f"{one} {number}, {column.label}"))
    removed = [(n, row) for n, (row_id, row) in enumerate(before.items(), start=1) if row_id not in after]
    return found + [
        Difference(field, row_words(field, row), "", f"{one} {n} before, removed", whole_row=True) for n, row in removed
    ]
