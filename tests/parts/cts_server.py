"""The real CTS as a process of its own: `python -m cts serve`, with settings, database and folder of the test's own."""

import atexit
import http.client
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import pytest

from cts.services.demonstration import PASSPHRASE, user_names
from cts.settings import PROJECT
from tests.parts.forked import Command, Forked, cts_command, load_demonstration, machine_environment
from tests.parts.keys import A_DATA_KEY
from tests.parts.mail_server import SmtpServer
from tests.parts.passwords import hash_quickly
from tests.parts.ports import free_port, steady_port, wait_until

START_SECONDS = 90


class RunningCts:
    """One server process. `base_url` is where browsers find it; `var_dir` is where it keeps everything."""

    def __init__(self, var_dir: Path, settings: dict[str, str], port: int = 0) -> None:
        var_dir.mkdir(parents=True, exist_ok=True)
        self.var_dir = var_dir
        self.port = port or free_port()
        self.base_url = f"http://localhost:{self.port}"
        self.log_file = var_dir / "test-server.log"
        self.settings = {
            "CTS_MODE": "demonstration",
            "CTS_VAR_DIR": str(var_dir),
            "CTS_BASE_URL": self.base_url,
            "CTS_MAIL_EVERY_SECONDS": "1",
            "CTS_DATA_KEYS": A_DATA_KEY,
            **settings,
        }
        self._process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def database_url(self) -> str:
        """The database the server uses."""
        return self.settings.get("CTS_DATABASE_URL") or f"sqlite:///{self.var_dir / 'cts.sqlite'}"

    def environment(self) -> dict[str, str]:
        """The environment of the server: the machine's, without any CTS setting but the test's own."""
        return {**machine_environment(), **self.settings, "PYTHONUNBUFFERED": "1"}

    def start(self) -> None:
        """Start the process and wait until GET /healthz answers 200. Raises with the log if it does not."""
        program = (*self.program(), "--port", str(self.port))
        if program[0] == "cts":
            self._process = Forked(partial(cts_command, *program[1:]), self.environment(), self.log_file)
        else:
            with self.log_file.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", *program],
                    cwd=PROJECT,
                    env=self.environment(),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        wait_until(self._is_healthy, START_SECONDS, lambda: f"CTS did not start:\n{self.log_tail()}")

    def program(self) -> tuple[str, ...]:
        """What Python runs, before the port."""
        return ("cts", "serve")

    def demonstrate(self) -> None:
        """Begin with a copy of the demonstration, which the first server of this run of the tests loaded."""
        if "CTS_DATABASE_URL" not in self.settings and self.settings["CTS_MODE"] == "demonstration":
            self.begin_with(demonstration_file())

    def begin_with(self, database: Path) -> None:
        """Begin with a copy of this SQLite database."""
        shutil.copyfile(database, self.var_dir / "cts.sqlite")

    def run_command(self, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Do what `python -m cts …` does with the server's settings, and return what it said."""
        return Command(self.environment(), *arguments).ended(seconds)

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """A bare GET without a browser: status, headers (names in lower case), body. Redirects are not followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def _is_healthy(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(f"CTS ended while starting (exit {self._process.returncode}):\n{self.log_tail()}")
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def stop(self) -> None:
        """An orderly stop (SIGTERM); kill after 20 seconds."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9: the server has no chance to finish anything."""
        self._end(signal.SIGKILL)

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Meanwhile the server does nothing at all, as on a machine that has too much to do; what is sent to it waits."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Start again, with the same port, settings and data, after stop or kill."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def log_tail(self, characters: int = 6000) -> str:
        """The end of what the server wrote to its log."""
        return self.log_file.read_text(errors="replace")[-characters:] if self.log_file.exists() else "(no log)"


@cache
def demonstration_file() -> Path:
    """A SQLite database with the demonstration in it, loaded once as every server loads it at its first start."""
    folder = Path(tempfile.mkdtemp(prefix="cts-demonstration-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {**machine_environment(), "CTS_VAR_DIR": str(folder), "CTS_DATA_KEYS": A_DATA_KEY}
    assert Forked(load_demonstration, environment, folder / "log").wait(120) == 0, (folder / "log").read_text()
    hash_quickly(folder / "cts.sqlite", dict.fromkeys(user_names(), PASSPHRASE))
    return folder / "cts.sqlite"


StartCts = Callable[..., RunningCts]


@pytest.fixture
def start_cts(tmp_path: Path) -> Iterator[StartCts]:
    """Start a CTS of this test's own: `start_cts(CTS_DATABASE_URL=…, …)`; any number of them, stopped at the end.

    Servers of one test that name the same database play the several application servers of one installation; they
    share the secret key.
    """
    started: list[RunningCts] = []
    secret_key = secrets.token_urlsafe(48)

    def start(**settings: str) -> RunningCts:
        cts = RunningCts(tmp_path / f"cts-{len(started) + 1}", {"CTS_SECRET_KEY": secret_key, **settings})
        started.append(cts)
        cts.demonstrate()
        cts.start()
        return cts

    yield start
    for cts in started:
        cts.stop()


@pytest.fixture(scope="module")
def running_cts(tmp_path_factory: pytest.TempPathFactory, smtp_server: SmtpServer) -> Iterator[RunningCts]:
    """One CTS for the tests of a file: SQLite, the demonstration loaded, e-mail sent to `smtp_server`. Its address is that of the one for the
    file before: browsers need not fetch the scripts of CTS again."""
    cts = RunningCts(tmp_path_factory.mktemp("cts"), smtp_server.settings(), steady_port())
    try:
        cts.demonstrate()
        cts.start()
        yield cts
    finally:
        cts.stop()
