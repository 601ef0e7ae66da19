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
"""Key of the field -> JSON value: str, bool, list of str, dict of str (alerts), list of rows or None. Dates are ISO strings.

A row is a dict of the answers to the field's columns, with its own id under ROW_ID. Money and numbers are kept as typed.
"""

ROW_ID = "id"
MOST_ROWS = 60

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
    MONEY = "money"
    NUMBER = "number"
    FILE = "file"
    ROWS = "rows"
    FACT = "fact"


class Stage(StrEnum):
    """When a question is answered: while the document is written, or once the money is spent."""

    WRITING = "writing"
    SPENDING = "spending"


@dataclass(frozen=True)
class Field:
    """One question, or one fact filled from CWS/CMS (kind FACT: shown with source and date, never typed over).

    `private` answers (SOGIE) are for the case worker, supervisor and advocate only; `location` answers are hidden from the agency until its
    coordinator has acknowledged the safety alerts. `fact_as` says how a fact is read. `source` of a fact is '' for CWS/CMS. ROWS have
    `columns`; `one` is what a single row is called ("Goal"). `totals` adds up a column of money. `sealed` keeps the
    answer encrypted in the database (see is_sealed).
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
    source: str = ""
    stage: Stage = Stage.WRITING
    columns: "tuple[Field, ...]" = ()
    one: str = ""
    totals: bool = False
    sealed: bool = False

    def is_shown(self, answers: Answers) -> bool:
        """Whether the question is asked, given the other answers."""
        return self.shown_if is None or self.shown_if(answers)

    @property
    def is_sealed(self) -> bool:
        """Whether the answer is kept encrypted: whereabouts, private answers, safety alerts, whatever is told at length, and what is marked
        `sealed`. Rows are sealed as a whole when one of their columns is. Facts are no answers: they stand in the youth's own row."""
        if self.kind is Kind.FACT:
            return False
        marked = self.sealed or self.location or self.private or self.kind in {Kind.ALERTS, Kind.LONG_TEXT}
        return marked or any(column.is_sealed for column in self.columns)


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
    row: str = ""
    column: str = ""


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

    def sealed_keys(self) -> frozenset[str]:
        """The questions whose answers are kept encrypted."""
        return frozenset(f.key for f in self.fields() if f.is_sealed)

    def section_of(self, key: str) -> str:
        """The key of the section a field stands in ('' for an unknown field)."""
        return next((s.key for s in self.sections for f in s.fields if f.key == key), "")


def is_blank(value: Any) -> bool:
    """Nothing was answered: None, no text but spaces and characters that cannot be seen, an empty list."""
    if isinstance(value, str):
        return not any(unicodedata.category(c) not in {"Cf", "Cc"} and not c.isspace() for c in value)
    return value is None or value == [] or value == {}


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the exact content signed, independent of the order of keys. Any later change gives another."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def us_date(day: date | None) -> str:
    """A date as the County writes it: 11/02/2026; '' for none."""
    return f"{day.month:02}/{day.day:02}/{day.year:04}" if day else ""
