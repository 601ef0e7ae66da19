"""A whole database out and in again, of either kind: what `python -m cts backup` and `restore` do with its rows."""

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import URL

from cts.outside import postgres_programs

PIECE_BYTES = 1 << 20


class Unsuitable(Exception):
    """The place is not fit to take a copy, or the copy is not fit to be put there. `str()` is the sentence for people."""


def kind_of(url: URL) -> str:
    """ "sqlite" or "postgresql"."""
    return url.get_backend_name()


def name_of(url: URL) -> str:
    """What a person calls this database: the name of the file, or of the database on its server."""
    return Path(url.database or "").name if kind_of(url) == "sqlite" else str(url.database)


def is_empty(engine: Engine) -> bool:
    """Whether nothing is there yet."""
    if kind_of(engine.url) == "sqlite":
        path = Path(str(engine.url.database))
        return not path.exists() or path.stat().st_size == 0
    return not inspect(engine).get_table_names()


def content_of(url: URL, folder: Path) -> Iterator[bytes]:
    """Everything, as of one moment, while the server runs. `folder` takes a copy without a name, for a while (SQLite)."""
    if kind_of(url) == "postgresql":
        yield from postgres_programs.dump(_variables(url))
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"backup-{secrets.token_hex(8)}.snapshot"
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(str(url.database), timeout=30)) as source, closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=OFF")
        with path.open("rb") as file:
            path.unlink()
            source.backup(copy)
            while piece := file.read(PIECE_BYTES):
                yield piece


def put_sqlite(path: Path, pieces: Iterable[bytes]) -> None:
    """Put a SQLite file in its place once all of it is there and sound. Raises Unsuitable; whatever is raised, nothing was changed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.restoring-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        _demand_sound(draft)
        _demand_nobody_there(path)
        draft.replace(path)
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
    finally:
        for rest in ("", "-wal", "-shm"):
            draft.with_name(draft.name + rest).unlink(missing_ok=True)


def put_postgres(engine: Engine, pieces: Iterable[bytes], *, empty_first: bool) -> None:
    """Put a dump into the database in one transaction. Raises Unsuitable, ProgramFailed; nothing was changed then."""
    with engine.connect() as connection:
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if connection.scalar(others):
            raise Unsuitable(_STOP)
    engine.dispose()
    postgres_programs.restore(_variables(engine.url), pieces, empty_first=empty_first)


_STOP = "Somebody is connected to this database. Stop CTS on every server, then restore. Nothing was changed."


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as connection:
        yield connection


def _demand_sound(path: Path) -> None:
    try:
        with _opened(path) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise Unsuitable("What is in this backup is not a sound database. Nothing was changed. Take another backup.")


def _demand_nobody_there(path: Path) -> None:
    """Leaving the WAL mode is possible only for who is alone with the file."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with _opened(path) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as problem:
        raise Unsuitable(_STOP) from problem
    except sqlite3.DatabaseError:
        return  # what is there is no database any more: that is why it is being restored


def _variables(url: URL) -> Mapping[str, str]:
    """How PostgreSQL's programs are told where to connect."""
    stated = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
    }
    options = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "passfile": "PGPASSFILE", "service": "PGSERVICE"}
    stated |= {variable: str(url.query[name]) for name, variable in options.items() if name in url.query}
    return {variable: value for variable, value in stated.items() if value}
