"""After a purge: a restored backup is purged again from the certificates; the same youth in a later extract is a new one."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from cts.services.certificates import purge_again, write_certificates
from cts.services.checking import About
from cts.services.checks import look
from cts.services.holds import place_hold
from db.models import Assignment, PurgeCertificate, Youth
from db.session import close_database, engine, forget_deleted, open_database, reading, writing
from tests.parts.desk import Desk
from tests.parts.extracts import NO_CASE, load
from tests.parts.extracts import row as line
from tests.parts.purged import CANARY, LATER, dump, holding, purged, two_youth
from tests.parts.served import HERE


@pytest.fixture
def restored(sqlite_database: Engine, tmp_path: Path) -> tuple[Desk, Path]:
    """A youth purged, its certificate kept as a file, and then the backup of before put back; the folder of the certificate."""
    desk, _ = two_youth()
    path, backup, folder = Path(str(engine().url.database)), tmp_path / "backup.sqlite", tmp_path / "certificates"
    forget_deleted()
    shutil.copy(path, backup)
    purged(desk)
    assert write_certificates(folder) == 1 and write_certificates(folder) == 0
    url = str(engine().url)
    close_database()
    for file in path.parent.glob(path.name + "*"):
        file.unlink()
    shutil.copy(backup, path)
    open_database(url)
    assert holding(engine(), CANARY) != {}
    return desk, folder


def said(folder: Path) -> list[tuple[str, bool]]:
    return [(again.sentence, again.purged) for again in purge_again(LATER + timedelta(days=9), folder)]


def test_a_restored_backup_is_purged_again(restored: tuple[Desk, Path]) -> None:
    folder = restored[1]
    (file,) = folder.glob("*.json")
    assert said(folder) == [("was purged again", True)]
    assert holding(engine(), CANARY) == {}
    with reading() as session:
        certificate = session.scalars(select(PurgeCertificate)).one()
        assert certificate.fingerprint == json.loads(file.read_text())["fingerprint"], (
            "the same certificate, to the letter"
        )
        assert certificate.content["confirmed_by"] == "Administrator, Abel"
    assert [(o.key, o.shown) for o in look(LATER, [About.RECORDS]) if o.total] == []
    before = dump(engine())
    assert said(folder) == [("is purged", False)]
    assert dump(engine()) == before
    path = Path(str(engine().url.database))
    assert CANARY.encode() not in b"".join(f.read_bytes() for f in path.parent.glob(path.name + "*"))


def test_a_certificate_that_was_changed_is_not_followed(restored: tuple[Desk, Path]) -> None:
    desk, folder = restored
    (file,) = folder.glob("*.json")
    stated = json.loads(file.read_text())
    stated["content"]["assignment_number"] = desk.number + 1
    file.write_text(json.dumps(stated))
    assert said(folder) == [(f"{file.name} was changed: it is not followed", False)]
    assert holding(engine(), CANARY) != {}


def test_another_assignment_of_the_same_number_is_left_alone(restored: tuple[Desk, Path]) -> None:
    desk, folder = restored
    with writing() as session:
        found = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        found.closed_at = LATER
    assert said(folder) == [("was closed at another moment: it is not the one that was purged", False)]
    with writing() as session:
        session.scalars(select(Assignment).where(Assignment.number == desk.number)).one().number = 99_999
    assert said(folder) == [("is not in this database", False)]
    assert holding(engine(), CANARY) != {}


def test_what_is_held_in_the_restored_database_waits(restored: tuple[Desk, Path]) -> None:
    desk, folder = restored
    place_hold(desk.cast.people["admin"], desk.number, "Litigation.", LATER)
    assert said(folder) == [("is under a legal hold: lift it first", False)]
    assert holding(engine(), CANARY) != {}


def test_the_same_youth_in_a_later_extract_is_a_new_one(sqlite_database: Engine) -> None:
    desk, other = two_youth()
    purged(desk)
    whole = line(
        **HERE,
        **NO_CASE,
        extract_date="2040-03-01",
        client_id=f"{desk.number:019d}",
        referral_id=f"{1_000_000_000_000_000_000 + desk.number:019d}",
        last_name=CANARY,
        first_name="Q",
        birth_date="2011-05-06",
    )
    load(whole)
    with reading() as session:
        numbers = session.scalars(
            select(Assignment.number).join(Youth).where(Youth.client_id == f"{desk.number:019d}")
        ).all()
        before = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        assert (before.missing_since, before.referral_id) == (None, None), "an extract says nothing of it any more"
    assert len(numbers) == 1 and numbers[0] > other.number
    assert [(o.key, o.shown) for o in look(LATER, [About.RECORDS]) if o.total] == []
