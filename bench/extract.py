"""A long extract: how much memory it takes, and how fast it is beside reading the same file and inserting the same rows, or its cells."""

import csv
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.results import Result
from db.migrate import migrate
from db.models import Row
from db.models.youth import SORTED
from db.session import CACHE_OF_A_LOAD_KB, make_engine
from tests.parts.keys import A_DATA_KEY

PROJECT = Path(__file__).resolve().parents[1]
SAMPLE = PROJECT / "db" / "demo" / "cws_cms_2026-11-02.csv"
MEMORY_MB = 500


def extracts(folder: Path, lines: int) -> Iterator[Result]:
    """Load a file of this many lines by the command, in a process of its own; and the same file again, of which nothing is new."""
    path, var = folder / "long.csv", folder / "extract"
    _write(path, lines)
    _cts(var, "migrate")
    cells = _cells(path, folder)
    seconds, megabytes = _loaded(path, var)
    again = _cells(path, folder)
    same, rows = _same_rows(path, var / "cts.sqlite", folder)
    unchanged, _ = _loaded(path, var)
    name, noise = f"extract of {lines:,} lines", again / cells
    yield Result(
        "SQLite", f"{name}, all new, seconds beside csv and executemany of the same rows", same, seconds, 4, noise
    )
    yield Result("SQLite", f"{name}, all new, beside csv and executemany of every cell", cells, seconds, 4, noise)
    yield Result("SQLite", f"{name}, nothing new, beside csv and executemany of every cell", cells, unchanged, 4, noise)
    yield Result("SQLite", f"{name}, largest memory in MB", None, megabytes, MEMORY_MB)
    print(
        f"extract: {lines / seconds:,.0f} new lines a second, {rows / lines:.1f} rows each; unchanged {lines / unchanged:,.0f};"
    )
    print(f"csv and executemany: {lines / same:,.0f} of the same rows, {lines / cells:,.0f} of every cell")


def _write(path: Path, lines: int) -> None:
    """The sample over and over, every line another youth and referral."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for n in range(lines):
            row = rows[n % len(rows)]
            if n >= len(rows):
                start = date(2024, 1, 1) + timedelta(days=n % 600)
                row = row | {
                    "client_id": f"{1_100_000_000_000 + n:013d}{n % 200_000:06d}",
                    "referral_id": f"{1_300_000_000_000 + n:013d}{n % 200_000:06d}",
                    "case_id": "",
                    "case_name": "",
                    "case_start_date": "",
                    "case_end_date": "",
                    "csec_start_date": start.isoformat(),
                    "csec_end_date": (start + timedelta(days=9)).isoformat(),
                    "referral_date": start.isoformat(),
                    "project_start_date": start.isoformat(),
                    "project_end_date": "",
                }
            writer.writerow(row)


def _cells(path: Path, folder: Path) -> float:
    """Seconds to read the file with csv and insert each line as it stands, in one transaction: one table, no index, nothing compared."""
    target = folder / "bare.sqlite"
    before = time.perf_counter()
    with sqlite3.connect(target) as connection, path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        connection.execute(f"CREATE TABLE line ({', '.join(header)})")
        connection.executemany(f"INSERT INTO line VALUES ({', '.join('?' * len(header))})", reader)  # noqa: S608
    connection.close()
    taken = time.perf_counter() - before
    target.unlink()
    return taken


def _same_rows(path: Path, loaded: Path, folder: Path) -> tuple[float, int]:
    """Seconds to read the file with csv and to insert, in one transaction, the rows that the load has written; and how many those are.

    Into the tables of CTS, with their indexes; triggers write the tallies and the keys of lists by themselves.
    """
    target = folder / "same.sqlite"
    migrate(make_engine(f"sqlite:///{target}"))
    source = sqlite3.connect(loaded)
    connection = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE_OF_A_LOAD_KB}"):
        connection.execute(f"PRAGMA {pragma}")
    number = 0
    before = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
    connection.execute("BEGIN IMMEDIATE")
    for table in Row.metadata.sorted_tables:
        if table.name in _WRITTEN:
            own = [column.name for column in table.columns if column.computed is None and column.name not in SORTED]
            names, marks = ", ".join(f'"{name}"' for name in own), ", ".join("?" * len(own))
            rows = source.execute(f"SELECT {names} FROM {table.name}")  # noqa: S608
            done = connection.executemany(f"INSERT OR IGNORE INTO {table.name} ({names}) VALUES ({marks})", rows)  # noqa: S608
            number += done.rowcount
    connection.execute("COMMIT")
    taken = time.perf_counter() - before
    connection.close()
    source.close()
    target.unlink()
    return taken, number


_WRITTEN = frozenset(
    {"office", "person", "youth", "youth_name_part", "youth_full_name", "name_spelling", "assignment", "grid_row"}
    | {"document", "stay", "history_entry", "extract_load", "extract_refusal"}
)


def _loaded(path: Path, var: Path) -> tuple[float, float]:
    """Seconds and megabytes of `python -m cts load-extract`, the start of Python included."""
    taken = _cts(var, "load-extract", str(path))
    return taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_024


def _cts(var: Path, *arguments: str) -> float:
    """Seconds of one command, from its start to its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CTS_")}
    settings = {"CTS_VAR_DIR": str(var), "CTS_DATA_KEYS": A_DATA_KEY}
    before = time.perf_counter()
    command = [sys.executable, "-m", "cts", *arguments]
    subprocess.run(command, cwd=PROJECT, env=kept | settings, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - before
