"""Checking answers: what can be kept in a draft, and what stops a form from being sent. Every sentence says what to do."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cts.domain.calendar import is_plausible
from cts.domain.fields import (
    LONG_TEXT_LIMIT,
    MOST_ROWS,
    ROW_ID,
    SHORT_TEXT_LIMIT,
    Answers,
    Field,
    FormSpec,
    Kind,
    Problem,
    Stage,
    is_blank,
)
from cts.domain.money import LARGEST_NUMBER, money_fault, number_of
from cts.domain.rows import full_rows


def check(spec: FormSpec, answers: Answers, facts: Answers, today: date, stage: Stage = Stage.WRITING) -> list[Problem]:
    """Everything that stops the form from being sent, in the order of the form. `facts` are the CWS/CMS values by key.

    Questions of a later `stage` are not asked yet.
    """
    problems: list[Problem] = []
    for section in spec.sections:
        for field in section.fields:
            if field.kind is Kind.FACT or not is_asked(field, answers, stage):
                continue
            if field.kind is Kind.ROWS:
                problems += _rows_problems(field, section.key, answers.get(field.key), stage)
                continue
            sentence = wrong_with(field, answers.get(field.key))
            if sentence:
                problems.append(Problem(field.key, section.key, sentence))
    # What rules say of rows stands beside what is wrong with single cells.
    rows = {f.key for f in spec.fields() if f.kind is Kind.ROWS}
    found = {p.field for p in problems} - rows
    for rule in spec.rules:
        problems += [Problem(k, spec.section_of(k), s) for k, s in rule(answers, facts, today) if k not in found]
    order = [f.key for f in spec.fields()]
    return sorted(problems, key=lambda p: order.index(p.field))


def is_asked(field: Field, answers: Answers, stage: Stage) -> bool:
    """Whether a question, or a column, is on the form at this stage, given the other answers (of the row, for a column)."""
    return (field.stage is Stage.WRITING or stage is Stage.SPENDING) and field.is_shown(answers)


def _rows_problems(field: Field, section: str, value: Any, stage: Stage) -> list[Problem]:
    sentence = value_fault(field, value) or _missing(field, full_rows(value))
    if sentence:
        return [Problem(field.key, section, sentence)]
    problems = []
    for number, row in enumerate(full_rows(value), start=1):
        for column in (c for c in field.columns if is_asked(c, row, stage)):
            fault = wrong_with(column, row.get(column.key))
            if fault:
                sentence = f"{field.one or 'Row'} {number}, {fault}"
                problems.append(Problem(field.key, section, sentence, str(row[ROW_ID]), column.key))
    return problems


def _missing(field: Field, rows: list[dict[str, Any]]) -> str:
    return f"{field.label}: please add at least one." if field.required and not rows else ""


def wrong_with(field: Field, value: Any) -> str:
    """The sentence for one answer by itself; '' when nothing is wrong. Half a phone number is kept in a draft, and named here."""
    if is_blank(value):
        return f"{field.label.removesuffix('?')}: please answer." if field.required else ""
    return value_fault(field, value) or _TYPED.get(field.kind, _nothing_more)(field, value)


def value_fault(field: Field, value: Any) -> str:
    """What makes a value impossible to keep for this field; '' when it can be kept. Blank is always possible."""
    if field.kind is Kind.FACT:
        return f"{field.label} comes from CWS/CMS and is changed there."
    if field.kind is Kind.ROWS:
        return _rows_fault(field, value)
    if field.kind in KEPT_AS_TYPED and value is not None:
        if not isinstance(value, str):
            return f"{field.label}: please write text."
        return text_fault(field.label, value, LONG_TEXT_LIMIT if field.kind is Kind.LONG_TEXT else SHORT_TEXT_LIMIT)
    return "" if value in (None, "", _NOTHING.get(field.kind)) else _coded_fault(field, value)


KEPT_AS_TYPED = frozenset({Kind.TEXT, Kind.PHONE, Kind.LONG_TEXT, Kind.MONEY, Kind.NUMBER, Kind.FILE})
"""Kinds whose answer is the text that was typed: half a phone number or amount is kept in a draft, and named by `wrong_with`."""


def _rows_fault(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return f"{field.label}: please add rows."
    if len(value) > MOST_ROWS:
        return f"{field.label}: {len(value)} rows are too many; the limit is {MOST_ROWS}."
    columns = {c.key: c for c in field.columns}
    ids = [row.get(ROW_ID) for row in value]
    sound = all(isinstance(i, str) and re.fullmatch(r"[0-9a-z]{1,32}", i) for i in ids) and len(set(ids)) == len(ids)
    if not sound or any(set(row) - set(columns) - {ROW_ID} for row in value):
        return f"{field.label}: please add rows."
    faults = (value_fault(columns[k], v) for row in value for k, v in row.items() if k != ROW_ID)
    return next((fault for fault in faults if fault), "")


_NOTHING: Mapping[Kind, Any] = {Kind.CHOICES: [], Kind.ALERTS: {}}
"""What "none chosen" looks like, besides None and the empty text."""


def text_fault(label: str, text: str, limit: int) -> str:
    """Why a text cannot be kept as typed: too long, or half a character or a NUL (no database keeps those); '' when it can."""
    if len(text) > limit:
        return f"{label}: {len(text):,} characters are too many; the limit is {limit:,}."
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
        return f"{label}: the text holds a broken character that cannot be kept. Please type it instead of pasting it."
    return ""


def _phone_fault(field: Field, value: str) -> str:
    digits = sum(c.isdigit() for c in value)
    return (
        "" if 7 <= digits <= 20 else f"{field.label}: please give a phone number with area code, such as 213-555-0100."
    )


def _money_fault(field: Field, value: str) -> str:
    fault = money_fault(value)
    return f"{field.label}: {fault}" if fault else ""


def _number_fault(field: Field, value: str) -> str:
    number = number_of(value)
    return (
        ""
        if number is not None and 1 <= number <= LARGEST_NUMBER
        else f"{field.label}: please give a whole number from 1 to {LARGEST_NUMBER:,}."
    )


def _nothing_more(_field: Field, _value: Any) -> str:
    return ""


_TYPED: Mapping[Kind, Callable[[Field, Any], str]] = {
    Kind.PHONE: _phone_fault,
    Kind.MONEY: _money_fault,
    Kind.NUMBER: _number_fault,
}


def _coded_fault(field: Field, value: Any) -> str:
    options = field.options or {}
    if field.kind is Kind.DATE:
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            return f"{field.label}: please give a date as month/day/year."
        # Weeks ("2026-W44-3") and dates without hyphens are read too, but compare wrongly with others.
        if day.isoformat() != value:
            return f"{field.label}: please give a date as month/day/year."
        return "" if is_plausible(day) else f"{field.label}: please check the year."
    if field.kind is Kind.YES_NO:
        return "" if isinstance(value, bool) else f"{field.label}: please choose Yes or No."
    chosen = value if field.kind in {Kind.CHOICES, Kind.ALERTS} else [value]
    if field.kind is Kind.ALERTS and not (isinstance(value, dict) and all(isinstance(t, str) for t in value.values())):
        return f"{field.label}: please choose from the list."
    if field.kind is Kind.CHOICES and not isinstance(value, list):
        return f"{field.label}: please choose from the list."
    if not all(isinstance(c, str) and c in options for c in chosen):
        return f"{field.label}: please choose from the list."
    if field.kind is Kind.ALERTS:
        faults = (text_fault(options[kind], text, LONG_TEXT_LIMIT) for kind, text in value.items())
        return next((fault for fault in faults if fault), "")
    return ""
