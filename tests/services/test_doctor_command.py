"""`python -m cts doctor` says what is wrong, for people and for machines, by its exit status too, and changes nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from cts.settings import PROJECT
from db.session import engine, writing
from tests.cast import make_cast
from tests.parts.forked import Command
from tests.parts.purged import dump


def doctor(url: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CTS_VAR_DIR": str(folder), "CTS_DATABASE_URL": url, "CTS_DISK_FREE_MB": "1"}
    return Command(environment, "doctor", *options).ended()


def test_what_is_wrong_is_said_and_nothing_is_changed(database: Engine, database_url: str, tmp_path: Path) -> None:
    well = doctor(database_url, tmp_path)
    assert well.returncode == 0, well.stdout + well.stderr
    assert "0 found something." in well.stdout and "NOT SO" not in well.stdout
    apart, told_well = well.stdout.split("Not checked here:")[1].split("\nWell:\n")
    for title in ("A backup was made", "Uploads are looked at by a virus scanner"):
        assert f"  {title}: The demonstration " in apart and title not in told_well
    assert f"{len(told_well.splitlines())} checks were made" in well.stdout
    cast = make_cast()
    with writing() as session:
        wrong = text("UPDATE assignment SET flag_ended_on = '2026-10-30' WHERE number = :number")
        session.execute(wrong, {"number": cast.dcfs_number})
    before = dump(engine())
    told = doctor(database_url, tmp_path)
    assert told.returncode == 1
    assert "NOT SO: Flag and status agree. Found: 1.\n" in told.stdout
    assert f"  - Assignment {cast.dcfs_number}: New\n  To mend it: Load the newest extract again." in told.stdout
    assert "Canary" not in told.stdout and "Zoë" not in told.stdout
    listed = doctor(database_url, tmp_path, "--json")
    found = {row["check"]: row["first"] for row in json.loads(listed.stdout) if row["found"]}
    not_here = {row["check"]: row["not_checked_here"] for row in json.loads(listed.stdout) if row["not_checked_here"]}
    assert set(not_here) == {"backup", "scanner"} and not_here["backup"].startswith("The demonstration")
    assert listed.returncode == 1 and found["flags"] == [f"Assignment {cast.dcfs_number}: New"]
    assert dump(engine()) == before


@pytest.mark.parametrize(("option", "unbuffered"), [("--json", ""), ("--json", "1"), ("--help", "")])
def test_nobody_who_reads_is_no_error(
    sqlite_database: Engine, sqlite_url: str, tmp_path: Path, option: str, unbuffered: str
) -> None:
    """As in "doctor | head", which reads ten lines and goes."""
    environment = {**os.environ, "CTS_VAR_DIR": str(tmp_path), "CTS_DATABASE_URL": sqlite_url}
    environment["PYTHONUNBUFFERED"] = unbuffered
    command = [sys.executable, "-m", "cts", "doctor", option]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, "")


def test_a_run_that_nobody_began_is_not_made(sqlite_database: Engine, sqlite_url: str, tmp_path: Path) -> None:
    before = dump(engine())
    assert doctor(sqlite_url, tmp_path, "--run", "4711").returncode == 0
    assert dump(engine()) == before


@pytest.mark.parametrize("option", ["--mark", "--again"])
def test_purging_by_the_command_purges_nothing_new(
    sqlite_database: Engine, sqlite_url: str, tmp_path: Path, option: str
) -> None:
    make_cast()
    before = dump(engine())
    environment = {**os.environ, "CTS_VAR_DIR": str(tmp_path), "CTS_DATABASE_URL": sqlite_url}
    assert Command(environment, "purge", option).ended().returncode == 0
    assert dump(engine()) == before
