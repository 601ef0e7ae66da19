"""The access log is a chain: whoever changes it, with all rights over the database, is found out, and the entry is named."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text

from cts.domain.audit import BEFORE_THE_FIRST, Anchor, anchors_in, entry_hash
from cts.services.access import record_access
from cts.services.actor import SYSTEM
from cts.services.anchors import make_anchor, recent_anchors
from cts.services.audit_chain import Fault, verify
from cts.services.refusals import NotPermitted
from cts.settings import settings
from db.models import AccessHead
from db.session import reading, writing
from tests.cast import NOW, Cast, later, make_cast
from tests.parts.chain import drop_triggers, entries, rehash, tamper, write_entries
from tests.parts.desk import Desk

WRITTEN = 12


@pytest.fixture
def cast(database: Engine) -> Cast:
    """A log of twelve entries, whose triggers the administrator of the database has dropped."""
    cast = make_cast()
    write_entries(cast.csw, WRITTEN)
    drop_triggers()
    return cast


@pytest.fixture
def anchored_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets who gets the anchors by e-mail."""

    def chosen(addresses: str) -> None:
        monkeypatch.setenv("CTS_AUDIT_ANCHOR_TO", addresses)
        settings.cache_clear()

    yield chosen
    monkeypatch.undo()
    settings.cache_clear()


def faults(*anchors: Anchor) -> list[tuple[Fault, int | None]]:
    return [(finding.fault, finding.entry_id) for finding in verify(anchors).findings]


def head() -> AccessHead:
    with reading() as session:
        return session.scalars(select(AccessHead)).one()


def test_every_entry_holds_its_own_hash_and_the_one_before(cast: Cast) -> None:
    rows = entries()
    assert [row["id"] for row in rows] == list(range(1, WRITTEN + 1))
    assert [row["previous_hash"] for row in rows] == [BEFORE_THE_FIRST, *(row["hash"] for row in rows[:-1])]
    assert [entry_hash(row) for row in rows] == [row["hash"] for row in rows]
    assert (head().last_id, head().entries, head().hash) == (WRITTEN, WRITTEN, rows[-1]["hash"])
    found = verify()
    assert found.whole and found.entries == WRITTEN


def test_every_column_is_in_the_hash(cast: Cast) -> None:
    row = entries()[4]
    other = {"id": 99, "at": later(99), "actor_id": 99, "assignment_id": 99, "document_id": 99, "details": {"file": 99}}
    for column in set(row) - {"hash"}:
        assert entry_hash(row | {column: other.get(column, "other")}) != row["hash"], column


def test_moments_words_and_lists_hash_the_same_after_the_database_had_them(database: Engine) -> None:
    moment = datetime(2026, 11, 2, 17, 0, 0, 123456, tzinfo=UTC)
    details = {"z": (1, "two"), "a": {"ä": None, "b": True}, "amount": 1.5, "many": 10**12, "kind": Fault.EDITED}
    with writing() as session:
        record_access(session, SYSTEM, "load extract", moment, reason='“ẽ” \n "\\', **details)
    (row,) = entries()
    assert (row["at"], row["role"], row["details"]["z"]) == (moment, "CTS", [1, "two"])
    assert verify().whole


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        (["UPDATE access_entry SET reason = 'another' WHERE id = 5"], [(Fault.EDITED, 5)]),
        (["UPDATE access_entry SET actor_id = NULL WHERE id = 12"], [(Fault.EDITED, 12)]),
        (["DELETE FROM access_entry WHERE id = 6"], [(Fault.DELETED, 6)]),
        (["DELETE FROM access_entry WHERE id < 3"], [(Fault.DELETED, 1)]),
        (["DELETE FROM access_entry WHERE id > 10"], [(Fault.DELETED_NEWEST, 11)]),
        (["DELETE FROM access_entry"], [(Fault.DELETED_NEWEST, 1)]),
        (["UPDATE access_entry SET id = -id WHERE id = 6"], [(Fault.INSERTED, -6), (Fault.MOVED, -6), (Fault.DELETED, 6)]),
        (["UPDATE access_head SET hash = 'another'"], [(Fault.HEAD, 12)]),
        (["UPDATE access_head SET entries = 11"], [(Fault.HEAD, None)]),
        (["DELETE FROM access_head"], [(Fault.HEAD, None)]),
    ],
)  # fmt: skip
def test_edited_or_deleted_is_named(cast: Cast, attack: list[str], found: list[tuple[Fault, int | None]]) -> None:
    tamper(*attack)
    assert faults() == found


@pytest.mark.parametrize("pair", [(3, 9), (4, 5), (1, 12)])
def test_swapped_is_named(cast: Cast, pair: tuple[int, int]) -> None:
    first, second = pair
    ids = (f"id = 1000 WHERE id = {first}", f"id = {first} WHERE id = {second}", f"id = {second} WHERE id = 1000")
    tamper(*(f"UPDATE access_entry SET {change}" for change in ids))
    assert faults() == [(Fault.SWAPPED, first)]
    assert verify().findings[0].sentence == f"Entries {first} and {second} were swapped."


def test_inserted_behind_the_head_is_named(cast: Cast) -> None:
    columns = (
        "at, actor_id, action, outcome, assignment_id, document_id, parties, reason, address, session_hash, details"
    )
    tamper(f"INSERT INTO access_entry (id, {columns}) SELECT 13, {columns} FROM access_entry WHERE id = 2")
    assert faults() == [(Fault.INSERTED, 13)]


def test_deleted_and_inserted_again_with_a_hash_of_its_own_is_named(cast: Cast) -> None:
    """Whoever knows how hashes are made gives the forged entry one that fits; the next entry tells."""
    tamper("UPDATE access_entry SET reason = 'another' WHERE id = 5")
    row = entries()[4]
    tamper(f"UPDATE access_entry SET hash = '{entry_hash(row)}' WHERE id = 5")
    assert faults() == [(Fault.REPLACED, 5)]


def test_the_newest_changed_with_a_hash_of_its_own_does_not_fit_the_head(cast: Cast) -> None:
    tamper("UPDATE access_entry SET reason = 'another' WHERE id = 12")
    tamper(f"UPDATE access_entry SET hash = '{entry_hash(entries()[11])}' WHERE id = 12")
    assert faults() == [(Fault.HEAD, 12)]


def test_a_whole_chain_made_anew_is_found_out_by_the_anchor_outside_alone(cast: Cast) -> None:
    anchor = make_anchor(later(20), "a server")
    assert anchor is not None and verify([anchor]).whole
    write_entries(cast.csw, 3)
    tamper("UPDATE access_entry SET reason = 'another' WHERE id = 5")
    rehash(5)
    tamper("DROP TRIGGER audit_anchor_no_delete" + on_postgres("audit_anchor"), "DELETE FROM audit_anchor")
    assert verify().whole, "nothing in the database tells"
    assert faults(anchor) == [(Fault.REWRITTEN, WRITTEN)]
    assert faults(*anchors_in(f"> {anchor.line[:30]}\n{anchor.line[30:]}")) == []  # broken inside a number: no anchor
    assert faults(*anchors_in(anchor.line.replace(" ", "\n", 3))) == [(Fault.REWRITTEN, WRITTEN)]


def test_the_newest_deleted_and_the_head_turned_back_is_found_out_by_the_anchor(cast: Cast) -> None:
    anchor = make_anchor(later(20), "a server")
    assert anchor is not None
    tamper("DELETE FROM access_entry WHERE id > 8")
    rehash(8)
    assert faults(anchor) == [(Fault.DELETED, WRITTEN)]
    assert "anchored on 2026-11-02, is not in the log" in verify([anchor]).findings[0].sentence


def on_postgres(table: str) -> str:
    with reading() as session:
        return f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""


def test_a_step_that_fails_leaves_no_entry_and_no_gap(database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.opens("scsw")

    def fails() -> None:
        with writing() as session:
            record_access(session, cast.csw, "open", NOW)
            session.execute(text("SELECT 1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with pytest.raises(NotPermitted):
        desk.opens("elsewhere")
    assert [(row["id"], row["outcome"]) for row in entries()] == [(1, "done"), (2, "refused")]
    assert verify().whole


def test_an_entry_of_a_transaction_that_only_reads_is_an_error_and_not_lost(database: Engine) -> None:
    cast = make_cast()
    with pytest.raises(KeyError), reading() as session:
        record_access(session, cast.csw, "open", NOW)


def test_one_anchor_a_day_whoever_makes_it_and_an_email_without_a_fact(
    database: Engine, anchored_to: Callable[[str], None]
) -> None:
    cast = make_cast()
    write_entries(cast.csw, 3)
    anchored_to("keeper@outside.example, second@outside.example")
    first = make_anchor(NOW, "one")
    assert make_anchor(later(5), "two") is None
    second = make_anchor(later(days=1), "two")
    assert first is not None and second is not None and first.last_id == 3
    assert list(recent_anchors(later(days=1))) == [first, second]
    with reading() as session:
        owed = session.execute(text("SELECT to_address, to_person_id, details FROM email_owed ORDER BY id")).all()
    assert [row[:2] for row in owed] == [("keeper@outside.example", None), ("second@outside.example", None)] * 2
    details = owed[0][2] if isinstance(owed[0][2], dict) else json.loads(owed[0][2])
    assert details == {"anchor": f"2026-11-02 3 3 {first.hash}"}
