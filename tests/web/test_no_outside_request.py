"""The server asks nobody outside: neither at its start nor while people work (telemetry, fonts, proxies, update checks)."""

from pathlib import Path

import pytest

from tests.parts.cts_server import RunningCts
from tests.web.site import start_site
from tests.web.watched import note

PAGES = ("home", "account", "places", "email-log", "load-extract")


class WatchedCts(RunningCts):
    """The same server in a process that notes every address it wants to reach."""

    def program(self) -> tuple[str, ...]:
        return ("tests.web.watched", "serve")


def test_the_server_reaches_nothing_but_this_machine(tmp_path: Path) -> None:
    site = start_site(tmp_path, WatchedCts)
    notes = Path(site.cts.settings["CTS_TEST_NOTES"])
    try:
        cookie = site.sign_in("ana")
        for page in PAGES:
            assert site.ask("GET", f"/{page if page != 'home' else ''}", cookie)[0] == 200
        socket = site.socket(cookie)
        socket.run()
        socket.close()
        site.sign_out(cookie)
    finally:
        site.cts.stop()
    assert notes.read_text() == ""


def test_an_attempt_would_be_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.web.watched.NOTES", tmp_path / "notes")
    note("socket.connect", (None, ("203.0.113.7", 443)))
    note("socket.connect", (None, ("127.0.0.1", 5432)))
    note("socket.getaddrinfo", ("webhooks.example", 443, 0, 0, 0))
    assert (tmp_path / "notes").read_text() == "socket.connect 203.0.113.7\nsocket.getaddrinfo webhooks.example\n"
