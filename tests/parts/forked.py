"""Processes that need not read the code of CTS anew, which takes three seconds of a processor: forked from one that has read it already.

That one has no database, settings, threads or pages of its own. tests/web/test_ways_to_start.py starts servers as their users do.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from cts.settings import PROJECT

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.parts.read_already", "tests.parts.racer"])


class Forked:
    """A process that calls `act` in this environment, and writes to this log; seen from a test as `subprocess.Popen` is."""

    def __init__(self, act: Callable[[], int], environment: dict[str, str], log: Path) -> None:
        self._process = processes.Process(target=_act, args=(act, environment, str(log)), daemon=True)
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


def _act(act: Callable[[], int], environment: dict[str, str], log: str) -> None:
    os.setsid()
    os.chdir(PROJECT)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.exit(act())


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
