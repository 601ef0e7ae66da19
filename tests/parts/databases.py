"""Databases for tests: a fresh one each, with all tables and no rows, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine, event

from db.migrate import migrate
from db.session import _state, close_database, make_engine, open_database
from tests.parts.postgres import PostgresServer


def open_unsynced(url: str) -> Engine:
    """Open a database as the one of this process. SQLite waits for no disk: only a loss of power could tell, and no test is one."""
    engine = open_database(url)
    _share_translations(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return engine


_translated: dict[str, tuple[Dialect, Any]] = {}


def _share_translations(engine: Engine) -> None:
    """What SQLAlchemy has once translated for this kind of database it need not translate again for every test's own, as little as a
    server does for every request."""
    if engine.dialect.name not in _translated:
        with engine.connect():
            engine._compiled_cache.capacity = 5_000
            _translated[engine.dialect.name] = engine.dialect, engine._compiled_cache
    dialect, translated = _translated[engine.dialect.name]
    for one in (engine, _state["read"].kw["bind"], _state["write"].kw["bind"]):
        one.dialect, one._compiled_cache = dialect, translated


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, made once. Copy it; never write to it."""
    path = tmp_path_factory.mktemp("template") / "cts.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    """The URL of a SQLite database of this test's own."""
    path = tmp_path / "cts.sqlite"
    shutil.copy(migrated_sqlite_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test's own."""
    url = postgres_server.lend_database()
    yield url
    postgres_server.take_back(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on SQLite and on PostgreSQL, each time with a database of its own."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """The test's database, opened as the one of this process (db.session), on SQLite and on PostgreSQL."""
    yield open_unsynced(database_url)
    close_database()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Engine]:
    """As `database`, on SQLite only: for tests of rules that no database could change."""
    yield open_unsynced(sqlite_url)
    close_database()
