"""Each check finds exactly what is broken, in a database broken past CTS, with its triggers dropped; in a sound one none finds anything."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cts.domain.vocabulary import Document
from cts.outside.mail import sayable
from cts.services import checks_server
from cts.services.checking import About
from cts.services.checks import BY_KEY, CHECKS, look
from cts.services.demonstration import load_demonstration
from cts.settings import settings
from db.session import close_database, engine
from tests.cast import NOW, make_cast
from tests.parts.beginnings import begun
from tests.parts.databases import open_unsynced
from tests.parts.desk import Desk

FACTS = (About.RECORDS, About.PEOPLE, About.EMAILS)
SERVED, NEW = 10_001, 10_002
OF = "(SELECT id FROM assignment WHERE number = 10001)"
PLAN = f"(SELECT id FROM document WHERE assignment_id = {OF} AND kind = 'Advocacy Plan' AND sequence = 1)"
REFERRAL = f"(SELECT id FROM document WHERE assignment_id = {OF} AND kind = 'Referral')"
CONTENT = "INSERT INTO case_file_content (file_id, content) VALUES (77, x'00')"
FILE = (
    "INSERT INTO case_file (id, token, assignment_id, kind, name, media_type, size, sha256, uploaded_by, uploaded_at, removed_reason)"
    f" VALUES (77, 't', {OF}, 'receipt', 'a.pdf', 'application/pdf', 1, 's', 1, '2026-11-02 17:00:00.000000', '')"
)
NO_ADDRESS = "UPDATE person SET email = '' WHERE role IN ('SCSW', 'CSW')"
AT_SUPERVISOR = f"UPDATE stay SET party = 'supervisor', office_code = '1912A' WHERE document_id = {PLAN}"

BREAKS: dict[str, tuple[str, set[str], str]] = {
    # name: statements, checks that find it, what one of them says
    "signature gone": (f"DELETE FROM signature WHERE document_id = {REFERRAL}", {"unsigned"}, "submit in round 1"),
    "signature of other content": ("UPDATE signature SET fingerprint = 'f'", {"unsigned"}, "approve in round 1"),
    "history gone": (
        f"DELETE FROM email_owed; DELETE FROM history_entry WHERE document_id = {PLAN}",
        {"without_history"},
        "Assignment 10001, Advocacy Plan 1",
    ),
    "status changed by hand": (
        f"UPDATE document SET status = 'Approved' WHERE id = {PLAN}",
        {"disagreeing", "without_history", "held_by_nobody"},
        "is Approved, its open stay Pending Approval (supervisor)",
    ),
    "listing shows another status": (
        "UPDATE assignment SET status = 'Rejected' WHERE number = 10002",
        {"disagreeing"},
        "Assignment 10002, Referral 1: is New",
    ),
    "nobody holds it": (
        f"UPDATE stay SET left_at = '2026-11-02 19:00:00.000000' WHERE document_id = {PLAN} AND left_at IS NULL",
        {"held_by_nobody"},
        "Assignment 10001, Advocacy Plan 1",
    ),
    "two open stays": (
        "DROP INDEX uq_stay_open; INSERT INTO stay (document_id, assignment_id, status, party, person_id, entered_at)"
        f" SELECT document_id, assignment_id, status, party, person_id, entered_at FROM stay WHERE document_id = {PLAN}"
        " AND left_at IS NULL",
        {"overlapping"},
        "Assignment 10001, Advocacy Plan 1",
    ),
    "stays overlap": (
        f"UPDATE stay SET left_at = '2027-01-01 00:00:00.000000' WHERE document_id = {PLAN} AND left_at IS NOT NULL",
        {"overlapping"},
        "Assignment 10001, Advocacy Plan 1",
    ),
    "draft of a closed assignment": (
        f"UPDATE assignment SET status = 'Withdrawn', closed_at = '2026-11-02 19:00:00.000000' WHERE id = {OF};"
        f" UPDATE document SET status = 'Withdrawn' WHERE id = {REFERRAL};"
        f" UPDATE stay SET left_at = '2026-11-02 23:00:00.000000' WHERE document_id = {REFERRAL} AND left_at IS NULL;"
        " INSERT INTO history_entry (assignment_id, document_id, round, at, party, action, status_before, status_after,"
        " reason_code, reason_text, details) SELECT assignment_id, document_id, 1, '2026-11-02 23:00:00.000000', party, 'close',"
        f" 'Approved', 'Withdrawn', '', '', '{{}}' FROM history_entry WHERE document_id = {REFERRAL} LIMIT 1",
        {"open_after_the_end"},
        "Advocacy Plan 1: Pending Approval (supervisor)",
    ),
    "two Advocates": (
        "UPDATE assignment SET advocate_id = (SELECT id FROM person WHERE name = 'Advocate, Bea') WHERE number = 10001",
        {"two_advocates"},
        "Assignment 10001",
    ),
    "Advocate of another agency": (
        "UPDATE person SET agency_id = 2 WHERE name = 'Advocate, Alan'",
        {"two_advocates"},
        "Assignment 10001",
    ),
    "contract over": (
        "UPDATE agency SET contract_end_on = '2026-10-31' WHERE id = (SELECT agency_id FROM assignment WHERE number = 10001)",
        {"contract_over"},
        "Assignment 10001: Harbor Light Advocacy",
    ),
    "flag ended, assignment not": (
        "UPDATE assignment SET flag_ended_on = '2026-10-30' WHERE number = 10002",
        {"flags"},
        "Assignment 10002: New",
    ),
    "open and closed": (
        "UPDATE assignment SET closed_at = '2026-11-02 19:00:00.000000' WHERE number = 10002",
        {"closed_at"},
        "Assignment 10002",
    ),
    "6871 without end": ("UPDATE grid_row SET csec_type = '6871'", {"victim_without_end"}, "Assignment 10001"),
    "no Referral": (
        "DELETE FROM stay WHERE assignment_id IN (SELECT id FROM assignment WHERE number = 10002);"
        " DELETE FROM document WHERE assignment_id IN (SELECT id FROM assignment WHERE number = 10002)",
        {"no_referral"},
        "Assignment 10002",
    ),
    "file without content": (FILE, {"files"}, "Assignment 10001: file 77 has no content"),
    "content without file": (CONTENT, {"files"}, "Content 77 belongs to no file"),
    "permit left open": ("INSERT INTO purge_permit (assignment_id) VALUES (1)", {"half_purged"}, "Permit 1"),
    "holder without address": (NO_ADDRESS, {"nobody_reminded"}, "Assignment 10001, Advocacy Plan (Phase 1)"),
    "an ended person is signed in": (
        "INSERT INTO sign_in_session (id_hash, person_id, created_at, last_active_at, end_reason, address, user_agent)"
        " SELECT 'h', id, '2026-11-02 17:20:00.000000', '2026-11-02 17:20:00.000000', '', '', '' FROM person"
        " WHERE name = 'Former, Fred'",
        {"sessions_of_ended_people"},
        "left",
    ),
    "Advocate without agency": (
        "UPDATE person SET agency_id = NULL WHERE name = 'Advocate, Bea'",
        {"placeless_accounts"},
        "advocate_second: Advocate",
    ),
    "e-mail claimed and left": (
        "UPDATE email_owed SET claimed_at = '2026-11-02 16:00:00.000000', claimed_by = 'gone' WHERE id = 1",
        {"stuck_emails"},
        "E-mail 1",
    ),
    "e-mail given up": (
        "UPDATE email_owed SET failed_at = '2026-11-02 17:00:00.000000', last_error = 'refused' WHERE id = 1",
        {"failed_emails"},
        "E-mail 1",
    ),
    "mail server away": (
        "UPDATE email_owed SET created_at = '2026-11-02 10:00:00.000000' WHERE id = 2",
        {"mail_server"},
        "Since 11/02/2026 02:00 AM",
    ),
}


def world() -> Desk:
    """A youth who is served, with a plan at the supervisor; another who is New."""

    def made() -> Desk:
        cast = make_cast()
        desk = Desk(cast, cast.dcfs_number)
        desk.brings_to_advocate()
        desk.plan().brings_to_decision()
        return desk

    return begun(made, key="world of checks")


def broken(statements: str) -> None:
    """Run these on the file, past CTS: no trigger, no foreign key."""
    path = str(engine().url.database)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.executescript(statements)


def wrong(now: datetime, *about: About) -> dict[str, tuple[str, ...]]:
    return {o.key: o.shown for o in look(now, about or FACTS) if o.total}


def test_in_a_sound_database_nothing_is_found(database: Engine) -> None:
    desk = world()
    assert wrong(desk.now) == {}
    desk.brings_to_end_of_service()
    assert wrong(desk.now) == {}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_found_and_nothing_else(sqlite_database: Engine, name: str) -> None:
    statements, keys, words = BREAKS[name]
    desk = world()
    broken(statements)
    found = wrong(desk.now)
    assert set(found) == keys
    assert any(words in text for texts in found.values() for text in texts), found
    assert "Canary" not in str(found) and "Zoë" not in str(found)


def test_every_check_of_facts_was_tried() -> None:
    tried = {key for _, keys, _ in BREAKS.values() for key in keys}
    assert {check.key for check in CHECKS if check.about in FACTS} == tried
    assert len(BY_KEY) == len(CHECKS)
    assert [c.title for c in CHECKS if sayable(c.title, "") != c.title] == [], "a title stands in an e-mail"


@pytest.fixture
def demonstration(sqlite_url: str) -> Iterator[datetime]:
    """The demonstration, loaded now."""
    open_unsynced(sqlite_url)
    now = datetime.now(UTC)
    load_demonstration(now)
    yield now
    close_database()


def test_the_demonstration_is_well(demonstration: datetime) -> None:
    assert wrong(datetime.now(UTC) + timedelta(minutes=1), *About) == {}


def test_a_server_that_is_not_well(sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_cast()
    ill = replace(settings(), mode="production", var_dir=tmp_path, disk_free_mb=10**12)
    monkeypatch.setattr(checks_server, "settings", lambda: ill)
    broken(
        "UPDATE alembic_version SET version_num = '0001';"
        "INSERT INTO history_entry (assignment_id, round, at, party, action, status_before, status_after, reason_code, reason_text,"
        " details) VALUES (4711, 0, '2030-01-01 00:00:00.000000', 'csw', 'save', '', '', '', '', '{}')"
    )
    found = wrong(NOW, About.SERVER)
    assert set(found) == {"schema", "integrity", "clock", "disk", "extract", "backup"}
    assert "history_entry row 1 refers to a missing assignment" in found["integrity"]
    stamp = tmp_path / checks_server.BACKUP_STAMP
    stamp.touch()
    for hours, expected in ((31, True), (29, False)):
        made = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(stamp, (made, made))
        assert ("backup" in wrong(NOW, About.SERVER)) is expected


def test_a_damaged_page_is_found(sqlite_database: Engine) -> None:
    world()
    path = Path(str(engine().url.database))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_stay_document_id'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    engine().dispose()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert wrong(NOW, About.SERVER)["integrity"] != ()


@pytest.mark.postgres
def test_on_postgresql_the_server_is_asked_too(postgres_url: str) -> None:
    open_unsynced(postgres_url)
    cast = make_cast()
    assert "clock" not in wrong(datetime.now(UTC), About.SERVER)
    assert "seconds apart" in wrong(NOW - timedelta(days=1), About.SERVER)["clock"][0]
    assert "integrity" not in wrong(NOW, About.SERVER)
    assert cast.dcfs_number == SERVED and Document.REFERRAL
    close_database()
