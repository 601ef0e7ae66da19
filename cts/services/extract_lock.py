"""One extract at a time: the lock ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from cts.services.refusals import OutOfDate

_POSTGRES_LOCK = 10_002
BUSY = "Another extract is being loaded at this moment. Wait until it is done, then load yours."


@contextmanager
def only_loader(engine: Engine) -> Iterator[None]:
    """Hold the lock of this database's loads. Raises OutOfDate when somebody else holds it."""
    if engine.dialect.name == "postgresql":
        with _postgres(engine):
            yield
    else:
        with _beside(Path(str(engine.url.database))):
            yield


@contextmanager
def _postgres(engine: Engine) -> Iterator[None]:
    """A lock of the connection, which PostgreSQL lets go when the connection ends. All servers see it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _POSTGRES_LOCK}):
            raise OutOfDate(BUSY)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _POSTGRES_LOCK})


@contextmanager
def _beside(database: Path) -> Iterator[None]:
    """A lock on an empty file beside the SQLite file, which the system lets go when the process ends."""
    with database.with_name(database.name + ".load-lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutOfDate(BUSY) from None
        yield
