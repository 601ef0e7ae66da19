"""What is most private stands encrypted in the database: nobody who copies it reads it; what was moved or changed does not open."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from cts.domain.fields import Kind
from cts.domain.vocabulary import Document
from cts.forms.all_forms import SEALED, SPECS
from cts.outside import sealing
from cts.services import activities, client_updates, record_documents
from cts.services.case_files import file_content, list_files
from cts.services.documents import read_document
from cts.services.emergency_reviews import emergency_list
from cts.services.ledger import ledger_of
from cts.services.printing import print_document
from cts.services.record import open_record
from cts.services.refusals import Unreadable
from cts.services.waiting import waiting_on_me
from db.models import CaseFile, CaseFileContent
from db.models.sealed import opened
from db.session import engine, reading, writing
from tests.parts.canaries import CANARIES, PAPER, Nest, nest, seen_by_sql, seen_in, seen_in_files
from tests.parts.keys import A_DATA_KEY, ANOTHER_KEY, NOT_THE_KEY, use_keys
from tests.parts.listed import listed


def change(statement: str, **values: Any) -> None:
    """What somebody does who may write the database and has no key."""
    with writing() as session:
        done = session.execute(text(statement), values)
        assert done.rowcount > 0  # type: ignore[attr-defined]


def value(statement: str) -> Any:
    with reading() as session:
        return session.execute(text(statement)).scalar_one()


def test_nobody_reads_in_the_database_what_the_people_of_the_record_read(database: Engine) -> None:
    found = nest()
    assert seen_by_sql() == []
    if engine().dialect.name == "sqlite":
        assert seen_in_files() == []
    shown = [str(found.desk.sees("csw").answers), str(found.desk.plan().sees("csw").answers)]
    shown.append(str(found.desk.document(Document.FUNDS).sees("advocate").answers))
    shown.append(str(activities.read_entry(found.desk.cast.csw, found.desk.number, found.activity, found.desk.now)))
    shown.append(str(client_updates.read_updates(found.desk.cast.csw, found.desk.number, found.desk.now)))
    shown.append(str(emergency_list(found.desk.cast.admin, found.desk.now)))
    _, content = file_content(found.desk.cast.csw, found.token, found.desk.now)
    assert content == PAPER
    assert set(seen_in("".join(shown).encode() + content)) == set(CANARIES)


def test_signatures_hold_and_what_changed_is_seen_in_plain_words(sqlite_database: Engine) -> None:
    found = nest()
    desk = found.desk
    assert [s.valid for s in desk.sees("csw").signatures] == [True, True]
    plan = desk.plan()
    plan.rejects("csw")
    plan.writes("advocate", safety_plan="another plan of canary")
    plan.submits("advocate")
    assert [(d.label, d.before, d.after) for d in plan.sees("csw").changes] == [
        ("Safety Plan", "plan of canary", "another plan of canary")
    ]
    assert b"%PDF-" in print_document(desk.cast.csw, desk.number, desk.now, Document.PLAN, 1).content
    assert seen_by_sql() == []


MOVES: dict[str, tuple[str, Callable[[Nest], Any]]] = {
    "the answers of one document in another": (
        "UPDATE document SET sealed_answers = (SELECT sealed_answers FROM document WHERE kind = 'Advocacy Plan') WHERE kind = 'Referral'",
        lambda n: n.desk.sees("csw"),
    ),
    "a version as the document": (
        "UPDATE document SET sealed_answers = (SELECT v.sealed_answers FROM document_version v JOIN document d ON d.id = v.document_id"
        " WHERE d.kind = 'Referral') WHERE kind = 'Referral'",
        lambda n: n.desk.sees("csw"),
    ),
    "answers written in clear letters": (
        "UPDATE document SET sealed_answers = '{\"address\": \"forged\"}' WHERE kind = 'Referral'",
        lambda n: n.desk.sees("csw"),
    ),
    "a file as that of another assignment": (
        "UPDATE case_file SET assignment_id = (SELECT max(id) FROM assignment) WHERE kind = 'consent'",
        lambda n: reading_content(),
    ),
    "a file under another token": (
        "UPDATE case_file SET token = 'ffffffffffffffffffffffffffffffff' WHERE kind = 'consent'",
        lambda n: file_content(n.desk.cast.csw, "f" * 32, n.desk.now),
    ),
}


def reading_content() -> bytes:
    """The content as the service opens it, whoever asks."""

    with reading() as session:
        row = session.scalars(select(CaseFile)).one()
        return opened(session.get_one(CaseFileContent, row.id).content, row.place())


@pytest.mark.parametrize("move", MOVES)
def test_a_value_moved_to_another_row_is_refused_with_a_sentence(move: str, sqlite_database: Engine) -> None:
    statement, look = MOVES[move]
    found = nest()
    change(statement)
    with pytest.raises(Unreadable, match="encrypted and cannot be opened at this moment"):
        look(found)


def test_every_changed_letter_is_noticed_and_the_log_names_the_place_alone(
    sqlite_database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    found = nest()
    sealed = value("SELECT max(sealed_answers) FROM document WHERE kind = 'Referral'")
    for place in range(7, len(sealed) - 2, 97):
        letter = "A" if sealed[place] != "A" else "B"
        change(
            "UPDATE document SET sealed_answers = :x WHERE kind = 'Referral'",
            x=sealed[:place] + letter + sealed[place + 1 :],
        )
        with pytest.raises(Unreadable), caplog.at_level(logging.WARNING):
            found.desk.sees("csw")
    assert "document.answers:" in caplog.text
    assert not seen_in(caplog.text.encode())


def test_one_that_does_not_open_hides_no_other(sqlite_database: Engine) -> None:
    found = nest()
    desk = found.desk
    change("UPDATE activity SET note = 'forged'")
    change(
        "UPDATE client_update SET sealed_answers = (SELECT max(sealed_answers) FROM document WHERE kind = 'Referral')"
    )
    month = activities.read_month(desk.cast.csw, desk.number, None, desk.now)
    assert ["cannot be opened" in line.entry.note for line in month.lines] == [True]
    log = client_updates.read_updates(desk.cast.csw, desk.number, desk.now)
    assert ["cannot be opened" in line.update.text for line in log.lines] == [True]
    assert desk.sees("csw").answers["address"] == "aunt of canary"


@pytest.mark.parametrize("keys", [(ANOTHER_KEY,), (NOT_THE_KEY,)])
def test_with_the_wrong_key_everything_else_goes_on(
    keys: tuple[str, ...], sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = nest()
    desk = found.desk
    use_keys(monkeypatch, *keys)
    with pytest.raises(Unreadable):
        read_document(desk.cast.csw, desk.number, desk.now)
    assert open_record(desk.cast.csw, desk.number, None, desk.now).kept, "the other tabs are read all the same"
    with pytest.raises(Unreadable):
        desk.document(Document.FUNDS).writes("advocate", justification="Another")
    with pytest.raises(Unreadable):
        file_content(desk.cast.csw, found.token, desk.now)
    with pytest.raises(Unreadable):
        print_document(desk.cast.csw, desk.number, desk.now)
    assert activities.read_month(desk.cast.csw, desk.number, None, desk.now).lines
    use_keys(monkeypatch, *keys, A_DATA_KEY)
    if keys == (ANOTHER_KEY,):
        assert desk.sees("csw").answers["address"] == "aunt of canary"


def test_lists_open_nothing(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    found = nest()
    places: list[str] = []
    real = sealing.open_sealed
    monkeypatch.setattr(sealing, "open_sealed", lambda sealed, place: places.append(place) or real(sealed, place))
    cast, number, now = found.desk.cast, found.desk.number, found.desk.now
    assert listed(cast.csw).total
    assert waiting_on_me(cast.csw, now)
    assert record_documents.phases(cast.csw, number, now)
    assert record_documents.documents_of(cast.csw, number, (Document.FUNDS,))
    assert list_files(cast.csw, number)
    ledger_of(cast.admin, number)
    assert places == []
    found.desk.sees("csw")
    assert len(places) == 1


def test_what_the_field_lists_mark_is_what_is_sealed() -> None:
    for kind, spec in SPECS.items():
        told_at_length = {f.key for f in spec.fields() if f.kind in {Kind.LONG_TEXT, Kind.ALERTS} or f.private}
        whereabouts = {f.key for f in spec.fields() if f.location and f.kind is not Kind.FACT}
        assert told_at_length | whereabouts <= SEALED[kind]
    assert {"orientation", "address", "alerts", "attention", "testifying"} <= SEALED[Document.REFERRAL]
    assert "reason" in SEALED[Document.EXTENSION]
    assert "reason" not in SEALED[Document.TERMINATION], "lists and sums read it"
