"""A workflow step with all its writes, beside the same rows written by bare SQL in one transaction."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select, text

from bench.databases import NOW, actor_of, postgres, sqlite_at
from bench.results import Result
from bench.timing import Call, once, percentile
from cts.domain.vocabulary import Action, Document, Status
from cts.services.actor import Actor
from cts.services.documents import read_document
from cts.services.steps import StepRequest, take_step
from db.demo.batches import Batches
from db.demo.staff import people_for
from db.demo.years import Course, tell_years
from db.migrate import migrate
from db.models import Assignment, Person, ReviewedDocument
from db.session import close_database, engine, open_database, reading, writing

ROUNDS = 40
REASON = {"reason_code": "other", "reason_text": "Sent back by the measurement."}
_presses = count(1)


def steps(folder: Path, wanted: str) -> Iterator[Result]:
    """The approval of a plan by the case worker, on each database."""
    if wanted in {"both", "sqlite"}:
        yield _measured("SQLite", sqlite_at(folder, 1), _sqlite)
    server = postgres() if wanted in {"both", "postgres"} else None
    if server is not None:
        try:
            yield _measured("PostgreSQL", server.new_database(migrated=False), _postgres)
        finally:
            server.close()


def _measured(kind: str, url: str, bare_of: Callable[[str], Call]) -> Result:
    migrate(open_database(url))
    with writing() as session:
        batches = Batches(session.connection())
        since = NOW - timedelta(days=500)
        people_for(batches, 1_000, since.date())
        tell_years(batches, Course("step", since, NOW, 150, 0.85))
    number, people = plan_in_review()
    taken: list[float] = []
    for _ in range(ROUNDS):
        taken.append(take(people["worker"], number, Action.APPROVE))
        take(people["supervisor"], number, Action.REJECT, **REASON)
        take(people["advocate"], number, Action.SUBMIT)
    take(people["worker"], number, Action.APPROVE)
    bare = bare_of(url)
    close_database()
    written = [once(bare) for _ in range(ROUNDS)]
    again = [once(bare) for _ in range(ROUNDS)]
    against = percentile(written, 0.25)
    noise = percentile(again, 0.25) / against
    return Result(kind, "a step: approve a plan (7 rows)", against, percentile(taken, 0.25), 3, noise)


def plan_in_review() -> tuple[int, dict[str, Actor]]:
    """An assignment whose newest phase is with its case worker, and who can act on it."""
    with reading() as session:
        wanted = (ReviewedDocument.kind == Document.PLAN, ReviewedDocument.status == Status.PENDING_BY_WORKER)
        found = select(Assignment).join(ReviewedDocument, ReviewedDocument.assignment_id == Assignment.id)
        assignment = session.scalars(found.where(*wanted).order_by(Assignment.number.desc())).first()
        assert assignment is not None, "No plan waits for a case worker."
        ids = {
            "worker": assignment.worker_id,
            "supervisor": assignment.supervisor_id,
            "advocate": assignment.advocate_id,
        }
        return assignment.number, {what: actor_of(session.get_one(Person, i)) for what, i in ids.items()}


def take(actor: Actor, number: int, action: Action, **asked: Any) -> float:
    """Milliseconds of the step alone, without the reading of the page before it."""
    now = datetime.now(UTC)
    seen = read_document(actor, number, now, Document.PLAN).version
    request = StepRequest(action, seen, f"bench {next(_presses)}", **asked)
    return once(lambda: take_step(actor, number, request, now, Document.PLAN))


INSERTED = ("history_entry", "stay", "email_owed", "access_entry")
"""What the step inserts; it also changes the document, the stay that lasted and the head of the access log."""


def _newest_rows() -> dict[str, dict[str, Any]]:
    """The rows the last step has written, as the database keeps them."""
    with engine().connect() as connection:
        return {
            table: dict(connection.execute(text(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")).mappings().one())  # noqa: S608
            for table in INSERTED
        }


def _statements(rows: dict[str, dict[str, Any]], mark: str) -> list[tuple[str, Callable[[int], tuple[Any, ...]]]]:
    """The seven writes; `n` counts the transactions, so that numbers and keys are new each time."""
    document = rows["stay"]["document_id"]
    closing = f"UPDATE stay SET left_at = entered_at WHERE document_id = {mark} AND left_at IS NULL"  # noqa: S608
    head = f"UPDATE access_head SET last_id = last_id + 1, entries = entries + 1, hash = {mark} WHERE id = 1"  # noqa: S608
    return [
        (f"UPDATE document SET version = version + 1, status = status WHERE id = {mark}", lambda n: (document,)),  # noqa: S608
        (closing, lambda n: (document,)),
        *((_insert(table, row, mark), _values(table, row, rows)) for table, row in rows.items()),
        (head, lambda n: (rows["access_entry"]["hash"],)),
    ]


def _insert(table: str, row: dict[str, Any], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join([mark] * len(row))})"  # noqa: S608


def _values(table: str, row: dict[str, Any], rows: dict[str, dict[str, Any]]) -> Callable[[int], tuple[Any, ...]]:
    def of(n: int) -> tuple[Any, ...]:
        new = row | {"id": row["id"] + n}
        if table == "history_entry":
            new["step_key"] = f"bare {n}"
        if table == "email_owed":
            new["history_id"] = rows["history_entry"]["id"] + n
        return tuple(new.values())

    return of


def _sqlite(url: str) -> Call:
    rows = _newest_rows()
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    statements, numbers = _statements(rows, "?"), count(1)

    def bare() -> None:
        n = next(numbers)
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            connection.execute(statement, values(n))
        connection.execute("COMMIT")

    return bare


def _postgres(url: str) -> Call:
    rows = _newest_rows()
    connection = psycopg.connect(url.replace("+psycopg", ""))
    for row in rows.values():
        row.update({k: psycopg.types.json.Jsonb(v) for k, v in row.items() if isinstance(v, dict)})
    statements, numbers = _statements(rows, "%s"), count(1)

    def bare() -> None:
        n = next(numbers)
        with connection.transaction(), connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement.encode(), values(n))

    return bare
