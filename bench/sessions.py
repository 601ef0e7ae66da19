"""Many people at work at once, each doing something every 7 seconds, beside the same on the bare page; and what one more person takes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.results import Result
from bench.served import Bare, serve
from bench.timing import percentile
from cts.settings import PROJECT
from tests.web.site import COOKIE

EVERY_SECONDS = 7.0
LIMIT, MEGABYTES = 1.5, 1.0


def crowd(folder: Path, rows: int, people: int, seconds: int) -> Iterator[Result]:
    """First the bare page under this load, then CTS."""
    bare = Bare(folder / "bare-crowd", {})
    bare.start()
    try:
        with _clients(bare.base_url, [""] * people) as ask:
            ask(f"open {people}")
            against = ask(f"work {seconds} {EVERY_SECONDS}")
    finally:
        bare.stop()
    _say("bare page", people, against)
    site = serve(folder, rows, people)
    try:
        workers = [name for name in site.passwords if name[1:].isdigit()]
        # Where there are fewer case workers than people, some sit at two desks.
        cookies = [f"{COOKIE}={site.sign_in(workers[n % len(workers)])}" for n in range(people)]
        with _clients(site.base_url, cookies) as ask:
            ask(f"open {people // 10}")
            before = _megabytes(site.cts)
            ask(f"open {people - people // 10}")
            further = (_megabytes(site.cts) - before) / (people - people // 10)
            measured = ask(f"work {seconds} {EVERY_SECONDS}")
    finally:
        site.cts.stop()
    _say("CTS", people, measured)
    name = f"{people} people, one rerun every {EVERY_SECONDS:.0f} s"
    slow, slow_bare = (percentile(work["taken"], 0.95) for work in (measured, against))
    yield Result("load", f"{name}: 95th percentile in ms", slow_bare, slow, LIMIT)
    yield Result("load", f"{name}: errors", None, len(measured["errors"]), 0)
    yield Result("load", "memory of one more session in MB", None, further, MEGABYTES)


@contextmanager
def _clients(address: str, cookies: list[str]) -> Iterator[Any]:
    """A process of bench/clients.py for these people: a function that gives it a command and returns what it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.clients", address],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    told, heard = process.stdin, process.stdout

    def ask(command: str) -> Any:
        print(command, file=told, flush=True)
        return json.loads(heard.readline())

    print(json.dumps(cookies), file=told, flush=True)
    try:
        yield ask
    finally:
        told.close()
        process.wait(20)


def _say(name: str, people: int, work: dict[str, Any]) -> None:
    taken, errors = work["taken"], work["errors"]
    middle = percentile(taken, 0.5) if taken else 0
    print(f"{name}: {people} people, {len(taken)} reruns, median {middle:.0f} ms, {len(errors)} errors", *errors[:1])


def _megabytes(server: object) -> float:
    """What the process of a server holds in memory."""
    process = server._process  # type: ignore[attr-defined]
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1_024
    raise RuntimeError("The process has ended.")
