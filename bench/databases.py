"""Databases of a size: one county is told year by year, a state is that county copied, each copy with people, names and numbers of its own."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Column, Connection, Integer, Table, func, select, text

from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from db import session
from db.batches import Batches
from db.demo.staff import COUNTY_YOUTH, people_for
from db.demo.years import Course, tell_years
from db.listing_keys import drop_listing_keys, fill_listing_keys, keep_listing_keys
from db.migrate import migrate
from db.models import Person, Row, Youth
from db.models.youth import SORTED
from db.name_rows import NameRows
from db.session import engine, open_database, writing
from db.summaries import TALLIES, keep, stop_keeping
from tests.parts.postgres import PostgresServer, programs

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
SINCE = datetime(2016, 11, 20, 14, tzinfo=UTC)
REFERRED = 0.25
"""A quarter of the flagged youth is referred: five stays an assignment, as the measurements ask."""
WHOLE = 40
"""So many of the youngest assignments have every answer, so that pages can be opened."""
_KEYS = {"client_id", "referral_id", "case_id"}
_OWN_TEXTS = {"step_key", "entry_key", "state_id", "pdj_number", "user_name", "token"}


def fill(url: str, size: int) -> None:
    """Make a database of this many assignments at an empty URL, and leave it open as the one of this process."""
    migrate(open_database(url))
    county = min(size, COUNTY_YOUTH)
    with writing() as transaction:
        stop_keeping(transaction.connection())
        drop_listing_keys(transaction.connection())
    with writing() as transaction:
        batches = Batches(transaction.connection())
        people_for(batches, county, SINCE.date())
        tell_years(batches, Course("bench", SINCE, NOW, county, REFERRED, WHOLE))
    counties = round(size / county)
    if counties > 1:
        _with_indexes(False)
        _with_statistics()  # else a server goes through all rows for those of the first county
    for copy in range(1, counties):
        with writing() as transaction:
            _copy(_unchecked(_roomy(transaction.connection())), copy)
    _with_statistics()
    with writing() as transaction:
        fill_listing_keys(_roomy(transaction.connection()))
    if counties > 1:
        _with_indexes(True)
    with writing() as transaction:
        keep_listing_keys(transaction.connection())
        keep(_roomy(transaction.connection()))
    _with_statistics()


def _with_statistics() -> None:
    """As a server's autovacuum does; on SQLite CTS keeps no statistics."""
    if engine().dialect.name == "postgresql":
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _unchecked(connection: Connection) -> Connection:
    """Rows of a copy refer to each other as those of the first county do: to ask a server so of each reference takes longer than to copy."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    return connection


def _roomy(connection: Connection) -> Connection:
    """With room in memory for what is sorted: a million rows are not made in the 4 MB of one who looks at a page."""
    sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql("PRAGMA cache_size=-400000" if sqlite else "SET LOCAL work_mem = '200MB'")
    if not sqlite:
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '400MB'")
    return connection


def _with_indexes(there: bool) -> None:
    """Take the indexes off before rows are copied, or make them of all rows at once: many times quicker than row by row."""
    for table in Row.metadata.sorted_tables:
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            if index.name in _ASKED_MEANWHILE:
                continue
            with writing() as transaction:
                connection = _roomy(transaction.connection())
                (index.create if there else index.drop)(connection)


def _copy(connection: Connection, copy: int) -> None:
    """One county more: every row of the first with shifted numbers."""
    if copy == 1:
        _spans.clear()
        for table in Row.metadata.sorted_tables:
            _spans[table.name] = _span(connection, table)
    for table in Row.metadata.sorted_tables:
        if _spans[table.name] and table.name not in _LEFT_OUT:
            _copy_table(connection, table, copy)
    _write_names(connection, copy)


def _write_names(connection: Connection, copy: int) -> None:
    """What a search by name reads of the youth of this copy."""
    batches = Batches(connection)
    names = NameRows(batches)
    first = copy * _spans["youth"]
    mine = select(Youth.id, Youth.last_name, Youth.first_name).where(Youth.id > first)
    for youth_id, last_name, first_name in connection.execute(mine.order_by(Youth.id)).all():
        names.add(youth_id, last_name, first_name)
    names.finish()
    batches.write()


_ASKED_MEANWHILE = {"ix_name_spelling_word"}
_spans: dict[str, int] = {}
_LEFT_OUT = {
    "access_entry",
    "access_head",
    "audit_anchor",
    "signature",
    "document_version",
    "email_owed",
    "activity",
    "client_update",
    "case_file",
    "case_file_content",
    "check_run",
    "alembic_version",
    # written anew for the names of each copy, or counted once at the end
    "youth_name_part",
    "youth_full_name",
    "name_spelling",
    *(tally.__tablename__ for tally in TALLIES),
}


def _span(connection: Connection, table: Table) -> int:
    """How far the numbers of a table's first county reach; 1 for a table with rows and no numbers."""
    if "id" in table.c and isinstance(table.c.id.type, Integer):
        return connection.scalar(select(func.max(table.c.id))) or 0
    return 1 if connection.execute(select(table).limit(1)).first() else 0


def _copy_table(connection: Connection, table: Table, copy: int) -> None:
    own = [column for column in table.columns if column.computed is None and column.name not in SORTED]
    values = ", ".join(_value(column, copy) for column in own)
    names = ", ".join(f'"{column.name}"' for column in own)
    only = {
        "office": "code LIKE 'Z000%'",
        "person": f"id <= {_spans['person']} AND role <> 'CSEC Administration'",
        "account": f"person_id <= {_spans['person']}",
    }.get(table.name, f"id <= {_spans[table.name]}")
    connection.execute(text(f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name} WHERE {only}"))  # noqa: S608


def _value(column: Column[object], copy: int) -> str:
    name, table = f'"{column.name}"', column.table.name
    target = next((key.column for key in column.foreign_keys), None)
    if target is not None and target.table.name == "person" and table == "history_entry":
        # CSEC Administration is one for the whole state.
        of_program = "(SELECT p.id FROM person p WHERE p.role = 'CSEC Administration')"
        return f"CASE WHEN {name} IN {of_program} THEN {name} ELSE {name} + {copy * _spans['person']} END"
    if target is not None and target.name == "id":
        return f"{name} + {copy * _spans[target.table.name]}"
    if name == '"id"':
        return f"id + {copy * _spans[table]}"
    return _text_value(name, column.name, table, copy)


def _text_value(name: str, column: str, table: str, copy: int) -> str:
    if column == "number":
        return f"number + {copy * _spans['assignment']}"
    if column in _KEYS:
        return f"CAST(CAST({name} AS BIGINT) + {copy * 7_000_000} AS VARCHAR(19))"
    if column in {"office_code", "code", "unit"}:
        return f"replace({name}, 'Z000', 'Z{copy:03d}')"
    if column in _OWN_TEXTS:
        return f"CASE WHEN {name} = '' THEN '' ELSE {name} || 'c{copy}' END"
    if (table, column) in {("agency", "name"), ("agency", "short_name")}:
        return f"{name} || ' {copy}'"
    if column in {"last_name", "referral_name"}:
        # Another family name in each county: a state has more of them than a sample.
        return f"{name} || '{_ending(copy)}'"
    return name


def _ending(copy: int) -> str:
    return "aeiou"[copy % 5] + "lmnrst"[copy % 6] + "aeiou"[copy // 5 % 5] + "kz"[copy // 25 % 2]


class Opened:
    """A database that stays open while others are asked too: `use` makes it the one of this process."""

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)
        self._kept = dict(session._state)
        session._state.clear()

    def use(self) -> None:
        """From now on services ask this database."""
        session._state.update(self._kept)

    def close(self) -> None:
        """Give back its connections."""
        self._engine.dispose()
        session._state.clear()


def sqlite_at(folder: Path, size: int) -> str:
    """The URL of a SQLite file for this size."""
    return f"sqlite:///{folder / f'cts-{size}.sqlite'}"


def actor_of(person: Person) -> Actor:
    """A person as services know one."""
    return Actor(
        person_id=person.id,
        name=person.name,
        role=Role(person.role),
        email=person.email,
        office_code=person.office_code,
        unit=person.unit,
        agency_id=person.agency_id,
    )


class OwnServer(PostgresServer):
    """A server of this run, whose files go with it: with the memory of a small real one, and without a journal of what is made at once."""

    more_settings: ClassVar[Mapping[str, object]] = {
        "shared_buffers": "512MB",
        "max_wal_size": "4GB",
        "wal_level": "minimal",
        "max_wal_senders": 0,
    }

    def close(self) -> None:
        """Stop it and remove what it kept."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def postgres(*, lasting: bool = False) -> OwnServer | None:
    """A PostgreSQL of this run's own, started; None where its programs are missing.

    `lasting`: what is committed outlives a loss of power, as it must where CTS runs: what writes is measured so.
    """
    found = programs()
    if found is None:
        return None
    server = OwnServer(found)
    server.lasting = lasting
    server.start()
    return server
