"""The connection: one engine per process, a reading and a writing transaction.

SQLite: WAL, synchronous=FULL, foreign keys, recursive triggers (else INSERT OR REPLACE walks round append-only triggers); a writing
transaction begins IMMEDIATE, one at a time per process (racing writers can starve for seconds). PostgreSQL: READ COMMITTED; every step is a
compare-and-set, so no stronger level is needed. Bind values never reach an error message: they are youth names.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Select, create_engine, event
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from db.access_chain import OWED, append_owed

_state: dict[str, Any] = {}
_one_writer = threading.Lock()
_logger = logging.getLogger(__name__)
BUSY_MILLISECONDS = 30_000
CACHE_KB, CACHE_OF_A_LOAD_KB = 4_000, 128_000
"""What SQLite keeps of the database in memory for each connection; while an extract of any length is written, in a process of its own."""
RESTED_SECONDS = 1.0
_NO_VALUES: Mapping[str, Any] = MappingProxyType({})
STATEMENTS_PREPARED = 400
"""How many statements a connection to PostgreSQL keeps planned; CTS asks some three hundred different ones."""
JOURNAL_MILLISECONDS = 5_000
"""How long the emptying of the journal waits for those who read; writers wait with it."""


def make_engine(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL URL with the safe settings above."""
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgres)
        event.listen(engine, "checkin", _returned)
        event.listen(engine, "checkout", _asking_after_a_rest(engine.dialect))
    return engine


def _prepare_postgres(connection: Any, _record: Any) -> None:
    connection.prepared_max = STATEMENTS_PREPARED


def _returned(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["returned"] = time.monotonic()


def _asking_after_a_rest(dialect: Any) -> Callable[..., None]:
    """A connection that has rested may have lost its server meanwhile; one that was used a moment ago costs no question more."""

    def ask(connection: Any, record: ConnectionPoolEntry, _given_out: Any) -> None:
        if time.monotonic() - record.info.get("returned", time.monotonic()) < RESTED_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error:
            raise InvalidatePoolError from None

    return ask


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        f"cache_size=-{CACHE_KB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("cts_migrating", False):
        # A changed CHECK means a new table and the old one dropped, at which SQLite would delete what refers to it. Only outside a
        # transaction can this be switched; db.migrate looks at every reference before it commits.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    if options.get("cts_writing", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # This one can neither wait nor fail: it is told to the driver itself, which costs a fifth.
        connection.connection.cursor().execute("BEGIN")


def open_database(url: str) -> Engine:
    """Make this database the process's own; the one opened before is closed."""
    close_database()
    engine = make_engine(url)
    _state["engine"] = engine
    _state["read"] = sessionmaker(_for_reading(engine), expire_on_commit=False)
    _state["write"] = sessionmaker(engine.execution_options(cts_writing=True), expire_on_commit=False)
    return engine


def _for_reading(engine: Engine) -> Engine:
    postgres = engine.dialect.name == "postgresql"
    return engine.execution_options(postgresql_readonly=True) if postgres else engine


def close_database() -> None:
    """Close every connection of this process."""
    engine = _state.pop("engine", None)
    if engine is not None:
        engine.dispose()


def engine() -> Engine:
    """The engine of this process. Raises RuntimeError before open_database."""
    if "engine" not in _state:
        raise RuntimeError("The database has not been opened.")
    found: Engine = _state["engine"]
    return found


def forget_deleted() -> None:
    """Write a SQLite file anew, so that nothing of what was deleted stays in its free pages or in its journal. It holds up writers meanwhile.

    PostgreSQL does so by VACUUM FULL, which locks whole tables: its administrator chooses the hour (operating guide).
    """
    if engine().dialect.name != "sqlite":
        return
    with _one_writer:
        raw = engine().raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("VACUUM")
            cursor.execute(f"PRAGMA busy_timeout={JOURNAL_MILLISECONDS}")
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
            if busy:
                _logger.warning(
                    "What was deleted still lies in the journal of the database, from which somebody reads; it goes with the next clean-up."
                )
        finally:
            raw.close()


@contextmanager
def reading() -> Iterator[Session]:
    """A transaction that only reads: PostgreSQL refuses whatever would write, SQLite undoes it.

    On PostgreSQL it ends as if saved: after a transaction that was undone the driver would forget every statement it had prepared.
    """
    if not _look.lasts:
        with _one_reading() as session:
            yield session
        return
    if _look.reading is None:
        ending = ExitStack()
        _look.reading = ending.enter_context(_one_reading()), ending
    try:
        yield _look.reading[0]
    except BaseException:
        _end_reading()
        raise


@contextmanager
def _one_reading() -> Iterator[Session]:
    forgets = engine().dialect.name == "postgresql"
    with _state["read"]() as session:
        yield session
        if forgets and not (session.new or session.dirty or session.deleted):
            session.commit()


class _Look(threading.local):
    """Whether this thread reads all it reads in one transaction now; that transaction, once something was read, and how it ends."""

    lasts = False
    reading: tuple[Session, ExitStack] | None = None


_look = _Look()


@contextmanager
def one_look() -> Iterator[None]:
    """Whatever this thread reads within is read in one transaction, as of one moment; a transaction for each question costs more than most
    questions. What is written ends it: what is read afterwards is read anew."""
    if _look.lasts:
        yield
        return
    _look.lasts = True
    try:
        yield
    finally:
        _look.lasts = False
        _end_reading()


def _end_reading() -> None:
    was, _look.reading = _look.reading, None
    if was is not None:
        was[1].close()


def ask(
    session: Session, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] = _NO_VALUES
) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a statement that asks for columns, in the transaction of `session`.

    What Session.execute does besides, so that rows may become objects, costs as much as asking; where none does, it is left out.
    """
    return session.connection().execute(statement, values)


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction: everything written is saved together at the end, or nothing when an exception leaves the block.

    What it owes to the access log comes last (db/access_chain.py).
    """
    _end_reading()
    lock = _one_writer if engine().dialect.name == "sqlite" else nullcontext()
    with lock, _state["write"]() as session, session.begin():
        session.info[OWED] = []
        yield session
        append_owed(session)


@contextmanager
def writing_much() -> Iterator[Session]:
    """The same for hundreds of thousands of rows: SQLite finds their places in its indexes in memory, and not on the disk again and again."""
    lite = engine().dialect.name == "sqlite"
    with writing() as session:
        if lite:
            session.connection().exec_driver_sql(f"PRAGMA cache_size=-{CACHE_OF_A_LOAD_KB}")
        try:
            yield session
        finally:
            with suppress(SQLAlchemyError):  # what went wrong is told by the block itself
                if lite:
                    session.connection().exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KB}")
