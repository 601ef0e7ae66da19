"""No room left on the disk in the middle of a step: nothing of it is saved, everything before it is, and it works once there is room."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError

from cts.services.drafts import save
from db.models import AccessEntry, EmailOwed, HistoryEntry, Signature
from db.session import reading
from tests.cast import make_cast
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk

REASON = "\N{GRINNING FACE}" * 1_990
"""Long enough to need room of its own."""

WRITTEN = (HistoryEntry, EmailOwed, Signature, AccessEntry)


@contextmanager
def full_disk(engine: Engine, pages_left: int) -> Iterator[None]:
    """SQLite gets only so many pages more, as from a disk that is full."""
    with engine.connect() as connection:
        most = int(connection.execute(text("PRAGMA page_count")).scalar_one()) + pages_left

    def limit(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count = {most}")

    event.listen(engine, "connect", limit)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


def counts() -> list[int]:
    with reading() as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in WRITTEN]


def test_a_step_on_a_full_disk_leaves_nothing_half_done(sqlite_database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_supervisor()
    desk.signs("scsw")
    failed = 0
    # Wherever in the step the room ends, from its first row to its last.
    for pages_left in range(12):
        before = counts()
        with full_disk(sqlite_database, pages_left):
            try:
                desk.rejects("scsw", text=REASON)
                break
            except OperationalError as error:
                assert "full" in str(error.orig)
                failed += 1
        assert counts() == before
        assert disagreements() == []
    assert failed, "the disk was never full"
    assert desk.status == "Rejected"
    assert disagreements() == []


def test_a_draft_that_finds_no_room_keeps_what_was_saved_before(sqlite_database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.writes("csw", family="The first words.")
    with full_disk(sqlite_database, 0), pytest.raises(OperationalError):
        save(
            cast.people["csw"], desk.number, {"family": "Much more. " * 900, "attention": "More. " * 1500}, desk.tick()
        )
    assert desk.sees("csw").answers["family"] == "The first words."
    desk.writes("csw", family="Saved when there was room.")
    assert desk.sees("csw").answers["family"] == "Saved when there was room."
