"""What was done, seen, signed and submitted stays as it was written: the database itself refuses to change it."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from cts.domain.whereabouts import Update
from cts.services import client_updates
from cts.services.anchors import make_anchor
from db.append_only import APPEND_ONLY
from db.models import Row
from db.session import engine, reading, writing
from tests.cast import make_cast
from tests.parts.desk import Desk


def rows_of(table: str) -> list[tuple[object, ...]]:
    with reading() as session:
        return sorted(map(tuple, session.execute(Row.metadata.tables[table].select()).all()), key=str)


def test_no_row_is_changed_deleted_or_replaced(database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_advocate()
    update = Update(desk.now.date(), "Misc update", "She moved to her aunt.")
    client_updates.add(cast.people["advocate"], desk.number, update, "once", desk.tick())
    make_anchor(desk.tick(), "a server")
    for table in APPEND_ONLY:
        before = rows_of(table)
        assert before != [], table
        column = next(iter(Row.metadata.tables[table].primary_key)).name
        attempts = [f"UPDATE {table} SET {column} = {column} + 1000", f"DELETE FROM {table}"]
        if engine().dialect.name == "sqlite":
            attempts.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        for attempt in attempts:
            with pytest.raises(DBAPIError, match="never changed"), writing() as session:
                session.execute(text(attempt))
        assert rows_of(table) == before


def test_exactly_these_tables_are_kept() -> None:
    assert set(APPEND_ONLY) == {
        "history_entry",
        "access_entry",
        "signature",
        "document_version",
        "client_update",
        "audit_anchor",
    }


def test_the_head_of_the_access_log_moves_forward_only(database: Engine) -> None:
    cast = make_cast()
    Desk(cast, cast.dcfs_number).opens("csw")
    before = rows_of("access_head")
    back = ("last_id = last_id - 1, entries = entries - 1", "hash = 'another'", "last_id = last_id + 1")
    attempts = [f"UPDATE access_head SET {change}" for change in back] + ["DELETE FROM access_head"]
    if engine().dialect.name == "sqlite":
        attempts.append("INSERT OR REPLACE INTO access_head SELECT * FROM access_head")
    for attempt in attempts:
        with pytest.raises(DBAPIError, match="moves forward only"), writing() as session:
            session.execute(text(attempt))
    assert rows_of("access_head") == before
