"""`python -m cts demo`: what an operator types to have something to show."""

from pathlib import Path

import pytest

from tests.parts.cts_server import RunningCts
from tests.parts.production import SAFE


@pytest.mark.slow
def test_years_are_made_once_and_never_in_production(tmp_path: Path) -> None:
    cts = RunningCts(tmp_path, {})
    made = cts.run_command("demo", "--years", "1", "--youth", "4")
    assert made.returncode == 0, made.stderr
    assert "assignments" in made.stdout
    assert "python -m cts serve" in made.stdout
    again = cts.run_command("demo", "--years", "1")
    assert (again.returncode, again.stdout) == (1, "")
    assert "already" in again.stderr


def test_production_is_refused(tmp_path: Path) -> None:
    cts = RunningCts(tmp_path, SAFE | {"CTS_MODE": "production"})
    refused = cts.run_command("demo")
    assert refused.returncode == 1
    assert "production" in refused.stderr
    assert not (tmp_path / "cts.sqlite").exists()
