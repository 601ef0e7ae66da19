"""That a session ends by itself is said two minutes before, and why."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from cts.services import session_end
from cts.services.session_end import SessionEnd
from cts.services.sessions import hash_of, sign_out, signed_in, start_session, touch
from cts.settings import settings
from db.session import writing
from tests.cast import NOW, make_cast

IDLE, DAY = timedelta(minutes=30), timedelta(hours=12)


@pytest.fixture
def session(sqlite_database: Engine) -> str:
    person = make_cast().csw.person_id
    with writing() as database:
        return hash_of(start_session(database, person, "10.1.2.3", "", NOW))


def ends_soon(session: str, now: datetime) -> SessionEnd | None:
    """What is said at this moment; nothing of a session that is over."""
    found = signed_in(session, now)
    return session_end.ends_soon(found, now) if found else None


def test_it_is_said_two_minutes_before_and_not_once_something_is_done(session: str) -> None:
    assert ends_soon(session, NOW + IDLE - timedelta(minutes=2, seconds=1)) is None
    assert ends_soon(session, NOW + IDLE - timedelta(minutes=2)) == SessionEnd("9:30 AM", idle=True)
    touch(session, NOW + IDLE - timedelta(minutes=1))
    assert ends_soon(session, NOW + IDLE - timedelta(seconds=59)) is None
    sign_out(session, NOW + IDLE)
    assert ends_soon(session, NOW + IDLE + IDLE - timedelta(minutes=2)) is None
    assert ends_soon(hash_of("nobody's"), NOW) is None


def test_the_longest_session_ends_whatever_is_done(session: str) -> None:
    moment: datetime = NOW
    while moment < NOW + DAY - timedelta(minutes=11):
        moment += timedelta(minutes=10)
        touch(session, moment)
    assert ends_soon(session, NOW + DAY - timedelta(minutes=1)) == SessionEnd("9:00 PM", idle=False)


def test_a_very_short_limit_is_said_at_its_half(session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTS_SESSION_IDLE_MINUTES", "2")
    settings.cache_clear()
    assert ends_soon(session, NOW + timedelta(seconds=59)) is None
    assert ends_soon(session, NOW + timedelta(seconds=60)) is not None
    monkeypatch.undo()
    settings.cache_clear()
