"""A new key of encryption: everything is sealed anew while people work, also after an end in the middle; nothing is lost."""

import os
import signal
import time
from datetime import date, timedelta

import pyotp
import pytest
from sqlalchemy import Engine, LargeBinary, String, insert, text

from cts.domain.vocabulary import Document
from cts.outside import sealing
from cts.services import activities, second_factor
from cts.services.case_files import file_content
from cts.services.export_registry import LISTING
from cts.services.exports import offer_export
from cts.services.key_rotation import SEALED_COLUMNS, kept_under, reseal, seal_anew
from db.models import Activity, Row
from db.models.sealed import place_of
from db.session import reading, writing
from tests.cast import NOW
from tests.parts.canaries import PAPER, Nest, nest, seen_by_sql
from tests.parts.forked import Command
from tests.parts.keys import A_DATA_KEY, ANOTHER_KEY, use_keys

MANY = 3_000


def quiet(_called: str, _done: int) -> None:
    """Nobody listens."""


def total(key: str) -> int:
    return sum(kept_under().get(key, {}).values())


def with_factor(person_id: int) -> str:
    """This person has a second factor; returns its secret."""
    proposal = second_factor.propose(person_id)
    secret = proposal.letters.replace(" ", "")
    new = second_factor.confirmed(person_id, proposal.sealed, pyotp.TOTP(secret).at(NOW), NOW)
    with writing() as session:
        second_factor.keep_factor(session, person_id, new, NOW)
    return secret


def reads_all(found: Nest) -> None:
    desk = found.desk
    assert desk.sees("csw").answers["address"] == "aunt of canary"
    assert desk.plan().sees("csw").answers["safety_plan"] == "plan of canary"
    assert activities.read_entry(desk.cast.csw, desk.number, found.activity, desk.now).entry.note == "note of canary"
    assert file_content(desk.cast.csw, found.token, desk.now)[1] == PAPER


def test_everything_is_sealed_anew_and_the_former_key_is_needed_no_more(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = nest()
    who = found.desk.cast.csw.person_id
    secret = with_factor(who)
    before = total("tests")
    assert before > 5
    use_keys(monkeypatch, ANOTHER_KEY, A_DATA_KEY)
    assert seal_anew(quiet) == 0
    assert (total("tests"), total("second")) == (0, before)
    use_keys(monkeypatch, ANOTHER_KEY)
    reads_all(found)
    later = NOW + timedelta(minutes=5)
    with writing() as session:
        typed = second_factor.read_code(who, pyotp.TOTP(secret).at(later))
        assert second_factor.code_is_right(session, who, typed, later)
    assert [s.valid for s in found.desk.sees("csw").signatures] == [True, True]
    assert seen_by_sql() == []


def test_what_does_not_open_is_counted_and_left_as_it_is(
    sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    nest()
    with writing() as session:
        session.execute(text("UPDATE activity SET note = substr(note, 1, length(note) - 6) || 'AAAAAA'"))
    use_keys(monkeypatch, ANOTHER_KEY, A_DATA_KEY)
    assert seal_anew(quiet) == 1
    assert (total("tests"), kept_under()["tests"]) == (1, {"notes of activities": 1})


def test_a_row_that_somebody_saved_meanwhile_is_left_alone(sqlite_database: Engine) -> None:
    found = nest()
    drafts = SEALED_COLUMNS[0]
    funds = found.desk.document(Document.FUNDS)
    with reading() as session:
        key, head = session.execute(
            text("SELECT id, substr(sealed_answers, 1, 67) FROM document WHERE kind = 'Restoration Fund Request'")
        ).one()
    funds.writes("advocate", justification="written meanwhile")
    with writing() as session:
        assert not reseal(session, drafts, (key,), head)
    assert funds.sees("advocate").answers["justification"] == "written meanwhile"


def test_every_column_that_holds_a_sealed_value_is_known(sqlite_database: Engine) -> None:
    cast = nest().desk.cast
    with_factor(cast.csw.person_id)
    offer_export(cast.csw, LISTING, {}, NOW)
    known = {(c.row.__table__.name, c.column.expression.name) for c in SEALED_COLUMNS}  # type: ignore[attr-defined]
    found = set()
    with reading() as session:
        for table in Row.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, String | LargeBinary):
                    values = session.scalars(text(f"SELECT {column.name} FROM {table.name}"))
                    if any(sealing.is_sealed(v) or (isinstance(v, bytes) and v.startswith(b"CTS1")) for v in values):
                        found.add((table.name, column.name))
    assert found == known


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on_where_it_was(
    sqlite_database: Engine, sqlite_url: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = nest()
    with writing() as session:
        session.execute(insert(Activity.__table__), [many(found, n) for n in range(MANY)])  # type: ignore[arg-type]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CTS_")}
    environment |= {"CTS_DATABASE_URL": sqlite_url, "CTS_VAR_DIR": str(tmp_path)}
    environment["CTS_DATA_KEYS"] = f"{ANOTHER_KEY},{A_DATA_KEY}"
    use_keys(monkeypatch, ANOTHER_KEY, A_DATA_KEY)
    killed = Command(environment, "rotate-keys")
    before = total("tests")
    while total("tests") > before - MANY // 10:
        assert killed.poll() is None
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert (total("tests") > 0, total("second") > 0) == (True, True)
    reads_all(found)
    done = Command(environment, "rotate-keys").ended()
    assert (done.returncode, done.stderr) == (0, "")
    assert "second (the first key): " in done.stdout
    assert (total("tests"), total("second")) == (0, before)
    use_keys(monkeypatch, ANOTHER_KEY)
    reads_all(found)


def many(found: Nest, number: int) -> dict[str, object]:
    """One of many notes, as a bulk insert takes it."""
    desk = found.desk
    with_key = place_of("activity.note", 1, f"many {number}")
    return {
        "assignment_id": 1,
        "advocate_id": desk.cast.people["advocate"].person_id,
        "happened_on": date(2026, 11, 2),
        "type": "visit",
        "method": "in_person",
        "location": "home",
        "outcome": "Completed",
        "minutes": 5,
        "with_whom": ["youth"],
        "note": sealing.seal_text(f"note {number}", with_key),
        "written_at": NOW,
        "void_reason": "",
        "entry_key": f"many {number}",
    }
