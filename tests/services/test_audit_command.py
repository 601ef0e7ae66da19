"""`python -m cts verify-audit` and the daily job, as an operator meets them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cts.__main__ import main
from cts.domain.audit import Anchor, anchors_in
from cts.jobs.anchor import anchor_if_time
from cts.outside.mail import compose
from cts.settings import settings
from db.session import open_database
from tests.cast import make_cast
from tests.parts.chain import drop_triggers, tamper, write_entries

TWO_IN_THE_MORNING = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
"""Of November 3, in Los Angeles."""


@pytest.fixture
def installed(
    sqlite_database: Engine, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An installation whose log has three entries; returns the file of its anchors."""
    monkeypatch.setenv("CTS_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("CTS_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    write_entries(make_cast().csw, 3)
    yield tmp_path / "var" / "audit-anchors.txt"
    settings.cache_clear()


def test_the_job_adds_one_line_a_day_to_a_file_of_its_owner(installed: Path) -> None:
    done = None
    for hour in (9, 10, 11, 30, 34, 35):  # from one in the morning on; the hour of the setting is two
        moment = datetime.fromtimestamp(TWO_IN_THE_MORNING.timestamp() + (hour - 10) * 3600, UTC)
        done = anchor_if_time(moment, settings(), done)
    days = [line.split()[0] for line in installed.read_text().splitlines()]
    assert (days, done) == (["2026-11-03", "2026-11-04"], date(2026, 11, 4))
    assert installed.stat().st_mode & 0o777 == 0o600


def test_a_server_that_did_not_make_the_anchor_keeps_the_line_too(installed: Path) -> None:
    anchor_if_time(TWO_IN_THE_MORNING, settings(), None)
    kept = installed.read_text()
    installed.unlink()
    anchor_if_time(TWO_IN_THE_MORNING, settings(), None)
    assert installed.read_text() == kept


def test_the_command_says_what_is_broken_and_ends_with_one(
    installed: Path, sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anchor_if_time(TWO_IN_THE_MORNING, settings(), None)
    assert main(["verify-audit"]) == 0
    assert "The access log is as it was written: 3 entries, 1 anchor" in capsys.readouterr().out
    open_database(sqlite_url)
    drop_triggers()
    tamper("UPDATE access_entry SET reason = 'another' WHERE id = 2")
    assert main(["verify-audit"]) == 1
    said = capsys.readouterr().out
    assert "Entry 2 was changed after it was written" in said and "broken in 1 place" in said
    saved = tmp_path / "saved.eml"
    saved.write_text(f"Subject: CTS\n\n2026-11-03 3 3\n{'0' * 64}\n")
    assert main(["verify-audit", "--anchors", str(saved)]) == 1
    assert "Entry 3 is not the one that was anchored on 2026-11-03" in capsys.readouterr().out
    assert main(["verify-audit", "--anchors", str(tmp_path / "nowhere")]) == 2


def test_an_anchor_is_found_in_a_saved_email_whose_lines_are_broken() -> None:
    anchor = Anchor(date(2026, 11, 2), 1_234_567, 1_234_500, "0f" * 32)
    envelope = {"to_name": "Records", "to_address": "records@county.example", "number": None, "message_key": "a-key"}
    message = compose(
        "audit_anchor", {"anchor": anchor.line}, **envelope, sent_at=TWO_IN_THE_MORNING, settings=settings()
    )  # type: ignore[arg-type]
    saved = message.as_bytes(policy=message.policy.clone(linesep="\r\n")).decode()
    assert anchor.line not in saved
    assert anchors_in(saved) == (anchor,)
