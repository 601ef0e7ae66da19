"""A long extract: how much memory it takes, and how fast it is beside reading the same file and inserting its cells."""

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
from tests.parts.keys import A_DATA_KEY

PROJECT = Path(__file__).resolve().parents[1]
SAMPLE = PROJECT / "db" / "demo" / "cws_cms_2026-11-02.csv"
MEMORY_MB = 500


def extracts(folder: Path, lines: int) -> Iterator[Result]:
    """Load a file of this many lines by the command, in a process of its own."""
    path = folder / "long.csv"
    _write(path, lines)
    bare, again = _bare(path, folder), _bare(path, folder)
    seconds, megabytes = _loaded(path, folder)
    rate, bare_rate = lines / seconds, lines / bare
    yield Result(
        "SQLite", f"extract of {lines:,} lines, seconds beside csv and bare executemany", bare, seconds, 4, again / bare
    )
    yield Result("SQLite", f"extract of {lines:,} lines, largest memory in MB", None, megabytes, MEMORY_MB)
    print(f"extract: {rate:,.0f} lines a second; csv and executemany: {bare_rate:,.0f}")


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


def _bare(path: Path, folder: Path) -> float:
    """Seconds to read the file with csv and insert each line as it stands, in one transaction."""
    target = folder / "bare.sqlite"
    target.unlink(missing_ok=True)
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


def _loaded(path: Path, folder: Path) -> tuple[float, float]:
    """Seconds and megabytes of `python -m cts load-extract`, the start of Python included."""
    var = folder / "extract"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CTS_")}
    settings = {"CTS_VAR_DIR": str(var), "CTS_DATA_KEYS": A_DATA_KEY}
    command = [sys.executable, "-m", "cts", "load-extract", str(path)]
    before = time.perf_counter()
    subprocess.run(command, cwd=PROJECT, env=kept | settings, check=True, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - before
    return taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_024
