"""Loading by the command line and from a page: reports, a kill in the middle, memory."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from cts.services import extract_run
from cts.services.actor import Actor
from cts.services.extract import list_loads, refused_lines_csv
from cts.services.extract_run import forget_upload, keep_upload, refused_lines_of_upload, run_progress, start_run
from cts.services.refusals import NotPermitted
from cts.settings import PROJECT, settings
from db.models import Assignment, ExtractLoad
from db.session import CACHE_OF_A_LOAD_KB, close_database, open_database, reading
from tests.cast import make_cast
from tests.parts.extracts import FIRST, MESSY, NOW, assignments, many
from tests.parts.forked import Command


def command(folder: Path, *arguments: str) -> Command:
    """`python -m cts load-extract …` on a database of its own in `folder`."""
    environment = {**os.environ, "CTS_VAR_DIR": str(folder)}
    environment.pop("CTS_DATABASE_URL", None)
    return Command(environment, "load-extract", *arguments)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def folder(tmp_path: Path, migrated_sqlite_file: Path) -> Iterator[Path]:
    """A var folder with a database of its own, for the command line."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "cts.sqlite").write_bytes(migrated_sqlite_file.read_bytes())
    yield folder
    close_database()


def in_folder(folder: Path) -> Engine:
    return open_database(f"sqlite:///{folder / 'cts.sqlite'}")


def test_the_command_line(folder: Path, tmp_path: Path) -> None:
    out, progress = tmp_path / "refused.csv", tmp_path / "progress.json"
    looking = command(folder, str(MESSY), "--preview", "--refused", str(out)).ended()
    assert (looking.returncode, looking.stderr) == (0, "")
    assert "would change" in looking.stdout
    assert len(read_csv(out.read_bytes())) == 12
    loading = command(folder, str(MESSY), "--refused", str(out), "--progress-file", str(progress)).ended()
    assert (loading.returncode, loading.stderr) == (0, "")
    assert "28  new assignments" in loading.stdout
    assert "line 4, birth_date: This is not a date." in loading.stdout
    assert "Atlantis (9999Z)" in loading.stdout
    assert "Someone-Else" not in loading.stdout
    assert out.stat().st_mode & 0o777 == 0o600
    told = json.loads(progress.read_text())
    assert (told["done"], told["error"], told["report"]["counts"]["new"]) == (True, "", 28)
    older = command(folder, str(FIRST), "--progress-file", str(progress)).ended()
    assert (older.returncode, older.stdout) == (1, "")
    assert "older than the last one loaded" in older.stderr
    assert "older than" in json.loads(progress.read_text())["error"]
    forced = command(folder, str(FIRST), "--force")
    assert forced.wait() == 0
    missing = command(folder, str(tmp_path / "nothing.csv")).ended()
    assert (missing.returncode, "No such file" in missing.stderr) == (1, True)


def test_killed_while_it_writes_it_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    path, progress = many(tmp_path / "many.csv", 8_000), tmp_path / "progress.json"
    loading = command(folder, str(path), "--progress-file", str(progress))
    deadline = time.monotonic() + 100
    while not (progress.exists() and 0.65 < json.loads(progress.read_text())["fraction"] < 0.95):
        assert loading.poll() is None, "the load ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.1)
    loading.send_signal(signal.SIGKILL)
    assert loading.wait() == -signal.SIGKILL
    assert list((folder / "staging").iterdir()) == []
    in_folder(folder)
    assert assignments() == []
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(ExtractLoad)) == 0
    again = command(folder, str(path)).ended()
    assert (again.returncode, "8,000  new assignments" in again.stdout) == (0, True)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_memory_does_not_grow_with_the_file(folder: Path, tmp_path: Path) -> None:
    """Peak memory of 40,000 lines is under the ceiling for 1,000,000; above 5,000 lie SQLite's pages and a kilobyte a line at most."""
    peaks = []
    # Not ru_maxrss: Linux hands it on over fork and exec, so it would tell the size of the process that runs the tests.
    measured = (
        "import pathlib, sys; from cts.__main__ import main; main(sys.argv[1:]);"
        "print('peak', pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    for lines in (5_000, 40_000):
        path = many(tmp_path / "many.csv", lines)
        done = subprocess.run(
            [sys.executable, "-c", measured, "load-extract", str(path)],
            cwd=PROJECT,
            env={**os.environ, "CTS_VAR_DIR": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(done.stdout.split("peak ")[1]) // 1024)
    in_folder(folder)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 40_000
    assert 0 < peaks[0] < peaks[1] + 50
    assert peaks[1] < 300
    assert peaks[1] - peaks[0] < CACHE_OF_A_LOAD_KB // 1000 + 35


def administrator(folder: Path) -> Actor:
    in_folder(folder)
    return make_cast().admin


def finished(actor: Actor, token: str, *, preview: bool) -> dict[str, object]:
    deadline = time.monotonic() + 60
    while not (now := run_progress(actor, token, NOW, preview=preview)).done:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return {"error": now.error, **now.report}


@pytest.fixture
def as_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """This process is the server of `folder`."""
    monkeypatch.setenv("CTS_VAR_DIR", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


def test_a_run_that_is_killed_is_said_to_be_interrupted(as_server: Path, tmp_path: Path) -> None:
    actor = administrator(as_server)
    token = keep_upload(actor, many(tmp_path / "many.csv", 8_000).read_bytes(), NOW)
    start_run(actor, token, "many.csv", NOW)
    [run] = [run for path, run in extract_run._running.items() if path.name.startswith(token)]
    run.kill()
    run.wait()
    progress = run_progress(actor, token, NOW)
    assert (progress.done, progress.error) == (True, extract_run.INTERRUPTED)
    assert list_loads(actor, NOW) == ()


def load_id(report: dict[str, object]) -> int:
    found = report["load_id"]
    assert isinstance(found, int)
    return found


def lies_in_clear(folder: Path) -> bool:
    """Whether anything of the sample's lines can be read in what the page keeps of an upload."""
    names = {cell for line in MESSY.read_bytes().splitlines()[1:] for cell in line.split(b",")[1:6] if len(cell) > 5}
    assert len(names) > 20
    kept = b"".join(path.read_bytes() for path in (folder / "extracts").iterdir())
    return any(name in kept for name in names)


def test_a_page_previews_and_loads_in_another_process(as_server: Path) -> None:
    folder = as_server
    actor = administrator(folder)
    token = keep_upload(actor, MESSY.read_bytes(), NOW)
    kept = folder / "extracts" / token
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not lies_in_clear(folder)
    start_run(actor, token, "november.csv", NOW, preview=True)
    preview = finished(actor, token, preview=True)
    assert (preview["error"], preview["file_name"], preview["counts"]["new"]) == ("", "november.csv", 28)  # type: ignore[index]
    assert list_loads(actor, NOW) == ()
    start_run(actor, token, "november.csv", NOW)
    report = finished(actor, token, preview=False)
    assert report["error"] == ""
    assert refused_lines_of_upload(actor, token, NOW).count(b"\n") == refused_lines_csv(
        actor, load_id(report), NOW
    ).count(b"\n")
    assert not lies_in_clear(folder)
    [load] = list_loads(actor, NOW)
    assert (load.file_name, load.loaded_by, load.load_id) == ("november.csv", actor.name, report["load_id"])
    forget_upload(actor, token, NOW)
    assert list((folder / "extracts").iterdir()) == []
    with pytest.raises(NotPermitted, match="Upload it again"):
        start_run(actor, token, "november.csv", NOW)
    keep_upload(actor, b"x", NOW)
    old = keep_upload(actor, b"y", NOW)
    os.utime(folder / "extracts" / old, (0, (NOW - timedelta(days=2)).timestamp()))
    keep_upload(actor, b"z", NOW)
    assert not (folder / "extracts" / old).exists()
