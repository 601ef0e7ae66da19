"""An access log that an earlier CTS wrote becomes a chain: every entry is kept, in its order, and the next one follows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from cts.services.access import record_access
from cts.services.audit_chain import verify
from db.migrate import alembic_config, migrate
from db.session import close_database, open_database, writing
from tests.parts.chain import entries
from tests.parts.postgres import PostgresServer

EVENING = datetime(2026, 11, 3, 3, 30, 0, 123456, tzinfo=UTC)
OLD = "INSERT INTO access_entry (id, at, action, outcome, parties, reason, address, session_hash, details) VALUES"
NUMBERS = (1, 2, 7, 2000)
"""A PostgreSQL that undid transactions has gaps."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with entries of an earlier CTS, brought to the tables of today."""
    server: PostgresServer | None = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    url = server.new_database(migrated=False) if server else f"sqlite:///{tmp_path / 'cts.sqlite'}"
    engine = open_database(url)
    with engine.execution_options(cts_writing=True, cts_migrating=True).connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection), "0002")
        moment = f"{EVENING:%Y-%m-%d %H:%M:%S.%f}" + ("+00" if server else "")
        for number in NUMBERS:
            details = f'{{"z": [{number}], "a": "é"}}'
            values = f"({number}, '{moment}', 'open', 'done', '', '', '', '', '{details}')"
            connection.exec_driver_sql(f"{OLD} {values}")
    migrate(engine)
    yield engine
    close_database()
    if server:
        server.drop_database(url)


def test_the_log_that_was_there_is_a_chain(migrated: Engine) -> None:
    kept = [(row["id"], row["at"], row["details"]["z"], row["role"]) for row in entries()]
    assert kept == [(place, EVENING, [number], "") for place, number in enumerate(NUMBERS, 1)]
    with writing() as session:
        record_access(session, None, "sign in", EVENING)
    found = verify()
    assert (found.findings, found.entries) == ((), len(NUMBERS) + 1)


def test_it_cannot_be_changed_afterwards_either(migrated: Engine) -> None:
    for attempt in ("UPDATE access_entry SET reason = 'x'", "DELETE FROM access_entry", "DELETE FROM access_head"):
        with pytest.raises(DBAPIError, match="never changed"), writing() as session:
            session.execute(text(attempt))
