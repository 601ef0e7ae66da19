"""Accounts of an earlier CTS go on as they are: same passphrase, no second factor; and one can be without a passphrase now."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, select, text

from cts.services.sign_in import sign_in
from db.migrate import alembic_config, migrate
from db.models import Account
from db.session import close_database, make_engine, open_database, writing
from tests.parts.passwords import quick_hash
from tests.parts.postgres import PostgresServer
from tests.services.test_sign_in import HOME, NOW, PASSWORD


def fill(connection: Connection) -> None:
    """The tables as they were, with one account."""
    command.upgrade(alembic_config(connection), "0002")
    connection.execute(
        text(
            "INSERT INTO person (name, role, email, phone, unit, active) VALUES (:n, :r, 'a@cts.example', '', '', :t)"
        ),
        {"n": "Old, Olga", "r": "CSEC Administration", "t": True},
    )
    connection.execute(
        text(
            "INSERT INTO account (person_id, user_name, password_hash, failed_attempts, password_changed_at)"
            " SELECT id, 'olga', :hash, 0, :at FROM person"
        ),
        {"hash": quick_hash(PASSWORD), "at": datetime(2026, 1, 2, tzinfo=UTC)},
    )


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_an_account_of_before_signs_in_as_before(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    if kind == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database(migrated=False)
        request.addfinalizer(lambda: server.drop_database(url))
    engine = make_engine(url)
    with engine.execution_options(cts_writing=True, cts_migrating=True).connect() as connection, connection.begin():
        fill(connection)
    engine.dispose()
    migrate(open_database(url))
    try:
        assert sign_in("olga", PASSWORD, HOME, "browser", NOW).step == "entered"
        with writing() as session:
            session.scalars(select(Account)).one().password_hash = None
    finally:
        close_database()
