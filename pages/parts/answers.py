"""Between an answer as it is kept (JSON) and what the widgets of its question hold."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cts.domain.fields import Field, Kind

MISSING = object()
"""The question is not on the screen, so nothing is known about it."""

UNANSWERED = "unanswered"
"""The choice by which an optional answer is taken back."""


def widget_key(field_key: str, number: int) -> str:
    """Key of the widget, class of its element and target of links to it. The number keeps two assignments apart in one tab."""
    return f"f_{field_key}_{number}"


def alert_key(field_key: str, number: int, option: str) -> str:
    """Key of one alert's check box; its text area has the same with `_text`."""
    return f"{widget_key(field_key, number)}_{option}"


def canonical(field: Field, answer: Any) -> Any:
    """An answer as the widgets of its question can hold it: blank is None, choices stand in the form's order."""
    options = field.options or {}
    if field.kind is Kind.CHOICES:
        return [option for option in options if option in (answer or [])] or None
    if field.kind is Kind.ALERTS:
        return {option: answer[option] for option in options if option in (answer or {})} or None
    if field.kind is Kind.CHOICE:
        return answer if answer in options else None
    return None if answer == "" else answer


def widget_values(field: Field, answer: Any, number: int) -> Mapping[str, Any]:
    """What the widgets of a question hold for an answer, by widget key."""
    key = widget_key(field.key, number)
    if field.kind is Kind.FACT:
        return {}
    if field.kind is Kind.ALERTS:
        return _alert_values(field, answer or {}, number)
    if field.kind is Kind.DATE:
        return {key: date.fromisoformat(answer) if answer else None}
    if field.kind is Kind.CHOICES:
        return {key: list(answer or [])}
    if field.kind in {Kind.CHOICE, Kind.YES_NO}:
        return {key: answer}
    return {key: answer or ""}


def _alert_values(field: Field, answer: Mapping[str, str], number: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for option in field.options or {}:
        key = alert_key(field.key, number, option)
        values |= {key: option in answer, f"{key}_text": answer.get(option, "")}
    return values


def typed_answer(field: Field, number: int, state: Mapping[str, Any]) -> Any:
    """The answer as it stands on the screen, in the shape it is kept; MISSING when the question is not there. Blank is None.

    `state` is session_state.
    """
    if field.kind is Kind.ALERTS:
        keys = {option: alert_key(field.key, number, option) for option in field.options or {}}
        if not all(key in state for key in keys.values()):
            return MISSING
        return {option: state.get(f"{key}_text", "") for option, key in keys.items() if state[key]} or None
    key = widget_key(field.key, number)
    if field.kind is Kind.FACT or key not in state:
        return MISSING
    value = state[key]
    if field.kind is Kind.DATE:
        return value.isoformat() if value else None
    if field.kind is Kind.CHOICES:
        return [option for option in field.options or {} if option in value] or None
    return None if value in {"", UNANSWERED} else value
