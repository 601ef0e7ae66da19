"""What a form is made of: sections of fields. Screen, check, read-only view, PDF and what-changed view are readers of it."""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

Answers = Mapping[str, Any]
"""Key of the field -> JSON value: str, bool, list of str, dict of str (alerts) or None. Dates are ISO strings."""

LONG_TEXT_LIMIT = 10_000
SHORT_TEXT_LIMIT = 200


class Kind(StrEnum):
    """How a field is asked."""

    TEXT = "text"
    LONG_TEXT = "long text"
    PHONE = "phone"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes or no"
    ALERTS = "alerts"
    FACT = "fact"


@dataclass(frozen=True)
class Field:
    """One question, or one fact filled from CWS/CMS (kind FACT: shown with source and date, never typed over).

    `private` answers (SOGIE) are for the case worker, supervisor and advocate only; `location` answers are hidden from the agency until its
    coordinator has acknowledged the safety alerts. `fact_as` says how a fact is read.
    """

    key: str
    label: str
    kind: Kind
    required: bool = False
    options: Mapping[str, str] | None = None
    help: str = ""
    shown_if: Callable[[Answers], bool] | None = None
    fact_as: Kind = Kind.TEXT
    private: bool = False
    location: bool = False

    def is_shown(self, answers: Answers) -> bool:
        """Whether the question is asked, given the other answers."""
        return self.shown_if is None or self.shown_if(answers)


@dataclass(frozen=True)
class FormSection:
    """A titled group of fields, numbered as the guide numbers it."""

    key: str
    title: str
    fields: tuple[Field, ...]
    note: str = ""


@dataclass(frozen=True)
class Problem:
    """One thing that stops a form from being sent: which field, and a sentence that says what to do."""

    field: str
    section: str
    sentence: str


@dataclass(frozen=True)
class FormSpec:
    """The one field list of a document. `version` changes whenever a field is added, removed or changes meaning."""

    title: str
    version: int
    sections: tuple[FormSection, ...]
    rules: tuple[Callable[[Answers, Answers, date], "list[tuple[str, str]]"], ...] = ()

    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the form."""
        return tuple(f for s in self.sections for f in s.fields)

    def field(self, key: str) -> Field | None:
        """The field of this key, or None."""
        return next((f for f in self.fields() if f.key == key), None)

    def section_of(self, key: str) -> str:
        """The key of the section a field stands in ('' for an unknown field)."""
        return next((s.key for s in self.sections for f in s.fields if f.key == key), "")


def is_blank(value: Any) -> bool:
    """Nothing was answered: None, no text but spaces and characters that cannot be seen, an empty list."""
    if isinstance(value, str):
        return not any(unicodedata.category(c) not in {"Cf", "Cc"} and not c.isspace() for c in value)
    return value is None or value == [] or value == {}


def check(spec: FormSpec, answers: Answers, facts: Answers, today: date) -> list[Problem]:
    """Everything that stops the form from being sent, in the order of the form. `facts` are the CWS/CMS values by key."""
    problems: list[Problem] = []
    for section in spec.sections:
        for field in section.fields:
            if field.kind is Kind.FACT or not field.is_shown(answers):
                continue
            sentence = wrong_with(field, answers.get(field.key))
            if sentence:
                problems.append(Problem(field.key, section.key, sentence))
    found = {p.field for p in problems}
    for rule in spec.rules:
        problems += [Problem(k, spec.section_of(k), s) for k, s in rule(answers, facts, today) if k not in found]
    order = [f.key for f in spec.fields()]
    return sorted(problems, key=lambda p: order.index(p.field))


def wrong_with(field: Field, value: Any) -> str:
    """The sentence for one answer by itself; '' when nothing is wrong. Half a phone number is kept in a draft, and named here."""
    if is_blank(value):
        return f"{field.label.removesuffix('?')}: please answer." if field.required else ""
    return value_fault(field, value) or (_phone_fault(field, value) if field.kind is Kind.PHONE else "")


def value_fault(field: Field, value: Any) -> str:
    """What makes a value impossible to keep for this field; '' when it can be kept. Blank is always possible."""
    if field.kind is Kind.FACT:
        return f"{field.label} comes from CWS/CMS and is changed there."
    if field.kind in {Kind.TEXT, Kind.PHONE, Kind.LONG_TEXT} and value is not None:
        if not isinstance(value, str):
            return f"{field.label}: please write text."
        return text_fault(field.label, value, LONG_TEXT_LIMIT if field.kind is Kind.LONG_TEXT else SHORT_TEXT_LIMIT)
    return "" if value in (None, "", _NOTHING.get(field.kind)) else _coded_fault(field, value)


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
        return "" if day.year >= 1900 else f"{field.label}: please check the year."
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


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the exact content signed, independent of the order of keys. Any later change gives another."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


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
    return str(value)


def us_date(day: date | None) -> str:
    """A date as the County writes it: 11/02/2026; '' for none."""
    return day.strftime("%m/%d/%Y") if day else ""


@dataclass(frozen=True)
class Difference:
    """One field that reads differently in two versions."""

    field: Field
    before: str
    after: str


def differences(spec: FormSpec, before: Answers, after: Answers) -> list[Difference]:
    """What changed, field by field, in the order of the form: what a reviewer sees after a rejection.

    A question that is no longer asked reads as unanswered, whatever was typed before.
    """
    pairs = ((f, _as_read(f, before), _as_read(f, after)) for f in spec.fields())
    return [Difference(f, b, a) for f, b, a in pairs if b != a]


def _as_read(field: Field, answers: Answers) -> str:
    return shown(field, answers.get(field.key)) if field.is_shown(answers) else ""
