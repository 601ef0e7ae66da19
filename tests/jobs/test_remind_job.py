"""When reminders are made: two servers at once, the hour, the command, the job; on SQLite and on PostgreSQL."""

import argparse
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from cts.commands import remind as remind_command
from cts.jobs import remind
from cts.jobs.remind import remind_if_time, run_forever
from cts.services.reminders import make_digests
from cts.settings import Settings, settings
from db.models import ReminderDigest, ReminderItem, Stay
from db.session import close_database, open_database, reading, writing
from tests.cast import add_assignment, make_cast
from tests.parts.desk import Desk
from tests.parts.forked import Waiting
from tests.parts.ports import wait_until
from tests.parts.reminded import morning, reminders_owed

PROJECT = Path(__file__).resolve().parents[2]


def test_two_servers_at_once_make_one_digest_a_person(database_url: str) -> None:
    open_database(database_url)
    cast = make_cast()
    for number in (cast.dcfs_number, *(add_assignment(cast) for _ in range(5))):
        Desk(cast, number).brings_to_supervisor()
    now = morning(8)
    close_database()
    servers = [Waiting(database_url, partial(make_digests, now)) for _ in range(2)]
    for server in servers:
        server.go()
    owed = [server.answer() for server in servers]
    assert sum(owed) == 3
    open_database(database_url)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(ReminderDigest)) == 3
        assert session.scalar(select(func.count()).select_from(ReminderItem)) == 18
    assert len(reminders_owed()) == 3
    close_database()


def test_not_before_the_hour_of_the_settings(sqlite_database: Engine) -> None:
    cast = make_cast()
    Desk(cast, cast.dcfs_number).brings_to_supervisor()
    at_nine, done, owed = Settings(remind_at_hour=9), None, []
    for day, hour, minute in ((1, 0, 0), (1, 8, 59), (1, 9, 0), (1, 9, 5), (1, 23, 59), (2, 0, 0), (2, 9, 0)):
        done = remind_if_time(morning(day, hour, minute), at_nine, done)
        owed.append(len(reminders_owed()))
    assert owed == [0, 0, 1, 1, 1, 1, 2]


@pytest.fixture
def installation(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """CTS_… settings of an installation."""
    monkeypatch.setenv("CTS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("CTS_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    yield sqlite_url
    close_database()
    settings.cache_clear()


def test_the_command_owes_what_is_not_owed_yet_and_says_how_many(
    installation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    open_database(installation)
    cast = make_cast()
    Desk(cast, cast.dcfs_number).brings_to_administration()
    waited_long()
    parser = argparse.ArgumentParser()
    remind_command.add_arguments(parser)
    assert remind_command.run(parser.parse_args([])) == 0
    assert remind_command.run(parser.parse_args([])) == 0
    assert capsys.readouterr().out == "2 reminders are owed.\n0 reminders are owed.\n"


def waited_long() -> None:
    """Everything in this database began to wait years ago, whatever the day of the machine is."""
    with writing() as session:
        for stay in session.scalars(select(Stay).where(Stay.left_at.is_(None))):
            stay.entered_at = stay.entered_at - timedelta(days=3650)


def test_the_job_outlives_a_database_that_is_away_and_stops_when_told(
    installation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remind, "EVERY_SECONDS", 0.2)
    monkeypatch.setattr(remind, "remind_if_time", lambda now, _settings, _done: make_digests(now) and None)
    close_database()
    stop = threading.Event()
    job = threading.Thread(target=run_forever, args=(stop,))
    job.start()
    try:
        open_database(installation)
        cast = make_cast()
        Desk(cast, cast.dcfs_number).brings_to_administration()
        waited_long()
        both = {cast.admin.person_id, cast.admin_second.person_id}
        wait_until(lambda: {row.to_person_id for row in reminders_owed()} >= both, 20, "The job owed nothing.")
    finally:
        stop.set()
        job.join(timeout=20)
    assert not job.is_alive()
