"""Servers for the tests of the gate."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.site import ProbeCts, Site, start_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real CTS with two accounts, ana and ben."""
    started = start_site(tmp_path_factory.mktemp("site"))
    yield started
    started.cts.stop()


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
