"""What every test may ask for; the parts themselves are in tests/parts."""

import gc
import os
import signal
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

from tests.parts.chromium import NewPage, chromium, new_page, take_screenshot, used_contexts
from tests.parts.cts_server import RunningCts, running_cts, start_cts
from tests.parts.databases import (
    database,
    database_url,
    migrated_sqlite_file,
    postgres_url,
    sqlite_database,
    sqlite_url,
)
from tests.parts.keys import A_DATA_KEY
from tests.parts.mail_server import smtp_server
from tests.parts.passwords import fewest_rounds
from tests.parts.postgres import postgres_server

__all__ = [
    "database",
    "database_url",
    "fewest_rounds",
    "migrated_sqlite_file",
    "new_page",
    "postgres_server",
    "postgres_url",
    "running_cts",
    "smtp_server",
    "sqlite_database",
    "sqlite_url",
    "start_cts",
    "take_screenshot",
    "used_contexts",
]


# No time is taken of a single example: the machine may have other work. The same commit is tried with the same examples each time, so that
# what was green stays green; others are looked for when somebody sits before it who can mend what they find (CONTRIBUTING.md).
settings.register_profile("cts", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)


def pytest_configure(config: pytest.Config) -> None:
    """A run that is told to end (SIGTERM) still stops the servers it started. Every test has the same key of encryption."""
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("cts")
    os.environ["CTS_DATA_KEYS"] = A_DATA_KEY
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that no process is left alone with one of them at the end; before all others those in
    a browser, which is kept from one to the next."""
    expected: Counter[object] = Counter()
    in_browser: set[object] = set()
    for item in items:
        expected[item.path] += expected_seconds(item)
        if item.get_closest_marker("browser"):
            in_browser.add(item.path)
    items.sort(key=lambda item: (item.path not in in_browser, -expected[item.path]))


def pytest_collection_finish() -> None:
    """What was read for the tests stays to the end; without this, Python would look through all of it time and again for what is no longer
    needed, which is an eighth of the time of a service's test."""
    gc.collect()
    gc.freeze()


def expected_seconds(item: pytest.Item) -> float:
    """A guess, by the test's marks: what may take longer than others takes a part of the time it may."""
    limit = item.get_closest_marker("timeout")
    if item.get_closest_marker("browser"):
        return limit.args[0] / 20 if limit else 4
    if item.get_closest_marker("slow"):
        return limit.args[0] / 20 if limit else 2
    return 0.3 if item.get_closest_marker("postgres") else 0.1


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Chromium ends before a file whose first test needs none."""
    if nextitem is None or (nextitem.path != item.path and not nextitem.get_closest_marker("browser")):
        chromium.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, pytest.TestReport]:
    """A failed test shows the end of its servers' logs and keeps a picture of its pages in var/screenshots."""
    report: pytest.TestReport = yield
    if report.when == "call" and report.failed:
        parts = list(getattr(item, "funcargs", {}).values())
        for part in parts:
            if isinstance(part, RunningCts):
                report.sections.append((f"log of CTS at {part.base_url}", part.log_tail()))
            elif isinstance(part, NewPage):
                report.sections.append(("browser", "\n".join([*part.complaints(), *part.keep_evidence()])))
    return report
