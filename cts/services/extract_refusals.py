"""The refused lines of a load: kept with it as they were typed, and given out as a file with the reasons."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cts.domain.extract import COLUMN_NAMES, Refusal
from cts.outside.cws_cms import typed_lines
from db.models import ExtractRefusal
from db.models.rows import table_of

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


@dataclass(frozen=True)
class RefusedLine:
    """A refused line of the file as it was typed, heading to text, and what is wrong with it."""

    number: int
    typed: dict[str, str]
    refusals: tuple[Refusal, ...]


def staged_refusals(staged: sqlite3.Connection, path: Path) -> Iterator[RefusedLine]:
    """Yield every refused line of the staged file, in its order."""
    wanted = {number for (number,) in staged.execute("SELECT DISTINCT number FROM refusal")}
    if not wanted:
        return
    typed = typed_lines(path, wanted)
    for number, rows in groupby(staged.execute(_REFUSALS), key=itemgetter(0)):
        line = {_storable(heading): _storable(cell) for heading, cell in next(typed)[1].items()}
        yield RefusedLine(number, line, tuple(Refusal(*row) for row in rows))


def kept_refusals(session: Session, load_id: int) -> Iterator[RefusedLine]:
    """Yield every refused line of a past load, in the order of its file."""
    statement = select(ExtractRefusal).where(ExtractRefusal.load_id == load_id).order_by(ExtractRefusal.id)
    rows = session.scalars(statement.execution_options(yield_per=_BATCH))
    for number, group in groupby(rows, key=attrgetter("line_number")):
        kept = list(group)
        typed = dict(zip(kept[0].line["headings"], kept[0].line["cells"], strict=True))
        yield RefusedLine(number, typed, tuple(Refusal(number, r.column, r.problem, r.value) for r in kept))


def keep_refusals(session: Session, staged: sqlite3.Connection, path: Path, load_id: int) -> None:
    """Keep every refusal with its line as typed."""
    rows: list[dict[str, Any]] = []
    for line in staged_refusals(staged, path):
        rows += [
            {
                "load_id": load_id,
                "line_number": line.number,
                "column": refusal.column,
                "problem": refusal.problem,
                "value": refusal.value,
                # Two lists: PostgreSQL does not keep the order of names.
                "line": {"headings": list(line.typed), "cells": list(line.typed.values())},
            }
            for refusal in line.refusals
        ]
        if len(rows) >= _BATCH:
            session.execute(insert(table_of(ExtractRefusal)), rows)
            rows = []
    if rows:
        session.execute(insert(table_of(ExtractRefusal)), rows)


def refusals_as_csv(lines: Iterable[RefusedLine]) -> bytes:
    """Return refused lines as CSV (UTF-8, marked so that Excel reads it): line, reasons, then what was typed.

    The file can be mended and loaded: the two columns before the extract's own are passed over.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    headings: list[str] = []
    for line in lines:
        if not headings:
            headings = list(line.typed)
            writer.writerow(["refused_line", "refused_because", *map(formula_safe, headings)])
        reasons = " ".join(f"{r.column}: {r.problem}" if r.column else r.problem for r in line.refusals)
        cells = (line.typed.get(heading, "") for heading in headings)
        writer.writerow([line.number, formula_safe(reasons), *map(formula_safe, cells)])
    return text.getvalue().encode("utf-8-sig")


def formula_safe(text: str) -> str:
    """Return text that a spreadsheet shows and does not calculate: an apostrophe stands before what could be a formula."""
    return "'" + text if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL; the sign that stands for it is kept."""
    return text.replace("\0", "\u2400")
