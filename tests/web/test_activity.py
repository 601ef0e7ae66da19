"""What keeps a session alive: a person, not a page."""

import sqlite3
from datetime import UTC, datetime, timedelta

from streamlit.proto.BackMsg_pb2 import BackMsg

from cts.services.sessions import hash_of
from cts.settings import Settings
from tests.parts.ports import wait_until
from tests.web.site import Site


def set_last_active(site: Site, cookie: str, ago: timedelta, column: str = "last_active_at") -> None:
    """As if the person had done nothing for that long."""
    moment = (datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(site.cts.var_dir / "cts.sqlite", timeout=10) as database:
        changed = database.execute(
            f"UPDATE sign_in_session SET {column} = ? WHERE id_hash = ?", (moment, hash_of(cookie))
        ).rowcount
    database.close()
    assert changed == 1


def idle_for(site: Site, cookie: str) -> timedelta:
    """How long ago the session was last active, as the database says."""
    database = sqlite3.connect(site.cts.var_dir / "cts.sqlite", timeout=10)
    [text] = database.execute(
        "SELECT last_active_at FROM sign_in_session WHERE id_hash = ?", (hash_of(cookie),)
    ).fetchone()
    database.close()
    return datetime.now(UTC) - datetime.fromisoformat(text).replace(tzinfo=UTC)


LONG_AGO = timedelta(minutes=20)


def test_what_a_page_does_by_itself_is_not_activity(probe: Site) -> None:
    cookie = probe.sign_in("ana")
    set_last_active(probe, cookie, LONG_AGO)
    socket = probe.socket(cookie)
    socket.run()
    socket.run(auto=True)
    socket.push(BackMsg(app_heartbeat=True))
    for path in ("/session", "/_stcore/health", "/_stcore/host-config", "/assets/cts.js"):
        assert probe.ask("GET", path, cookie)[0] in {200, 204}
    assert idle_for(probe, cookie) >= LONG_AGO
    socket.run(click="Note")
    assert idle_for(probe, cookie) < LONG_AGO
    socket.close()


def test_of_somebody_who_works_without_a_break_it_is_noted_too(probe: Site) -> None:
    cookie = probe.sign_in("ana")
    set_last_active(probe, cookie, timedelta(minutes=3))
    socket = probe.socket(cookie)
    socket.run()
    socket.run(click="Note")
    wait_until(lambda: idle_for(probe, cookie) < timedelta(minutes=1), 20, "It was not noted.")
    socket.close()


def test_opening_a_page_is_activity(probe: Site) -> None:
    cookie = probe.sign_in("ana")
    set_last_active(probe, cookie, LONG_AGO)
    assert probe.ask("GET", "/", cookie)[0] == 200
    assert idle_for(probe, cookie) < LONG_AGO


def test_an_idle_and_an_old_session_are_over_everywhere(probe: Site) -> None:
    for ago, column in (
        (timedelta(minutes=Settings.session_idle_minutes), "last_active_at"),
        (timedelta(hours=Settings.session_hours), "created_at"),
    ):
        cookie = probe.sign_in("ana")
        socket = probe.socket(cookie)
        socket.run()
        set_last_active(probe, cookie, ago, column)
        assert any("session has ended" in text for text in socket.run(click="Note"))
        assert probe.ask("GET", "/", cookie)[0] == 303
        assert probe.ask("GET", "/session", cookie)[0] == 401
        socket.close()
