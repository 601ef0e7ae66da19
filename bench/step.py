"""A workflow step with all its writes, beside the same rows written by bare SQL in one transaction."""

import sqlite3
from collections import Counter
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
from db.batches import Batches
from db.demo.staff import people_for
from db.demo.years import Course, tell_years
from db.migrate import migrate
from db.models import Assignment, Person, ReviewedDocument, Row
from db.session import close_database, engine, open_database, reading, writing

ROUNDS = 40
REASON = {"reason_code": "other", "reason_text": "Sent back by the measurement."}
_ROUND: tuple[tuple[Action, str, dict[str, Any]], ...] = (
    (Action.APPROVE, "worker", {}),
    (Action.REJECT, "supervisor", REASON),
    (Action.SUBMIT, "advocate", {}),
)
_presses = count(1)


def steps(folder: Path, wanted: str) -> Iterator[Result]:
    """The approval of a plan by the case worker, on each database."""
    if wanted in {"both", "sqlite"}:
        yield _measured("SQLite", sqlite_at(folder, 1), _sqlite)
    server = postgres(lasting=True) if wanted in {"both", "postgres"} else None
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
    for action, who, asked in _ROUND:
        take(people[who], number, action, **asked)
    rows = _written_by(lambda: take(people["worker"], number, Action.APPROVE))
    bare = bare_of(url)
    assert _written_by(bare) == rows, "The bare side does not write the same rows."
    taken: tuple[list[float], ...] = ([], [], [])
    for _ in range(ROUNDS):
        for action, who, asked in _ROUND[1:]:
            take(people[who], number, action, **asked)
        taken[0].append(once(bare))
        taken[1].append(take(people["worker"], number, Action.APPROVE))
        taken[2].append(once(bare))
    close_database()
    against, step, again = (percentile(times, 0.25) for times in taken)
    name = f"a step: approve a plan ({CHANGED + sum(rows.values())} rows)"
    return Result(kind, name, against, step, 3, again / against)


def _written_by(call: Call) -> Counter[str]:
    """How many rows of each table a call adds, those that triggers write among them."""
    before = _counts()
    call()
    return _counts() - before


def _counts() -> Counter[str]:
    with engine().connect() as connection:
        names = Row.metadata.tables
        return Counter({name: connection.scalar(text(f"SELECT COUNT(*) FROM {name}")) or 0 for name in names})  # noqa: S608


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
"""What the step inserts, in its order; its triggers write the tallies."""
CHANGED = 3
"""What it changes besides: the document, the stay that lasted, the head of the access log."""
_NEXT = "(SELECT last_id + 1 FROM access_head)"


def _newest_rows() -> dict[str, dict[str, Any]]:
    """The rows the last step has written, as the database keeps them."""
    with engine().connect() as connection:
        return {
            table: dict(connection.execute(text(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")).mappings().one())  # noqa: S608
            for table in INSERTED
        }


def _statements(rows: dict[str, dict[str, Any]], mark: str) -> list[tuple[str, Callable[[int, int], tuple[Any, ...]]]]:
    """The seven writes; `n` counts the transactions, `history` is the entry that was written in this one."""
    document = rows["stay"]["document_id"]
    version = f"UPDATE document SET version = version + 1, status = status WHERE id = {mark}"  # noqa: S608
    lasting = f"document_id = {mark} AND left_at IS NULL"
    closing = f"UPDATE stay SET left_at = {mark}, left_on = {mark}, days = 0, ended_by = 'approve' WHERE {lasting}"  # noqa: S608
    head = f"UPDATE access_head SET last_id = last_id + 1, entries = entries + 1, hash = {mark} WHERE id = 1"  # noqa: S608
    entered = rows["stay"]["entered_at"]
    return [
        (version, lambda n, history: (document,)),
        (_insert("history_entry", rows["history_entry"], mark), _values("history_entry", rows["history_entry"])),
        (closing, lambda n, history: (entered, rows["stay"]["counted_from"], document)),
        *((_insert(table, rows[table], mark), _values(table, rows[table])) for table in INSERTED[1:]),
        (head, lambda n, history: (rows["access_entry"]["hash"],)),
    ]


def _insert(table: str, row: dict[str, Any], mark: str) -> str:
    """Numbers are given by the database, as to CTS; of the access log by its head."""
    given = _NEXT if table == "access_entry" else ""
    marks = [given] if given else []
    names = [*(["id"] if given else []), *(name for name in row if name != "id")]
    returning = " RETURNING id" if table == "history_entry" else ""
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(marks + [mark] * (len(row) - 1))}){returning}"  # noqa: S608


def _values(table: str, row: dict[str, Any]) -> Callable[[int, int], tuple[Any, ...]]:
    def of(n: int, history: int) -> tuple[Any, ...]:
        new = {name: value for name, value in row.items() if name != "id"}
        if table == "history_entry":
            new["step_key"] = f"bare {n}"
        if table == "email_owed":
            new["history_id"] = history
        return tuple(new.values())

    return of


def _sqlite(url: str) -> Call:
    rows = _newest_rows()
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    statements, numbers = _statements(rows, "?"), count(1)

    def bare() -> None:
        n, history = next(numbers), 0
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            done = connection.execute(statement, values(n, history))
            history = done.fetchone()[0] if "RETURNING" in statement else history
        connection.execute("COMMIT")

    return bare


def _postgres(url: str) -> Call:
    rows = _newest_rows()
    connection = psycopg.connect(url.replace("+psycopg", ""))
    for row in rows.values():
        row.update({k: psycopg.types.json.Jsonb(v) for k, v in row.items() if isinstance(v, dict)})
    statements, numbers = _statements(rows, "%s"), count(1)

    def bare() -> None:
        n, history = next(numbers), 0
        with connection.transaction(), connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement.encode(), values(n, history))
                history = cursor.fetchone()[0] if "RETURNING" in statement else history  # type: ignore[index]

    return bare
