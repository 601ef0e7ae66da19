"""The Assignment Listing at any size: its keys are in step with every write, and every statement of it is answered by an index."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text, update

from cts.domain.filters import ANY_STATUS, NON_CLOSED, Attention, Filters
from cts.domain.vocabulary import CLOSED_STATUSES, Status
from cts.services import listing_statements, listings
from cts.services.listing_columns import SortBy
from cts.services.listings import COUNTED_AT_MOST, listing, total_words
from db.listing_keys import drop_listing_keys, fill_listing_keys, keep_listing_keys, listing_keys_kept
from db.migrate import migrate
from db.models import Agency, Assignment, Person, Youth
from db.models.youth import SORTED
from db.session import engine, reading, writing
from tests.cast import DCFS_OFFICE, TODAY, Cast, add_assignment, make_cast
from tests.parts.listed import listed
from tests.services.test_filter_options import WHO, scattered
from tests.services.test_listings import change, many, sorted_plainly

NAMES = (
    "Ávila, Ángel",
    "ávila, ángel",
    "O'Brien",
    "",
    "ñandú",
    "Zoë \U0001f600",
    "De-la-Cruz",
    "=1+1",
    "ß",
    "e\u0301a",
)


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def keys() -> dict[int, tuple[str, ...]]:
    table = Assignment.__table__.c
    with reading() as session:
        rows = session.execute(select(table.id, *(table[name] for name in SORTED)))
        return {row[0]: tuple(row[1:]) for row in rows}


@pytest.mark.parametrize("seed", range(3))
def test_the_keys_are_those_of_a_full_recount_whatever_was_written(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    scattered(cast, dice, 12)
    people = [actor.person_id for actor in cast.people.values()]
    with reading() as session:
        ids, youth = list(session.scalars(select(Assignment.id))), list(session.scalars(select(Youth.id)))
    changes: list[tuple[Any, list[int], dict[str, list[Any]]]] = [
        (
            Youth,
            youth,
            {"last_name": [*NAMES], "first_name": [*NAMES], "state_id": ["", "7aB"], "pdj_number": ["", "PJ1"]},
        ),
        (Person, people, {"name": [*NAMES]}),
        (Agency, list(cast.agencies.values()), {"name": [n or "x" for n in NAMES]}),
        (
            Assignment,
            ids,
            {
                "worker_id": people,
                "supervisor_id": [None, *people],
                "advocate_id": [None, *people],
                "agency_id": [None, *cast.agencies.values()],
                "youth_id": youth,
                "referral_name": [*NAMES],
                "case_id": [None, f"{5:019d}"],
            },
        ),
    ]
    for step in range(60):
        row, among, columns = dice.choice(changes)
        name = dice.choice(list(columns))
        value = f"Agency {step}" if row is Agency else dice.choice(columns[name])
        taken = {"term": step + 2} if name == "youth_id" else {}
        with writing() as session:
            session.execute(update(row).where(row.id == dice.choice(among)).values(**{name: value}, **taken))
    kept = keys()
    with engine().begin() as connection:
        fill_listing_keys(connection)
    assert keys() == kept
    assert len({value for row in kept.values() for value in row}) > 20


def test_a_migration_brings_the_triggers_back_and_leaves_a_newer_database_alone(cast: Cast) -> None:
    with engine().begin() as connection:
        assert listing_keys_kept(connection)
        drop_listing_keys(connection)
        assert not listing_keys_kept(connection)
    migrate(engine())
    with engine().begin() as connection:
        assert listing_keys_kept(connection)
        keep_listing_keys(connection)
    number = add_assignment(cast, last_name="Álvarez")
    with reading() as session:
        found = select(Assignment.__table__.c.by_youth_up).where(Assignment.number == number)
        assert session.scalar(found) == "alvarez\u0001yara"


@contextmanager
def statements(database: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is sent, with its values."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        sent.append((statement, values))

    event.listen(database, "before_cursor_execute", note)
    yield sent
    event.remove(database, "before_cursor_execute", note)


def plan_of(database: Engine, statement: str, values: Any) -> list[str]:
    """What the database would do; PostgreSQL reads small tables as a whole unless it is told that this is dear."""
    with database.connect() as connection:
        if database.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            return list(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


def reads_all(line: str) -> bool:
    """Whether a line of a plan reads a whole table of youth, or every row of one of its indexes."""
    return any(f"{how} {table}" in line for how in ("SCAN", "Seq Scan on") for table in ("assignment", "youth"))


@pytest.mark.parametrize("long", [False, True])
def test_no_statement_of_the_listing_reads_a_large_table_as_a_whole(
    cast: Cast, database: Engine, monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    scattered(cast, random.Random(1))
    if long:
        monkeypatch.setattr(listings, "COUNTED_AT_MOST", 0)
    looked_at = 0
    for who in WHO:
        for whole_office in {False, who in {"scsw", "elsewhere", "sdpo"}}:
            for sort_by in SortBy:
                for descending in (False, True):
                    with statements(database) as sent:
                        listed(cast.people[who], sort_by=sort_by, descending=descending, whole_office=whole_office)
                    for statement, values in sent:
                        plan = plan_of(database, statement, values)
                        assert not any(map(reads_all, plan)), (who, sort_by, statement, plan)
                        sorts = any("TEMP B-TREE" in line for line in plan)
                        # What was counted; the first of each status.
                        few = "WITH counted" in statement or "UNION ALL" in statement
                        own = few or (sort_by is SortBy.STATUS and who not in {"admin", "coordinator"})
                        assert not (long and sorts) or own, (who, sort_by, plan)
                        looked_at += 1
    assert looked_at > 400


def test_the_plans_are_looked_at_closely_enough(cast: Cast, database: Engine) -> None:
    for statement in ("SELECT id FROM assignment WHERE awol_code = 'P'", "SELECT id FROM youth WHERE sex = 'F'"):
        assert any(map(reads_all, plan_of(database, statement, ())))


def test_a_total_says_more_than_what_is_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(31):
        change(add_assignment(cast), referral_name=f"{n:02d} IR")
    assert total_words(COUNTED_AT_MOST) == "2,000"
    monkeypatch.setattr(listings, "COUNTED_AT_MOST", 30)
    page = listed(cast.csw, sort_by=SortBy.REFERRAL_NAME, page=99)
    assert (page.total, total_words(page.total), page.pages, page.page) == (31, "more than 30", 2, 2)
    assert [row.referral_name for row in page.rows] == [
        *(f"{n:02d} IR" for n in range(25, 31)),
        "Canary-Rodríguez 3 DAY",
    ]


ASKED_OF_EVERYBODY: dict[str, set[Status]] = {
    ANY_STATUS: set(Status),
    NON_CLOSED: set(Status) - CLOSED_STATUSES,
    Status.NEW: {Status.NEW},
    Status.TERMINATED: {Status.TERMINATED},
}


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("office", ["", DCFS_OFFICE])
@pytest.mark.parametrize("status", ASKED_OF_EVERYBODY)
def test_everybodys_list_is_in_the_same_order_open_or_closed_or_both(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, long: bool, office: str, status: str
) -> None:
    """Open ones and closed ones are read apart, and put together where both stand on the list; the two that are not ours are left out here."""
    facts = many(cast)
    ours = {n: f for n, f in facts.items() if f["status"] in ASKED_OF_EVERYBODY[status]}
    total = listed(cast.admin, status=status, office_code=office).total
    size = next(
        size for size in (7, 8, 9) if (total - 1) % size
    )  # then a page is not lost when the last row is not counted
    monkeypatch.setattr(listings, "PAGE_SIZE", size)
    monkeypatch.setattr(listings, "COUNTED_AT_MOST", total - 1 if long else total)
    for by in SortBy:
        for descending in (False, True):
            asked = {"status": status, "office_code": office, "sort_by": by, "descending": descending}
            pages = [listed(cast.admin, page=page, **asked) for page in range(1, -(-total // size) + 1)]
            found = [row.number for page in pages for row in page.rows]
            assert len(found) == total
            assert [n for n in found if n in ours] == sorted_plainly(ours, by, descending=descending), (by, descending)


def test_services_that_end_soon_are_read_by_number_where_they_are_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [add_assignment(cast) for _ in range(12)]
    for place, number in enumerate(numbers):
        ends = TODAY + timedelta(days=(10, 45, 10)[place % 3])
        change(number, status=Status.TERMINATED if place == 5 else Status.APPROVED, service_end_on=ends)
    wanted = [n for place, n in enumerate(numbers) if place % 3 != 1 and place != 5]
    monkeypatch.setattr(listings, "PAGE_SIZE", 4)
    for sorted_at_most in (0, 500):
        monkeypatch.setattr(listing_statements, "SORTED_AT_MOST", sorted_at_most)
        pages = [listing(cast.admin, Filters(attention=Attention.LAST_MONTH), TODAY, page=page) for page in (1, 2)]
        assert [row.number for page in pages for row in page.rows] == wanted
        assert {page.total for page in pages} == {len(wanted)}
