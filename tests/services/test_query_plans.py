"""What CTS asks on Home, in Search, for "Waiting on me" and on a record never reads a large table from end to end."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text

from bench.asked import boards, home, lists, searches, subject, waiting
from bench.databases import NOW, SINCE
from cts.domain.vocabulary import Role, Status
from cts.services.documents import open_document
from cts.services.record import open_record
from db.batches import Batches
from db.demo.staff import people_for
from db.demo.years import Course, tell_years
from db.indexes import INDEXES
from db.models import Assignment, Row
from db.models.youth import RARE
from db.session import reading, writing

LARGE = {
    "assignment",
    "youth",
    "youth_name_part",
    "grid_row",
    "document",
    "document_version",
    "signature",
    "stay",
    "history_entry",
    "access_entry",
    "email_owed",
    "activity",
    "client_update",
    "case_file",
}

_OF_FEW = {f"ix_assignment_{name}" for name, _, _ in RARE}
_AS_GOOD = re.compile(r"ix_assignment_status_(service_end|phase_due|contact_due)_on(?= \(status=\?\))")
"""Three indexes that each begin with the status: where nothing else is asked, one is as good as another."""
"""Indexes of few rows: to read one of them whole is what it is for."""

KNOWN: dict[str, dict[str, str]] = {
    "sqlite": {},
    "postgresql": {
        "waiting on me, CSEC Administration": "of few that last: reads all of them, by the index of these, and sorts"
    },
}
"""Cases that read a large table today, with the reason. The list only shrinks: what is mended has to be taken out."""


@pytest.mark.timeout(180)
def test_no_large_table_is_read_from_end_to_end(database: Engine) -> None:
    with writing() as session:
        batches = Batches(session.connection())
        people_for(batches, 2_500, SINCE.date())
        tell_years(batches, Course("plans", SINCE, NOW, 2_500, 0.25, whole=10))
    if database.dialect.name == "postgresql":
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    # SQLite keeps no statistics in CTS: with them it goes through a whole index for a listing by a column.
    found: dict[str, set[str]] = {}
    with database.connect() as connection:
        if database.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # then one is left where there is no other way
        for name, ask in _cases():
            with _statements(database) as asked:
                ask()
            scans = {scan for statement, values in asked for scan in _scans(connection, statement, values)}
            if scans:
                found[name] = scans
    known = KNOWN[database.dialect.name]
    assert {name: sorted(scans) for name, scans in found.items() if name not in known} == {}
    assert sorted(set(known) - set(found)) == [], "These are mended: take them out of KNOWN."


def _schema(database: Engine) -> tuple[list[str], list[str]]:
    """What makes the tables of a SQLite file, and its indexes, in the order of their names."""
    with database.connect() as connection:
        made = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    tables = [sql for kind, name, sql in made if kind == "table" and not name.startswith("sqlite_")]
    return tables, [sql for kind, _, sql in sorted(made, key=lambda row: row[1]) if kind == "index"]


def _cases() -> Iterator[tuple[str, Callable[[], object]]]:
    who = subject()
    for name, ask in (*home(), *searches(), *waiting(), *boards(), *lists()):
        yield name, lambda ask=ask: ask(who)
    with reading() as session:
        served = session.scalar(
            select(Assignment.number)
            .where(Assignment.status == Status.APPROVED, Assignment.advocate_id.is_not(None))
            .order_by(Assignment.number.desc())
            .limit(1)
        )
    assert served is not None
    yield "record", lambda: open_record(who.people[Role.ADMINISTRATION], served, None, NOW)
    yield "referral", lambda: open_document(who.people[Role.ADMINISTRATION], served, NOW)


@pytest.mark.timeout(120)
def test_the_order_in_which_indexes_were_made_decides_nothing(sqlite_database: Engine) -> None:
    """SQLite takes, of two that look alike, the one made last: by a migration or, of a restored file, by its place there."""
    with writing() as session:
        batches = Batches(session.connection())
        people_for(batches, 300, SINCE.date())
        tell_years(batches, Course("plans", SINCE, NOW, 300, 0.25, whole=10))
    tables, indexes = _schema(sqlite_database)
    orders = [_emptied(tables, indexes), _emptied(tables, indexes[::-1])]
    assert len(indexes) == len(INDEXES)
    different = set()
    for name, ask in _cases():
        with _statements(sqlite_database) as asked:
            ask()
        for statement, values in asked:
            plans = {tuple(_AS_GOOD.sub("by status", line) for line in _plan(c, statement, values)) for c in orders}
            if len(plans) > 1:
                different.add((name, statement))
    for connection in orders:
        connection.close()
    assert different == set()


def _emptied(tables: list[str], indexes: list[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for statement in (*tables, *indexes):
        connection.execute(statement)
    return connection


def _plan(connection: sqlite3.Connection, statement: str, values: Any) -> list[str]:
    return [row[3].replace("COVERING ", "") for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


@contextmanager
def _statements(database: Engine) -> Iterator[list[tuple[str, Any]]]:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "WITH")):
            asked.append((statement, values))

    event.listen(database, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database, "before_cursor_execute", note)


def _scans(connection: Any, statement: str, values: Any) -> set[str]:
    """The large tables a statement reads whole."""
    if isinstance(values, list):
        return set()
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        return _scans_of_sqlite([row[3] for row in rows], statement)
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return _scans_of_postgres(top)


def _scans_of_sqlite(lines: list[str], statement: str) -> set[str]:
    """In the order of an index up to a limit is no scan; to sort what was read for a limit is one."""
    stops_early = "LIMIT" in statement and not any("FOR ORDER BY" in line for line in lines)
    found = set()
    for line in lines:
        scan = re.match(r"SCAN (\w+?)(_\d+)?( USING .*)?$", line)
        of_few = scan and scan[3] and scan[3].split()[-1] in _OF_FEW
        if scan and scan[1] in LARGE and not (scan[3] and stops_early) and not of_few:
            found.add(f"{scan[1]}{scan[3] or ''}")
    return found


def _scans_of_postgres(top: dict[str, Any]) -> set[str]:
    nodes = list(_nodes(top))
    kinds = {node["Node Type"] for node in nodes}
    stops_early = "Limit" in kinds and not kinds & {"Sort", "Incremental Sort", "Aggregate"}
    found = set()
    for node in nodes:
        kind = node["Node Type"]
        whole = kind == "Seq Scan" or ("Index" in kind and kind != "Bitmap Index Scan" and _index_read_whole(node))
        if kind == "Bitmap Heap Scan":
            whole = any(n["Node Type"] == "Bitmap Index Scan" and _index_read_whole(n) for n in _nodes(node))
        if whole and node.get("Relation Name") in LARGE and not (stops_early and "Index" in node["Node Type"]):
            found.add(f"{node['Relation Name']} by {node['Node Type']}")
    return found


def _index_read_whole(node: dict[str, Any]) -> bool:
    return "Index Cond" not in node and node["Index Name"] not in _OF_FEW


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


@pytest.mark.parametrize(
    ("lines", "statement", "expected"),
    [
        (["SCAN assignment"], "SELECT 1", {"assignment"}),
        (["SEARCH assignment USING INDEX ix_assignment_case_id (case_id=?)"], "SELECT 1", set()),
        (["SCAN stay USING INDEX ix_stay_party_open"], "SELECT 1 LIMIT 5", set()),
        (["SCAN stay_1 USING INDEX x", "USE TEMP B-TREE FOR ORDER BY"], "SELECT 1 LIMIT 5", {"stay USING INDEX x"}),
        (["SCAN person"], "SELECT 1", set()),
    ],
)
def test_a_scan_is_found(lines: list[str], statement: str, expected: set[str]) -> None:
    assert _scans_of_sqlite(lines, statement) == expected


def test_every_index_is_explained_and_every_explanation_has_its_index() -> None:
    there = {str(index.name) for table in Row.metadata.sorted_tables for index in table.indexes}
    assert sorted(there - set(INDEXES)) == []
    assert sorted(set(INDEXES) - there) == []
    assert all(purpose.strip() for purpose in INDEXES.values())
