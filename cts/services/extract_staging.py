"""The lines of one extract in a temporary file, where episodes are put together whatever the number of lines.

Nothing of CTS's own database is touched. The file has no name once it is open, so even a killed server leaves no
youth's data behind; it is readable by the server's own account only.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from operator import attrgetter
from pathlib import Path

from cts.domain import extract
from cts.domain.extract import EPISODE_COLUMNS, ExtractLine, Refusal, Value

Episode = dict[str, Value]

_BATCH = 2000
_DATES = frozenset(c.name for c in extract.COLUMNS if c.kind is extract.Kind.DATE)

_TABLES = """
CREATE TABLE line (number INTEGER PRIMARY KEY, extract_on TEXT, episode TEXT, client TEXT, referral TEXT,
    case_id TEXT, facts TEXT, grid TEXT);
CREATE TABLE refusal (number INTEGER, col TEXT, problem TEXT, value TEXT, client TEXT, referral TEXT, case_id TEXT);
CREATE TABLE disputed (client TEXT, referral TEXT, case_id TEXT, columns TEXT, lines TEXT, case_flag_missing INTEGER);
CREATE TABLE episode (id INTEGER PRIMARY KEY, client TEXT, referral TEXT, case_id TEXT, facts TEXT, grid TEXT,
    hash TEXT, partial INTEGER, ended INTEGER, recency TEXT, sensitivity INTEGER, assignment INTEGER, state TEXT);
CREATE TABLE staff (staff_id TEXT PRIMARY KEY, name TEXT, email TEXT, unit TEXT, office TEXT, department TEXT,
    supervisor INTEGER);
CREATE TABLE office (code TEXT PRIMARY KEY, name TEXT, department TEXT);
CREATE TABLE existing (id INTEGER PRIMARY KEY, client TEXT, referral TEXT, case_id TEXT, hash TEXT, missing INTEGER,
    closed INTEGER, in_service INTEGER, ended INTEGER, case_flag_missing INTEGER, term INTEGER);
CREATE TABLE earlier_term (id INTEGER PRIMARY KEY);
"""


@contextmanager
def staging(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open an empty staging file in `folder`; it is gone at the end, and also when the process is killed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"extract-{secrets.token_hex(8)}.staging"
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    staged = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-32000"):
            staged.execute(f"PRAGMA {pragma}")
        staged.execute("BEGIN")
        staged.executescript(_TABLES)
        path.unlink()
        staged.execute("BEGIN")
        yield staged
    finally:
        staged.close()
        path.unlink(missing_ok=True)


def stage_lines(staged: sqlite3.Connection, items: Iterable[ExtractLine | Refusal]) -> date | None:
    """Put the items of an adapter into the staging file. Returns the date of the extract, None when no line is good.

    The date is the one that most lines bear; lines with another date are refused.
    """
    _read(staged, items)
    return _settle_date(staged)


@lru_cache(maxsize=2_000)
def episode_of(facts: str) -> Episode:
    """Return the columns of a staged episode, without the grid, as an adapter gave them. Asked for the youth and for the assignment."""
    values: list[str | None] = json.loads(facts)
    return {
        name: date.fromisoformat(value) if value and name in _DATES else value
        for name, value in zip(EPISODE_COLUMNS, values, strict=True)
    }


def _read(staged: sqlite3.Connection, items: Iterable[ExtractLine | Refusal]) -> None:
    lines: list[tuple[object, ...]] = []
    refusals: list[tuple[object, ...]] = []

    def store() -> None:
        staged.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?)", lines)
        add_refusals(staged, refusals)
        lines.clear()
        refusals.clear()

    for item in items:
        if isinstance(item, ExtractLine):
            lines.append(_staged(item))
        else:
            refusals.append(
                (
                    item.line_number,
                    item.column,
                    item.problem,
                    item.value,
                    item.client_id,
                    item.referral_id,
                    item.case_id,
                )
            )
        if len(lines) + len(refusals) >= _BATCH:
            store()
    store()


def add_refusals(staged: sqlite3.Connection, refusals: Iterable[tuple[object, ...]]) -> None:
    """Add rows of the table refusal: number, column, problem, value, client, referral, case."""
    staged.executemany("INSERT INTO refusal VALUES (?, ?, ?, ?, ?, ?, ?)", refusals)


_facts_of = attrgetter(*EPISODE_COLUMNS)
_as_json = json.JSONEncoder(ensure_ascii=False, default=date.isoformat).encode


def _staged(line: ExtractLine) -> tuple[object, ...]:
    facts = _as_json(_facts_of(line))
    end = line.csec_end_date.isoformat() if line.csec_end_date else ""
    return (
        line.line_number,
        line.extract_date.isoformat(),
        extract.episode_key(line.client_id, line.referral_id, line.case_id),
        line.client_id,
        line.referral_id,
        line.case_id,
        facts,
        f"{line.csec_type_code} {line.csec_start_date.isoformat()} {end}",
    )


def _settle_date(staged: sqlite3.Connection) -> date | None:
    """The extract's date is the one of most lines; the others are refused, for nobody can say what they belong to."""
    found = staged.execute("SELECT extract_on FROM line GROUP BY 1 ORDER BY COUNT(*) DESC, 1 DESC LIMIT 1").fetchone()
    if found is None:
        return None
    staged.execute(
        "INSERT INTO refusal SELECT number, 'extract_date', ?, extract_on, client, COALESCE(referral, ''),"
        " COALESCE(case_id, '') FROM line WHERE extract_on <> ?",
        (f"The extract is of {found[0]}, as most of its lines say, and this line bears another date.", found[0]),
    )
    staged.execute("DELETE FROM line WHERE extract_on <> ?", found)
    return date.fromisoformat(found[0])
