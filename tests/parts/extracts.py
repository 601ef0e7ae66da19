"""Extracts for tests: rows of the first sample, changed as a test needs them, and what a load left in the database."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from db.models import Assignment, GridRow, HistoryEntry, Row, Youth
from db.session import reading

DEMO = Path(__file__).parents[2] / "db" / "demo"
FIRST, SECOND, MESSY = (
    DEMO / name for name in ("cws_cms_2026-11-02.csv", "cws_cms_2026-11-03.csv", "cws_cms_messy.csv")
)
NOW = datetime(2026, 11, 3, 14, 0, tzinfo=UTC)
CLIENT, REFERRAL, CASE = "3272-2581-3380-3231805", "3405-2758-9855-4033373", "3175-4439-9345-7073858"


def row(**changes: str) -> dict[str, str]:
    """The first row of the first sample (a youth with referral and case, one grid row), changed."""
    with FIRST.open(encoding="utf-8", newline="") as file:
        return {**next(csv.DictReader(file)), **changes}


def write(path: Path, *rows: dict[str, str]) -> Path:
    """An extract of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def many(path: Path, lines: int) -> Path:
    """An extract of so many lines: two episodes a youth, every key different."""

    def made() -> Iterator[dict[str, str]]:
        with FIRST.open(encoding="utf-8", newline="") as file:
            samples = list(csv.DictReader(file))[:100]
        for number in range(lines):
            client = f"{1_000_000_000_000 + number // 2:013d}{number // 2 % 200_000:06d}"
            yield {
                **samples[number // 2 % 100],
                "client_id": client,
                "referral_id": f"{2_000_000_000_000 + number:013d}000123",
                "case_id": "",
            }

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row()))
        writer.writeheader()
        writer.writerows(made())
    return path


def dump(engine: Engine, without: set[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those named."""
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(map(str, found)) for found in connection.execute(select(table))))
            for table in Row.metadata.sorted_tables
            if table.name not in without
        }


LOG = {"extract_load", "extract_refusal", "access_entry"}
"""What every load, also one that changes nothing, writes."""


def assignments() -> list[Assignment]:
    """All assignments by number."""
    with reading() as session:
        return list(session.scalars(select(Assignment).order_by(Assignment.number)))


def youth() -> list[Youth]:
    """All youth, in the order they were added."""
    with reading() as session:
        return list(session.scalars(select(Youth).order_by(Youth.id)))


def history(*without: str) -> list[HistoryEntry]:
    """All entries of the history but those of these actions."""
    with reading() as session:
        entries = select(HistoryEntry).where(HistoryEntry.action.not_in(without)).order_by(HistoryEntry.id)
        return list(session.scalars(entries))


def grid() -> list[str]:
    """All rows of the grid as text."""
    with reading() as session:
        rows = session.scalars(select(GridRow).order_by(GridRow.csec_type, GridRow.start_on))
        return [f"{r.csec_type} {r.start_on} {r.end_on or ''}".strip() for r in rows]
