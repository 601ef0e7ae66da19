"""The measurements measure what they say: copied counties are whole and apart, a missed limit is printed as missed."""

import pytest
from sqlalchemy import func, select

from bench import databases
from bench.asked import GROUPS, ROWS, shown, subject
from bench.clients import frame_at
from bench.databases import fill
from bench.results import Result, table
from bench.sizes import showing
from bench.timing import in_turns, percentile
from cts.domain.filters import ANY_STATUS
from cts.domain.vocabulary import Role
from cts.services.checking import About
from cts.services.checks import BY_KEY, look
from cts.services.criteria import Criteria
from db.listing_keys import listing_keys_kept
from db.models import Agency, Assignment, Office, Person, ReviewedDocument, Stay, Youth
from db.session import close_database, reading
from db.summaries import are_kept
from tests.parts.counts import differing_counts
from tests.parts.kept_at_write import wrong_keys, wrong_names
from tests.parts.listed import listed


@pytest.mark.timeout(180)
def test_a_state_is_a_county_copied(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "COUNTY_YOUTH", 120)
    monkeypatch.setattr(databases, "WHOLE", 5)
    fill(database_url, 360)
    try:
        with reading() as session:
            counts = [session.scalar(select(func.count()).select_from(row)) for row in (Youth, Agency)]
            last = session.scalar(select(func.max(Assignment.number)))
            stays = session.scalar(select(func.count(Stay.id))) or 0
            astray = session.scalar(
                select(func.count(Stay.id))
                .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
                .where(ReviewedDocument.assignment_id != Stay.assignment_id)
            )
            placed = select(func.count(Assignment.id)).join(Person, Person.id == Assignment.worker_id)
            elsewhere = session.scalar(placed.where(Person.office_code != Assignment.office_code))
            offices = session.scalar(select(func.count(Office.code)).where(Office.code.like("Z%")))
            assignments = session.scalar(select(func.count(Assignment.id))) or 0
            connection = session.connection()
            assert (are_kept(connection), listing_keys_kept(connection)) == (True, True)
            assert [*differing_counts(session), *wrong_names(session), *wrong_keys()] == []
        assert counts == [360, 9]
        assert (offices, astray, elsewhere) == (60, 0, 0)
        assert last == 10_000 + assignments
        assert 3 < stays / assignments < 8
        asked = subject()
        found = listed(asked.people[Role.ADMINISTRATION], Criteria(last_name=asked.last_name), status=ANY_STATUS)
        assert found.total
        records = [o.key for o in look(databases.NOW) if o.total and BY_KEY[o.key].about is About.RECORDS]
        assert records == ["unsigned"], "only signatures and versions are left out"
        for group in GROUPS:
            for _, ask in group.cases():
                there = shown(ask(asked))
                with showing(dict.fromkeys(there, 2)):
                    found = shown(ask(asked))
                assert all(found[what] == min(number, 2) for what, number in there.items() if what == ROWS)
                assert all(number <= 2 for number in found.values())
        whole = listed(asked.people[Role.ADMINISTRATION])
        with showing({ROWS: 2}):
            assert listed(asked.people[Role.ADMINISTRATION]).total == whole.total > 2
        with showing({ROWS: 0}):
            nothing_read = listed(asked.people[Role.ADMINISTRATION])
        assert (nothing_read.rows, nothing_read.total) == ((), whole.total)
        assert listed(asked.people[Role.ADMINISTRATION]) == whole
    finally:
        close_database()


def test_a_missed_limit_is_printed_as_missed() -> None:
    printed = table(
        [
            Result("a", "slow", 10, 13.01, 1.3, 1.0),
            Result("a", "fast", 10, 13.0, 1.3),
            Result("a", "mb", None, 499, 500),
        ]
    )
    lines = printed.splitlines()[2:]
    assert ["**missed**" in line for line in lines] == [True, False, False]
    assert "1.30 | 1.3" in lines[1]


def test_two_calls_are_measured_in_turns() -> None:
    order: list[str] = []
    before, after, noise = in_turns(lambda: order.append("first"), lambda: order.append("second"), 0.0, least=2)
    assert order == ["first", "second", *["first", "second", "first"] * 2]
    assert min(before, after, noise) > 0


def test_a_percentile() -> None:
    assert percentile([float(n) for n in range(101)], 0.95) == 95
    assert percentile([3.0], 0.95) == 3


@pytest.mark.parametrize("size", [0, 5, 125, 126, 70_000])
def test_a_frame_is_found_when_all_of_it_has_come(size: int) -> None:
    long = size.to_bytes(2, "big") if size < 65_536 else size.to_bytes(8, "big")
    head = bytes([0x82, size]) if size < 126 else bytes([0x82, 126 if len(long) == 2 else 127]) + long
    sent = b"before" + head + b"x" * size
    assert frame_at(sent, 6) == (0x2, 6 + len(head), len(sent))
    assert frame_at(sent[:-1], 6) is None
    assert frame_at(sent + b"after", 6) == frame_at(sent, 6)
