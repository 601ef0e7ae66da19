"""Servers for the tests of the gate."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cts.services.demonstration import PASSPHRASE, user_names
from tests.parts.cts_server import RunningCts
from tests.web.site import ProbeCts, Site, start_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real CTS with two accounts, ana and ben."""
    started = start_site(tmp_path_factory.mktemp("site"))
    yield started
    started.cts.stop()


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the demonstration's people and the youth they serve."""
    cts = RunningCts(tmp_path_factory.mktemp("demonstration"), {})
    cts.demonstrate()
    cts.start()
    site = Site(cts)
    site.passwords = dict.fromkeys(user_names(), PASSPHRASE)
    yield site
    cts.stop()


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same gate around a script whose clicks leave a trace."""
    started = start_site(tmp_path_factory.mktemp("probe"), ProbeCts)
    yield started
    started.cts.stop()


@pytest.fixture
def notes(probe: Site) -> Path:
    """The file into which the probe's button writes; empty."""
    path = Path(probe.cts.settings["CTS_TEST_NOTES"])
    path.write_text("")
    return path
