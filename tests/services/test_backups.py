"""Backups: encrypted, whole, of a server at work; what is cut, changed or not for this place is refused before anything changes."""

import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from cts.domain.vocabulary import Document
from cts.outside import postgres_programs
from cts.services import backups
from cts.services.backups import make_backup, restore_backup
from cts.services.refusals import Incomplete
from cts.settings import settings
from db.models import AccessEntry, Row
from db.session import close_database, open_database, reading, writing
from tests.cast import NOW
from tests.parts.canaries import nest, seen_in
from tests.parts.forked import Command
from tests.parts.keys import A_DATA_KEY, ANOTHER_KEY, NOT_THE_KEY, use_keys
from tests.parts.postgres import PostgresServer


@pytest.fixture
def here(database: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings name the test's database; a folder for backups."""
    point_at(monkeypatch, database_url, tmp_path)
    return tmp_path


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Another place of the same kind, with nothing in it."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other' / 'cts.sqlite'}"
        close_database()
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database(migrated=False)
        yield url
        close_database()
        server.drop_database(url)


def point_at(monkeypatch: pytest.MonkeyPatch, url: str, folder: Path) -> None:
    chosen = replace(settings(), database_url=url, var_dir=folder)
    monkeypatch.setattr(backups, "settings", lambda: chosen)


def everything() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with reading() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for table in Row.metadata.sorted_tables
        }


def test_what_was_backed_up_is_there_again(here: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = nest()
    made = make_backup(here / "cts.backup", NOW)
    before = everything()
    content = (here / "cts.backup").read_bytes()
    assert seen_in(content) == []
    assert b"Youth" not in content and b"youth" not in content
    assert (here / "cts.backup").stat().st_mode & 0o777 == 0o600
    assert {p.name for p in here.iterdir() if "part" in p.name or "snapshot" in p.name} == set()
    close_database()
    point_at(monkeypatch, empty_url, here)
    assert restore_backup(here / "cts.backup").size == made.size
    open_database(empty_url)
    assert everything() == before
    assert found.desk.sees("csw").answers["address"] == "aunt of canary"
    with pytest.raises(Exception, match="never changed"), writing() as session:
        session.execute(text("DELETE FROM history_entry"))
    with reading() as session:
        assert session.scalars(select(AccessEntry.action).order_by(AccessEntry.id.desc())).first() == "back up"


def test_a_database_that_holds_something_is_replaced_only_by_name(
    here: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = nest()
    make_backup(here / "cts.backup", NOW)
    before = everything()
    found.desk.plan().approves("csw")
    after = everything()
    close_database()
    name = Path(database_url).name
    for wrong in ("", "other", name + "x"):
        with pytest.raises(
            Incomplete, match=f"{name} is not empty. To put the backup in its place, add: --replace {name}"
        ):
            restore_backup(here / "cts.backup", wrong)
    open_database(database_url)
    assert everything() == after
    with pytest.raises(Incomplete, match="Stop CTS"):
        restore_backup(here / "cts.backup", name)
    assert everything() == after
    close_database()
    restore_backup(here / "cts.backup", name)
    open_database(database_url)
    assert everything() == before


def spoilt(backup: Path, how: str) -> Path:
    content = backup.read_bytes()
    middle = len(content) // 2
    changed = {
        "cut": content[:-50],
        "empty": b"",
        "changed": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "longer": content + b"x",
        "another file": b"%PDF-1.7" * 1_000,
        "in clear letters": b"SQLite format 3\x00" + bytes(5_000),
    }[how]
    path = backup.with_name("spoilt.backup")
    path.write_bytes(changed)
    return path


@pytest.mark.parametrize("how", ["cut", "empty", "changed", "longer", "another file", "in clear letters"])
def test_a_spoilt_file_is_refused_before_anything_is_changed(
    how: str, here: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nest()
    make_backup(here / "cts.backup", NOW)
    before = everything()
    close_database()
    with pytest.raises(Incomplete, match=r"Take another copy|not a file that CTS has encrypted"):
        restore_backup(spoilt(here / "cts.backup", how), Path(database_url).name)
    open_database(database_url)
    assert everything() == before


@pytest.mark.parametrize(
    ("key", "said"), [(ANOTHER_KEY, "the key 'tests', which is not"), (NOT_THE_KEY, "another key")]
)
def test_with_the_wrong_key_nothing_is_changed(
    key: str, said: str, here: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nest()
    make_backup(here / "cts.backup", NOW)
    close_database()
    point_at(monkeypatch, empty_url, here)
    use_keys(monkeypatch, key)
    with pytest.raises(Incomplete, match=said):
        restore_backup(here / "cts.backup")
    use_keys(monkeypatch, key, A_DATA_KEY) if key == ANOTHER_KEY else use_keys(monkeypatch, A_DATA_KEY)
    restore_backup(here / "cts.backup")


def test_a_backup_of_a_server_at_work_is_of_one_moment(
    here: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = nest()
    funds = found.desk.document(Document.FUNDS)
    ended = threading.Event()
    problems: list[Exception] = []

    def work() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            try:
                funds.writes("advocate", justification=f"Written {number}", other_funding=f"Written {number}")
            except Exception as problem:
                problems.append(problem)

    at_work = threading.Thread(target=work)
    at_work.start()
    try:
        for number in range(3):
            make_backup(here / f"{number}.backup", NOW)
    finally:
        ended.set()
        at_work.join()
    assert problems == []
    close_database()
    point_at(monkeypatch, empty_url, here)
    restore_backup(here / "2.backup")
    open_database(empty_url)
    answers = funds.sees("advocate").answers
    assert answers["justification"] == answers["other_funding"]
    assert answers["justification"].startswith("Written")


def test_a_file_that_is_there_is_not_written_over_and_a_full_disk_leaves_nothing(here: Path) -> None:
    (here / "there").write_text("mine")
    with pytest.raises(Incomplete, match="there already"):
        make_backup(here / "there", NOW)
    assert (here / "there").read_text() == "mine"
    with pytest.raises(Incomplete, match="No such file"):
        make_backup(here / "nowhere" / "cts.backup", NOW)


def test_without_the_programs_of_postgresql_it_says_what_to_install(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(postgres_url)
    point_at(monkeypatch, postgres_url, tmp_path)
    monkeypatch.setattr(postgres_programs.shutil, "which", lambda _: None)
    with pytest.raises(Incomplete, match=r"pg_dump.*apt-get install postgresql-client"):
        make_backup(tmp_path / "cts.backup", NOW)
    assert list(tmp_path.glob("*backup*")) == []
    close_database()


def test_the_commands_say_what_they_did(sqlite_database: Engine, sqlite_url: str, tmp_path: Path) -> None:
    nest()
    close_database()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CTS_")}
    environment |= {"CTS_VAR_DIR": str(tmp_path), "CTS_DATA_KEYS": A_DATA_KEY, "CTS_DATABASE_URL": sqlite_url}

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return Command(environment, *words).ended()

    made = command("backup", str(tmp_path / "a.backup"))
    assert (made.returncode, made.stderr) == (0, "")
    assert "read again and compared" in made.stdout
    refused = command("restore", str(tmp_path / "a.backup"))
    assert refused.returncode == 1
    assert "Nothing was restored. The database cts.sqlite is not empty." in refused.stderr
    restored = command("restore", str(tmp_path / "a.backup"), "--replace", "cts.sqlite")
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "Start CTS" in restored.stdout
