"""The adapter of the CWS/CMS extract: a .csv or .xlsx file becomes a stream of ExtractLine and Refusal.

This module and `cws_cms_table` alone know the format. Another source replaces both by a module with the
same three functions: `columns_in`, `read_extract`, `typed_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from cts.domain import extract, identifiers
from cts.domain.extract import Column, ExtractLine, Kind, Refusal, Value
from cts.domain.one_line import without_unseen
from cts.outside.cws_cms_table import NotAnExtract, Record, Table, column_name, read_table

__all__ = ["SOURCE", "NotAnExtract", "columns_in", "read_extract", "typed_lines"]

SOURCE = "CWS/CMS"
_BLANK = "[null]"
_SHOWN_CHARACTERS = 200
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 0{1,2}:00(?::00)?)?", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")

NOT_A_DATE = "This is not a date. Write it as 2026-11-30 or 11/30/2026."
NOT_AN_EMAIL = "This is not an e-mail address."
HAS_NUL = "This holds a character that is not text (NUL). Export the line again."
CHARACTER_LOST = "A letter here could not be read. Save the file as UTF-8 and send it again."
# What people write instead of the code.
_SAME_AS = {
    "sex": {"FEMALE": "F", "MALE": "M", "INTERSEX": "I", "UNKNOWN": "U"},
    "lead_agency": {"PROBATION": "PROB"},
    "dual": {"YES": "Y", "NO": "N"},
}

_Reader = Callable[[str], Value]


def columns_in(path: Path) -> frozenset[str]:
    """Return the names of the extract's columns that the file has. Raises NotAnExtract like read_extract."""
    table = read_table(path)
    table.close()
    return frozenset(_places(table.headings))


def read_extract(path: Path, progress: Callable[[float], None] | None = None) -> Iterator[ExtractLine | Refusal]:
    """Yield every line of the file in its order, as a good line or as one Refusal per thing that is wrong with it.

    Line numbers are those of the file, the heading being 1. `progress` is told the fraction read, 0 to 1, now and
    then. Memory does not grow with the file. Raises NotAnExtract, before the first line, when the file is not a
    table or its required columns are missing.
    """
    table = read_table(path)
    places = _places(table.headings)
    columns = [(places[c.name], c, _reader_of(c)) for c in extract.COLUMNS if c.name in places]
    return _lines(table, columns, progress)


def typed_lines(path: Path, wanted: set[int]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, heading -> what was typed) for the wanted lines, in the file's order."""
    table = read_table(path)
    try:
        for record in table.records:
            if record.line_number in wanted:
                yield record.line_number, dict(zip(table.headings, record.cells, strict=False))
    finally:
        table.close()


def _lines(
    table: Table, columns: list[tuple[int, Column, _Reader]], progress: Callable[[float], None] | None
) -> Iterator[ExtractLine | Refusal]:
    try:
        for count, record in enumerate(table.records):
            if progress and count % 1000 == 0:
                progress(table.fraction_read())
            if record.problem:
                yield Refusal(record.line_number, "", record.problem, _shown("".join(record.cells)))
            else:
                yield from _line(record, columns, table.letters_may_be_lost)
    finally:
        table.close()


def _line(record: Record, columns: list[tuple[int, Column, _Reader]], lossy: bool) -> Iterator[ExtractLine | Refusal]:
    cells = record.cells
    values, problems = _whole(cells, columns, lossy) or _cell_by_cell(cells, columns, lossy)
    problems += extract.problems_of(values)
    if not problems:
        yield extract.line_of(record.line_number, values)
        return
    typed_in = {column.name: record.cells[place] for place, column, _ in columns}
    keys = {name: str(values.get(name) or "") for name in ("client_id", "referral_id", "case_id")}
    for name in extract.COLUMN_NAMES:
        for sentence in (sentence for wrong, sentence in problems if wrong == name):
            yield Refusal(record.line_number, name, sentence, _shown(typed_in.get(name, "")), **keys)


_Values = tuple[dict[str, Value], list[tuple[str, str]]]


def _whole(cells: list[str], columns: list[tuple[int, Column, _Reader]], lossy: bool) -> _Values | None:
    """The values of a line all of whose cells can be read, as nearly all can; None for another one."""
    if lossy or "\0" in "".join(cells):
        return None
    try:
        return {column.name: read(cells[place]) for place, column, read in columns}, []
    except ValueError:
        return None


def _cell_by_cell(cells: list[str], columns: list[tuple[int, Column, _Reader]], lossy: bool) -> _Values:
    """The values of the cells that can be read, and what is wrong with the others."""
    values: dict[str, Value] = {}
    problems: list[tuple[str, str]] = []
    for place, column, read in columns:
        typed = cells[place]
        try:
            if "\0" in typed:
                raise ValueError(HAS_NUL)
            if lossy and "\ufffd" in typed:
                raise ValueError(CHARACTER_LOST)
            values[column.name] = read(typed)
        except ValueError as problem:
            problems.append((column.name, str(problem)))
    return values, problems


def _shown(typed: str) -> str:
    """What was typed, short enough for a report; a NUL as the sign that stands for it."""
    return typed.strip().replace("\0", "\u2400")[:_SHOWN_CHARACTERS]


def _places(headings: list[str]) -> dict[str, int]:
    """Where each column of the extract stands. Raises NotAnExtract when one is there twice or a required one is not."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = column_name(heading)
        if name not in extract.COLUMN_NAMES:
            continue
        if name in places:
            raise NotAnExtract(f"The heading names the column {name} twice. Remove one of the two and send it again.")
        places[name] = place
    if not places:
        raise NotAnExtract("This is not a CWS/CMS extract: its first line has none of the extract's headings.")
    missing = [name for name in extract.REQUIRED_COLUMNS if name not in places]
    if not any(name in places for name in extract.EPISODE_KEYS):
        missing.append("referral_id or case_id")
    if missing:
        raise NotAnExtract(f"Nothing was loaded, because the heading lacks required columns: {', '.join(missing)}.")
    return places


def _reader_of(column: Column) -> _Reader:
    """How the text of one cell of this column becomes a value. The function raises ValueError with the sentence."""
    readers: dict[Kind, _Reader] = {
        Kind.DATE: _date,
        Kind.KEY: identifiers.parse_key,
        Kind.STAFF_ID: identifiers.parse_staff_id,
        Kind.CODE: lambda text: _code(column, text),
        Kind.EMAIL: lambda text: _email(column, text),
        Kind.NAME: lambda text: _text(column, text),
        Kind.TEXT: lambda text: _text(column, text),
    }
    read = readers[column.kind]

    def value(typed: str) -> Value:
        text = typed.strip()
        return None if not text or text.lower() == _BLANK else read(text)

    # Keys are nearly all different; the other columns repeat, and what was typed is remembered.
    return value if column.kind is Kind.KEY else lru_cache(maxsize=4096)(value)


def _date(text: str) -> date:
    found = _ISO_DATE.fullmatch(text)
    if found:
        year, month, day = found.groups()
    else:
        found = _US_DATE.fullmatch(text)
        if not found:
            raise ValueError(NOT_A_DATE)
        month, day, year = found.groups()
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(NOT_A_DATE) from None


def _code(column: Column, text: str) -> str:
    capitals = text.upper()
    capitals = _SAME_AS.get(column.name, {}).get(capitals, capitals)
    for code in column.codes:
        if code.upper() == capitals:
            return code
    raise ValueError(extract.unknown_code(column))


def _text(column: Column, text: str) -> str | None:
    seen = without_unseen(text).strip()
    if not any(character.isprintable() for character in seen):
        return None  # nothing but zero-width characters and line breaks: nobody would see a name here
    _refuse_too_long(column, seen)
    return seen


def _refuse_too_long(column: Column, text: str) -> None:
    sentence = extract.why_too_long(column, text)
    if sentence:
        raise ValueError(sentence)


def _email(column: Column, text: str) -> str:
    _refuse_too_long(column, text)
    if not _EMAIL.fullmatch(text):
        raise ValueError(NOT_AN_EMAIL)
    return text
