"""Between an answer as it is kept (JSON) and what the widgets of its question hold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from cts.domain.fields import ROW_ID, Field, Kind
from cts.domain.vocabulary import DOCUMENT_SLUGS, Document

MISSING = object()
"""The question is not on the screen, so nothing is known about it."""

UNANSWERED = "unanswered"
"""The choice by which an optional answer is taken back."""


def place_of(number: int, kind: Document, sequence: int) -> str:
    """What keeps the documents of one tab apart in the keys of their widgets: "10001" for the Referral, "10001_plan_2" for others.

    cts.js reads it, to know where a draft takes a text when a page is closed.
    """
    return str(number) if kind is Document.REFERRAL else f"{number}_{DOCUMENT_SLUGS[kind]}_{sequence}"


def widget_key(field_key: str, place: str) -> str:
    """Key of the widget, class of its element and target of links to it."""
    return f"f_{field_key}_{place}"


def alert_key(field_key: str, place: str, option: str) -> str:
    """Key of one alert's check box; its text area has the same with `_text`."""
    return f"{widget_key(field_key, place)}_{option}"


def cell_key(field_key: str, row_id: str, column_key: str) -> str:
    """What stands for a field's key where one cell of its rows is meant."""
    return f"{field_key}-{row_id}-{column_key}"


def cell_of(field: Field, row_id: str, column: Field) -> Field:
    """One cell as a question of its own."""
    return replace(column, key=cell_key(field.key, row_id, column.key))


def canonical(field: Field, answer: Any) -> Any:
    """An answer as the widgets of its question can hold it: blank is None, choices stand in the form's order."""
    options = field.options or {}
    if field.kind is Kind.CHOICES:
        return [option for option in options if option in (answer or [])] or None
    if field.kind is Kind.ALERTS:
        return {option: answer[option] for option in options if option in (answer or {})} or None
    if field.kind is Kind.CHOICE:
        return answer if answer in options else None
    if field.kind is Kind.ROWS:
        return [_canonical_row(field, row) for row in answer or []] or None
    return None if answer == "" else answer


def _canonical_row(field: Field, row: Mapping[str, Any]) -> dict[str, Any]:
    return {ROW_ID: str(row[ROW_ID])} | {c.key: canonical(c, row.get(c.key)) for c in field.columns}


def widget_values(field: Field, answer: Any, place: str) -> Mapping[str, Any]:
    """What the widgets of a question hold for an answer, by widget key. A file is chosen anew each time, so nothing holds it."""
    key = widget_key(field.key, place)
    if field.kind in {Kind.FACT, Kind.FILE}:
        return {}
    if field.kind is Kind.ROWS:
        cells = ((cell_of(field, str(row[ROW_ID]), c), row.get(c.key)) for row in answer or [] for c in field.columns)
        return {k: v for cell, value in cells for k, v in widget_values(cell, value, place).items()}
    if field.kind is Kind.ALERTS:
        return _alert_values(field, answer or {}, place)
    if field.kind is Kind.DATE:
        return {key: date.fromisoformat(answer) if answer else None}
    if field.kind is Kind.CHOICES:
        return {key: list(answer or [])}
    if field.kind in {Kind.CHOICE, Kind.YES_NO}:
        return {key: answer}
    return {key: answer or ""}


def _alert_values(field: Field, answer: Mapping[str, str], place: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for option in field.options or {}:
        key = alert_key(field.key, place, option)
        values |= {key: option in answer, f"{key}_text": answer.get(option, "")}
    return values


def typed_answer(field: Field, place: str, state: Mapping[str, Any]) -> Any:
    """The answer as it stands on the screen, in the shape it is kept; MISSING when the question is not there. Blank is None.

    `state` is session_state. Rows are read cell by cell: see typed_rows.
    """
    if field.kind is Kind.ALERTS:
        keys = {option: alert_key(field.key, place, option) for option in field.options or {}}
        if not all(key in state for key in keys.values()):
            return MISSING
        return {option: state.get(f"{key}_text", "") for option, key in keys.items() if state[key]} or None
    key = widget_key(field.key, place)
    if field.kind in {Kind.FACT, Kind.FILE, Kind.ROWS} or key not in state:
        return MISSING
    value = state[key]
    if field.kind is Kind.DATE:
        return value.isoformat() if value else None
    if field.kind is Kind.CHOICES:
        return [option for option in field.options or {} if option in value] or None
    return None if value in {"", UNANSWERED} else value
