"""The refused lines of a load: kept with it as they were typed, and given out as a file with the reasons."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cts.domain.extract import COLUMN_NAMES, Refusal
from cts.outside.cws_cms import typed_lines
from db.models import ExtractRefusal

SHOWN = 1000
_BATCH = 500
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ORDER = (
    "CASE col " + " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(COLUMN_NAMES)) + " ELSE -1 END"
)
_REFUSALS = f"SELECT number, col, problem, value, client, referral, case_id FROM refusal ORDER BY number, {_ORDER}"  # noqa: S608


def first_refusals(staged: sqlite3.Connection) -> tuple[Refusal, ...]:
    """Return the first refusals in the order of the file, at most SHOWN: what a page can show."""
    return tuple(Refusal(*row) for row in staged.execute(f"{_REFUSALS} LIMIT {SHOWN}"))


def keep_refusals(session: Session, staged: sqlite3.Connection, path: Path, load_id: int) -> None:
    """Keep every refusal with its line as typed."""
    wanted = {number for (number,) in staged.execute("SELECT DISTINCT number FROM refusal")}
    if not wanted:
        return
    typed = typed_lines(path, wanted)
    rows: list[dict[str, Any]] = []
    for number, group in groupby(staged.execute(_REFUSALS), key=lambda row: row[0]):
        line = {_storable(heading): _storable(cell) for heading, cell in next(typed)[1].items()}
        rows += [
            {
                "load_id": load_id,
                "line_number": number,
                "column": column,
                "problem": problem,
                "value": value,
                "line": line,
            }
            for _, column, problem, value, *_ in group
        ]
        if len(rows) >= _BATCH:
            session.execute(insert(ExtractRefusal), rows)
            rows = []
    if rows:
        session.execute(insert(ExtractRefusal), rows)


def write_refusals(session: Session, load_id: int, file: TextIO) -> int:
    """Write the refused lines of a load as CSV: line, reasons, then what was typed. Returns how many lines.

    The file can be mended and loaded again: the two columns before the extract's own are passed over.
    """
    writer = csv.writer(file)
    headings: list[str] = []
    count = 0
    for number, rows in _by_line(session, load_id):
        line: dict[str, str] = rows[0].line
        if not headings:
            headings = list(line)
            writer.writerow(["refused_line", "refused_because", *map(formula_safe, headings)])
        reasons = " ".join(f"{row.column}: {row.problem}" if row.column else row.problem for row in rows)
        writer.writerow([number, formula_safe(reasons), *(formula_safe(line.get(heading, "")) for heading in headings)])
        count += 1
    return count


def formula_safe(text: str) -> str:
    """Return text that a spreadsheet shows and does not calculate: an apostrophe stands before what could be a formula."""
    return "'" + text if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _by_line(session: Session, load_id: int) -> Iterator[tuple[int, list[ExtractRefusal]]]:
    statement = select(ExtractRefusal).where(ExtractRefusal.load_id == load_id).order_by(ExtractRefusal.id)
    rows = session.scalars(statement.execution_options(yield_per=_BATCH))
    for number, group in groupby(rows, key=lambda row: row.line_number):
        yield number, list(group)


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL; the sign that stands for it is kept."""
    return text.replace("\0", "\u2400")
