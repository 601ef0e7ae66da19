"""However the server is started, the same gate stands in front of it."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.parts.cts_server import PROJECT, START_SECONDS, RunningCts
from tests.parts.ports import wait_until
from tests.web.site import start_site

WAYS = {
    "serve": ["-m", "cts", "serve", "--port"],
    "streamlit": ["-m", "streamlit", "run", "app.py", "--server.port"],
    "uvicorn": ["-m", "uvicorn", "app:app", "--port"],
}


class StartedBy(RunningCts):
    """A server started by one of the ways."""

    def __init__(self, way: str, var_dir: Path, settings: dict[str, str]) -> None:
        super().__init__(var_dir, settings)
        self.way = way

    def start(self) -> None:
        """Start it and wait for /healthz."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *WAYS[self.way], str(self.port)],
                cwd=PROJECT,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._is_healthy, START_SECONDS, self.log_tail)


@pytest.mark.parametrize("way", list(WAYS))
def test_every_way_to_start_has_the_gate(tmp_path: Path, way: str) -> None:
    site = start_site(tmp_path / "var", partial(StartedBy, way))
    cts = site.cts
    try:
        status, headers, body = site.ask("GET", "/load-extract")
        assert (status, headers["location"], body) == (303, "/login?next=%2Fload-extract", "")
        assert headers["x-frame-options"] == "SAMEORIGIN"
        with pytest.raises(InvalidStatus):
            site.socket("")
        cookie = site.sign_in("ana")
        socket = site.socket(cookie)
        socket.run()
        assert any("Ana Tester" in text for text in socket.texts), socket.texts
        socket.close()
        site.sign_out(cookie)
        assert site.ask("GET", "/", cookie)[0] == 303
        if way == "serve":
            cts.stop()
            assert cts.log_tail().strip() == f"CTS is at {cts.base_url}", "quiet when all is well"
    finally:
        cts.stop()


def test_a_setting_that_is_not_safe_is_named_in_a_sentence(tmp_path: Path) -> None:
    ended = RunningCts(tmp_path, {"CTS_MODE": "production"}).run_command("serve", "--port", "1")
    assert ended.returncode == 2
    assert "CTS_SECRET_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr
