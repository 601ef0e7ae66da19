"""Processes that need not read the code of CTS anew, which takes three seconds of a processor: forked from one that has read it already.

That one has no database, settings, threads or pages of its own. tests/web/test_ways_to_start.py starts servers as their users do.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from cts.settings import PROJECT

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.parts.read_already", "tests.parts.racer"])


class Forked:
    """A process that calls `act` in this environment, and writes to this log, its errors to another if one is named; seen from a test as
    `subprocess.Popen` is."""

    def __init__(
        self, act: Callable[[], int], environment: dict[str, str], log: Path, errors: Path | None = None
    ) -> None:
        logs = (str(log), str(errors or log))
        self._process = processes.Process(target=_act, args=(act, environment, logs), daemon=True)
        self._process.start()

    @property
    def returncode(self) -> int | None:
        """How it ended, or None."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The same, asked now."""
        return self._process.exitcode

    def send_signal(self, how: int) -> None:
        """Unless it has ended."""
        if self._process.pid and self.poll() is None:
            os.kill(self._process.pid, how)

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("CTS", timeout or 0)
        return self._process.exitcode


class Command(Forked):
    """`python -m cts …` at work. tests/web/test_ways_to_start.py and tests/services/test_doctor_command.py type it as people do."""

    def __init__(self, environment: dict[str, str], *arguments: str) -> None:
        self._folder = TemporaryDirectory(prefix="cts-command-")
        self._said, self._errors = Path(self._folder.name) / "said", Path(self._folder.name) / "errors"
        self._arguments = arguments
        super().__init__(partial(cts_command, *arguments), environment, self._said, self._errors)

    def ended(self, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """How it ended, and what it said on both streams. Raises subprocess.TimeoutExpired."""
        code = self.wait(seconds)
        said, errors = (path.read_text() if path.exists() else "" for path in (self._said, self._errors))
        return subprocess.CompletedProcess(self._arguments, code, said, errors)


def _act(act: Callable[[], int], environment: dict[str, str], logs: tuple[str, str]) -> None:
    os.setsid()
    os.chdir(PROJECT)
    for stream, log in enumerate(logs, 1):
        os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.exit(act())


class Waiting:
    """A process with a database, which calls `act` at its `go`: to be raced, and killed."""

    def __init__(self, url: str, act: Callable[[], int]) -> None:
        self._ours, theirs = processes.Pipe()
        self._process = processes.Process(target=_wait_and_act, args=(url, act, theirs), daemon=True)
        self._process.start()
        theirs.close()
        assert self._ours.recv() == "ready"

    def go(self) -> None:
        """Its moment has come."""
        self._ours.send("go")

    def answer(self) -> int:
        """What `act` returned."""
        answer: int = self._ours.recv()
        return answer

    def killed(self) -> int:
        """Kill it (SIGKILL); how it ended."""
        self._process.kill()
        self._process.join()
        return self._process.exitcode or 0


def _wait_and_act(url: str, act: Callable[[], int], theirs: Connection) -> None:
    from db.session import open_database

    open_database(url)
    theirs.send("ready")
    theirs.recv()
    theirs.send(act())


def machine_environment() -> dict[str, str]:
    """The machine's environment, without any setting of CTS or Streamlit."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CTS_", "STREAMLIT_"))}


def cts_command(*arguments: str) -> int:
    """What `python -m cts` does with these arguments."""
    from cts.__main__ import main

    return main(list(arguments))


def load_demonstration() -> int:
    """What a server does at its first start."""
    from cts import startup
    from cts.settings import settings

    startup.prepare_database(settings())
    startup.close()
    return 0
