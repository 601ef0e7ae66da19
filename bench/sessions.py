"""Many people at work at once, each doing something every 7 seconds, beside the same on the bare page; and what one more person takes."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench.results import Result
from bench.served import Bare, Window, serve
from bench.timing import percentile

EVERY_SECONDS = 7.0
LIMIT, MEGABYTES = 1.5, 1.0


def crowd(folder: Path, rows: int, people: int, seconds: int) -> Iterator[Result]:
    """First the bare page under this load, then CTS."""
    bare = Bare(folder / "bare-crowd", {})
    bare.start()
    try:
        against, bare_errors, _ = _work(bare, [Window(bare.base_url) for _ in range(people)], seconds)
    finally:
        bare.stop()
    print(f"bare page: {people} people, median {percentile(against, 0.5):.0f} ms, {bare_errors} errors")
    site = serve(folder, rows, people)
    try:
        cookies = [site.sign_in(f"p{n}") for n in range(people)]
        few = [Window(site.base_url, cookie) for cookie in cookies[: people // 10]]
        for window in few:
            window.rerun()
        before = _megabytes(site.cts)
        windows = few + [Window(site.base_url, cookie) for cookie in cookies[people // 10 :]]
        for window in windows[len(few) :]:
            window.rerun()
        further = (_megabytes(site.cts) - before) / (people - len(few))
        taken, errors, done = _work(site.cts, windows, seconds)
    finally:
        site.cts.stop()
    print(f"CTS: {people} people, {done} reruns, median {percentile(taken, 0.5):.0f} ms, {errors} errors")
    name = f"{people} people, one rerun every {EVERY_SECONDS:.0f} s"
    yield Result("load", f"{name}: 95th percentile in ms", percentile(against, 0.95), percentile(taken, 0.95), LIMIT)
    yield Result("load", f"{name}: errors", None, errors, 0)
    yield Result("load", "memory of one more session in MB", None, further, MEGABYTES)


def _work(server: object, windows: list[Window], seconds: int) -> tuple[list[float], int, int]:
    """Everybody works for this long, evenly spread; milliseconds of each rerun, errors, reruns."""
    taken: list[float] = []
    errors: list[str] = []
    end = time.monotonic() + seconds
    stop = threading.Event()

    def one(place: int, window: Window) -> None:
        stop.wait(EVERY_SECONDS * place / len(windows))
        while time.monotonic() < end:
            began = time.monotonic()
            try:
                taken.append(window.rerun())
            except Exception as problem:  # noqa: BLE001 - whatever goes wrong is what is counted
                errors.append(repr(problem))
                return
            stop.wait(max(0.0, EVERY_SECONDS - (time.monotonic() - began)))

    threads = [threading.Thread(target=one, args=pair, daemon=True) for pair in enumerate(windows)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 90)
    return taken, len(errors), len(taken)


def _megabytes(server: object) -> float:
    """What the process of a server holds in memory."""
    process = server._process  # type: ignore[attr-defined]
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1_024
    raise RuntimeError("The process has ended.")
