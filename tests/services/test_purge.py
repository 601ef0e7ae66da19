"""The purge: nothing of the youth is left, everything else is as it was; two persons, a wait, no hold; all of it or nothing."""

import os
import signal
import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import db.session
from cts.domain.filters import ANY_STATUS
from cts.domain.vocabulary import Document
from cts.services import purge_rows
from cts.services.certificates import list_certificates, print_certificate
from cts.services.checking import About
from cts.services.checks import look
from cts.services.clean_up import clean_up
from cts.services.criteria import Criteria
from cts.services.documents import open_document
from cts.services.holds import lift_hold, list_holds, place_hold
from cts.services.ledger import agency_ledger
from cts.services.purge import FOUR_EYES, confirm_purge
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate, Refusal
from cts.services.retention import due_list, mark, propose, rules, take_off
from cts.services.search import search_elsewhere
from db.models import AccessEntry, Assignment, PurgeCertificate, PurgeMark, PurgePermit, ReviewedDocument, Youth
from db.session import engine, open_database, reading, writing
from tests.parts.desk import Desk
from tests.parts.every_service import ways_to
from tests.parts.forked import Forked
from tests.parts.listed import listed
from tests.parts.purged import CANARY, DUE, LATER, dump, holding, purged, row_of
from tests.parts.racer import actor_of

UNTOUCHED = ("office", "agency", "person", "account", "email_owed", "extract_load", "reminder_digest")
"""Tables that hold staff, places, dates and numbers only: a purge changes no row of them."""


def test_nothing_of_the_youth_is_left_and_everything_else_is_as_it_was(youth: tuple[Desk, Desk]) -> None:
    desk, other = youth
    before, kept = dump(engine()), row_of(desk.number)
    spread = set(holding(engine(), CANARY))
    assert spread >= {"youth", "youth_name_part", "youth_full_name", "name_spelling", "document", "document_version"}
    assert spread >= {"activity", "client_update", "case_file"}
    assert spread >= {"history_entry", "extract_refusal", "legal_hold", "assignment", "case_file_content"} - {
        "case_file_content"
    }
    money = agency_ledger(desk.cast.people["admin"], LATER).sums
    purged(desk)
    assert holding(engine(), CANARY) == {}
    assert holding(engine(), f"{desk.number:019d}") == {}
    after = dump(engine())
    for table in UNTOUCHED:
        assert after[table] == before[table], table
    assert len(set(before["stay"]) ^ set(after["stay"])) == 4  # of two stays, why they ended
    assert set(before["access_entry"]) <= set(after["access_entry"])
    assert len(after["history_entry"]) == len(before["history_entry"]) and len(after["document"]) == len(
        before["document"]
    )
    now = row_of(desk.number)
    for column in ("number", "status", "closed_at", "agency_id", "advocate_id", "service_start_on", "service_end_on"):
        assert getattr(now, column) == getattr(kept, column)
    assert (now.referral_id, now.referral_name, now.facts_hash, now.purged_at) == (None, "", "", LATER)
    assert agency_ledger(desk.cast.people["admin"], LATER).sums == money
    assert other.sees("admin").answers["family"].startswith("Staywell")


def test_the_other_youth_is_the_same_to_the_last_row(youth: tuple[Desk, Desk]) -> None:
    """Looked at by the ids of the other youth, table by table."""
    desk, other = youth

    def of_other() -> list[list[str]]:
        with reading() as session:
            own = {"a": row_of(other.number).id, "y": row_of(other.number).youth_id}
            found = []
            for query in (
                "SELECT * FROM assignment WHERE id = :a",
                "SELECT * FROM youth WHERE id = :y",
                "SELECT * FROM youth_name_part WHERE youth_id = :y ORDER BY kind, part",
                "SELECT * FROM youth_full_name WHERE youth_id = :y ORDER BY last_part, first_part",
                "SELECT s.* FROM name_spelling s JOIN youth_name_part p ON part = word WHERE youth_id = :y ORDER BY word, spelling",
                "SELECT * FROM document WHERE assignment_id = :a ORDER BY id",
                "SELECT * FROM stay WHERE assignment_id = :a ORDER BY id",
                "SELECT * FROM history_entry WHERE assignment_id = :a ORDER BY id",
                "SELECT * FROM activity WHERE assignment_id = :a ORDER BY id",
                "SELECT * FROM client_update WHERE assignment_id = :a ORDER BY id",
                "SELECT * FROM case_file WHERE assignment_id = :a ORDER BY id",
                "SELECT * FROM grid_row WHERE assignment_id = :a ORDER BY id",
                "SELECT s.* FROM signature s JOIN document d ON d.id = s.document_id WHERE d.assignment_id = :a ORDER BY s.id",
                "SELECT v.* FROM document_version v JOIN document d ON d.id = v.document_id WHERE d.assignment_id = :a"
                " ORDER BY v.document_id, v.round",
                "SELECT c.* FROM case_file_content c JOIN case_file f ON f.id = c.file_id WHERE f.assignment_id = :a"
                " ORDER BY c.file_id",
                "SELECT * FROM access_entry WHERE assignment_id = :a ORDER BY id",
            ):
                asked = {k: v for k, v in own.items() if f":{k}" in query}
                found.append([str(tuple(map(str, r))) for r in session.execute(text(query), asked)])
            return found

    before = of_other()
    assert all(before), "every table holds something of the other youth"
    purged(desk)
    assert of_other() == before


def test_nothing_breaks_and_the_doctor_finds_nothing(on_sqlite: tuple[Desk, Desk]) -> None:
    desk, other = on_sqlite
    purged(desk)
    people = desk.cast.people
    page = listed(people["admin"], status=ANY_STATUS)
    names = {r.number: r.youth_name for r in page.rows}
    assert names[desk.number] == "Purged" and names[other.number].startswith("Staywell")
    assert listed(people["admin"], Criteria(last_name=CANARY), status=ANY_STATUS).total == 0
    for asked in (Criteria(last_name="Purged"), Criteria(birth_date=purge_rows.UNKNOWN_DAY)):
        assert listed(people["admin"], asked, status=ANY_STATUS).total == 0
        elsewhere = search_elsewhere(people["csw_elsewhere"], asked, LATER)
        assert elsewhere is not None and elsewhere.rows == ()
    assert [(o.key, o.shown) for o in look(LATER, [About.RECORDS]) if o.total] == []
    with pytest.raises(NotPermitted, match="was purged on 02/09/2040"):
        open_document(people["admin"], desk.number, LATER, Document.REFERRAL)
    for name, call in ways_to(people["admin"], desk.number):
        with suppress(Refusal):
            assert CANARY not in str(call()), name
    with reading() as session:
        mine = PurgeMark.assignment_id == row_of(desk.number).id
        assert session.scalars(select(PurgePermit)).all() == [] == session.scalars(select(PurgeMark).where(mine)).all()


def test_nothing_stays_in_the_file_of_the_database(
    on_sqlite: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk, _ = on_sqlite
    path = Path(str(engine().url.database))
    purged(desk)
    with closing(sqlite3.connect(path)) as other, monkeypatch.context() as meanwhile:
        # Somebody reads, and reads on: nothing waits for it for ever, and the log says what is still to be done.
        meanwhile.setattr(db.session, "JOURNAL_MILLISECONDS", 50)
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM person").fetchone()
        clean_up(LATER)
        assert "still lies in the journal" in caplog.text
    clean_up(LATER)
    raw = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    assert CANARY.encode() not in raw and CANARY.lower().encode() not in raw
    assert b"Staywell" in raw


def test_the_certificate_says_what_was_done_and_can_be_printed(on_sqlite: tuple[Desk, Desk]) -> None:
    desk, _ = on_sqlite
    purged(desk)
    (found,) = list_certificates(desk.cast.people["admin"], LATER)
    assert (found.number, found.marked_by, found.confirmed_by) == (
        desk.number,
        "Ada Administrator",
        "Abel Administrator",
    )
    assert found.rule == "Assignment served by an agency" and found.rows > 20
    with reading() as session:
        removed = session.scalars(select(PurgeCertificate)).one().content["removed"]
    assert removed["youth"] == removed["extract_refusal"] == removed["legal_hold"] == 1
    assert removed["activity"] == 2 and removed["document_version"] >= 4 and removed["signature"] == 4
    file = print_certificate(desk.cast.people["admin_second"], desk.number, LATER)
    assert file.content.startswith(b"%PDF") and file.name == f"Certificate-of-purge-{desk.number}.pdf"
    support = desk.cast.people["support"]
    calls = (
        lambda: list_certificates(support, LATER),
        lambda: print_certificate(support, desk.number, LATER),
        lambda: list_holds(support, LATER),
        lambda: rules(support, LATER),
        lambda: lift_hold(support, 1, "x", LATER),
    )
    for call in calls:
        with pytest.raises(NotPermitted):
            call()
    with reading() as session:
        refused = (AccessEntry.outcome == "refused", AccessEntry.actor_id == support.person_id)
        actions = session.scalars(select(AccessEntry.action).where(*refused).order_by(AccessEntry.id)).all()
    assert actions == ["list certificates", "print certificate", "list holds", "read retention", "lift hold"]


def test_two_persons_a_wait_and_the_rule(on_sqlite: tuple[Desk, Desk]) -> None:
    desk, other = on_sqlite
    ada, abel, number = desk.cast.people["admin"], desk.cast.people["admin_second"], desk.number
    before = DUE.replace(year=2039, month=5, day=6, hour=6)  # eleven in the evening of May 5, in Los Angeles
    assert propose(before) == 0, "not on the day before the birthday"
    with pytest.raises(Incomplete, match="not due"):
        mark(ada, number, before)
    assert propose(before + timedelta(hours=2)) == 2, "on the 28th birthday"
    with pytest.raises(OutOfDate, match="not marked"):
        confirm_purge(abel, number, DUE)
    mark(ada, number, DUE)
    with pytest.raises(OutOfDate, match="marked already"):
        mark(abel, number, DUE)
    with pytest.raises(NotPermitted) as refusal:
        confirm_purge(ada, number, LATER)
    assert str(refusal.value) == FOUR_EYES
    with pytest.raises(Incomplete, match="can be purged from 02/08/2040 on"):
        confirm_purge(abel, number, DUE + timedelta(days=29))
    views = {view.number: view for view in due_list(abel, LATER)}
    assert views[number].can_purge and not views[other.number].can_purge and views[other.number].can_mark
    assert not {view.number: view for view in due_list(ada, LATER)}[number].can_purge
    for who in set(desk.cast.people) - {"admin", "admin_second"}:
        person = desk.cast.people[who]
        for call in (
            lambda a=person: mark(a, number, DUE),
            lambda a=person: take_off(a, number, "x", DUE),
            lambda a=person: confirm_purge(a, number, LATER),
            lambda a=person: place_hold(a, number, "x", DUE),
            lambda a=person: lift_hold(a, 1, "x", DUE),
            lambda a=person: due_list(a, DUE),
        ):
            with pytest.raises(NotPermitted):
                call()
    confirm_purge(abel, number, LATER)
    with pytest.raises(Incomplete, match="was purged"):
        confirm_purge(abel, number, LATER)


def killed_while_purging(url: str, person_id: int, number: int) -> int:
    """In a process of its own."""

    def killed(session: Session, _: object) -> None:
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)

    open_database(url)
    purge_rows._leave_youth = killed  # type: ignore[assignment]
    confirm_purge(actor_of(person_id), number, LATER)
    return 0


def test_killed_in_the_middle_nothing_was_purged(youth: tuple[Desk, Desk], database_url: str, tmp_path: Path) -> None:
    desk, _ = youth
    propose(DUE)
    mark(desk.cast.people["admin"], desk.number, DUE)
    before = dump(engine())
    person = desk.cast.people["admin_second"].person_id
    purge = partial(killed_while_purging, database_url, person, desk.number)
    assert Forked(purge, dict(os.environ), tmp_path / "log").wait() == -signal.SIGKILL, (tmp_path / "log").read_text()
    assert dump(engine()) == before
    confirm_purge(desk.cast.people["admin_second"], desk.number, LATER)
    assert holding(engine(), CANARY) == {}


def test_a_permit_opens_the_rows_of_its_assignment_only(youth: tuple[Desk, Desk]) -> None:
    desk, other = youth
    mine, theirs = row_of(desk.number).id, row_of(other.number).id
    of = f"(SELECT id FROM document WHERE assignment_id = {theirs})"
    forbidden = (
        f"DELETE FROM client_update WHERE assignment_id = {theirs}",
        f"DELETE FROM document_version WHERE document_id IN {of}",
        f"DELETE FROM signature WHERE document_id IN {of}",
        f"UPDATE history_entry SET reason_text = '' WHERE assignment_id = {theirs}",
        f"UPDATE history_entry SET status_after = 'Approved' WHERE assignment_id = {mine}",
        f"UPDATE client_update SET status = 'x' WHERE assignment_id = {mine}",
        f"DELETE FROM history_entry WHERE assignment_id = {mine}",
        f"DELETE FROM access_entry WHERE assignment_id = {mine}",
        f"UPDATE access_entry SET reason = '' WHERE assignment_id = {mine}",
    )
    for statement in forbidden:
        with pytest.raises(DBAPIError, match="never changed"), writing() as session:
            session.execute(text(f"INSERT INTO purge_permit (assignment_id) VALUES ({mine})"))
            session.execute(text(statement))
    with writing() as session:
        session.execute(text(f"INSERT INTO purge_permit (assignment_id) VALUES ({mine})"))
        session.execute(text(f"UPDATE history_entry SET reason_text = '' WHERE assignment_id = {mine}"))
        session.execute(text(f"DELETE FROM client_update WHERE assignment_id = {mine}"))
        session.execute(text("DELETE FROM purge_permit"))
    with pytest.raises(DBAPIError, match="never changed"), writing() as session:
        session.execute(text(f"UPDATE history_entry SET reason_text = 'x' WHERE assignment_id = {mine}"))


def test_with_another_assignment_of_the_youth_the_youth_stays(on_sqlite: tuple[Desk, Desk]) -> None:
    desk, other = on_sqlite
    with writing() as session:
        mine = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        theirs = session.scalars(select(Assignment).where(Assignment.number == other.number)).one()
        theirs.youth_id = mine.youth_id
    purged(desk)
    with reading() as session:
        assert session.get_one(Youth, row_of(other.number).youth_id).last_name == CANARY
        emptied = select(ReviewedDocument).where(ReviewedDocument.assignment_id == row_of(desk.number).id)
        assert all("family" not in document.answers for document in session.scalars(emptied))
    # What assignments are sorted by is the name of the youth, who stays.
    names = {"youth", "youth_name_part", "youth_full_name", "name_spelling", "extract_refusal", "assignment"}
    assert set(holding(engine(), CANARY)) == names
    assert purge_rows.PURGED_NAME == "Purged"
