"""A database that an earlier CTS filled is brought to the tables of today: nothing is lost, what is new begins where it should."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cts.domain.vocabulary import Document, LeadAgency, Status
from db.append_only import APPEND_ONLY
from db.migrate import alembic_config, migrate
from db.models import Assignment, Person, ReviewedDocument, Row, Signature, Stay, Youth
from db.reference import add_offices
from db.session import close_database, make_engine, open_database, reading, writing
from tests.parts.postgres import PostgresServer

EVENING = datetime(2026, 11, 3, 3, 30, tzinfo=UTC)
"""Half past seven in the evening of November 2 in Los Angeles."""
LEAP_DAY = datetime(2024, 2, 29, 18, 0, tzinfo=UTC)
SERVED, WAITING, NEW = 10_001, 10_002, 10_003


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes empty databases, without tables: all of them SQLite, or all PostgreSQL."""
    numbers = count(1)

    def made() -> str:
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path / f'{next(numbers)}.sqlite'}"
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database(migrated=False)
        request.addfinalizer(lambda: server.drop_database(url))
        return url

    return made


@pytest.fixture
def empty_url(new_url: Callable[[], str]) -> str:
    """One more empty database of the same kind."""
    return new_url()


@pytest.fixture
def old_url(new_url: Callable[[], str]) -> str:
    """A database with the first tables, filled: a youth with an Advocate, one whose agency has yet to name one, one New."""
    url = new_url()
    engine = make_engine(url)
    with engine.execution_options(cts_writing=True, cts_migrating=True).connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection), "0001")
        add_offices(connection)
        _fill(connection)
    engine.dispose()
    return url


@pytest.fixture
def migrated(old_url: str) -> Iterator[Engine]:
    """The same database after the migration, opened."""
    engine = open_database(old_url)
    migrate(engine)
    yield engine
    close_database()


def _fill(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)

    def add(table: str, **values: Any) -> int:
        kept = {k: v.replace(tzinfo=None) if _naive(connection, v) else v for k, v in values.items()}
        key = connection.execute(tables.tables[table].insert().values(**kept)).inserted_primary_key
        assert key is not None
        return int(key[0])

    agency = add("agency", name="Harbor Light", short_name="HLA", contract_start_on=date(2026, 1, 1))
    people = {
        role: add("person", name=f"{role}, P", role=role, email="p@cts.example", unit="", active=True, phone="")
        for role in ("CSW", "Advocate")
    }
    places = ((SERVED, EVENING, people["Advocate"]), (WAITING, LEAP_DAY, None), (NEW, None, None))
    for number, given_at, advocate in places:
        status = "Approved" if given_at else "New"
        youth = add(
            "youth",
            client_id=f"{number:019d}",
            **dict.fromkeys(
                ("middle_name", "suffix", "race_ethnicity", "primary_language", "state_id", "pdj_number"), ""
            ),
            last_name="Youth",
            first_name="Yara",
            birth_date=date(2011, 5, 6),
            sex="F",
            sensitivity="N",
        )
        assignment = add(
            "assignment",
            **_columns(tables, "assignment"),
            number=number,
            youth_id=youth,
            status=status,
            referral_id=f"{number:019d}",
            worker_id=people["CSW"],
            agency_id=agency if given_at else None,
            advocate_id=advocate,
            agency_assigned_at=given_at,
        )
        document = add(
            "document",
            assignment_id=assignment,
            kind="Referral",
            sequence=1,
            status=status,
            version=7,
            spec_version=1,
            rounds=1 if given_at else 0,
            answers={"therapist": "Dr. Lee", "family": "An aunt"},
        )
        person, party = (advocate, "advocate") if advocate else (None, "agency coordinator")
        add(
            "stay",
            document_id=document,
            assignment_id=assignment,
            status=status,
            party=party if given_at else "case worker",
            person_id=person if given_at else people["CSW"],
            agency_id=agency if given_at else None,
            entered_at=given_at or EVENING,
        )
        add(
            "signature",
            document_id=document,
            round=1,
            person_id=people["CSW"],
            party="case worker",
            typed_name="P CSW",
            title="CSW",
            fingerprint="f" * 64,
            signed_at=EVENING,
        )


def _naive(connection: Connection, value: Any) -> bool:
    return isinstance(value, datetime) and connection.dialect.name == "sqlite"


def _columns(tables: MetaData, table: str) -> dict[str, Any]:
    """Something for every text, flag and date the old table demands, besides those stated above."""
    stated = {"number", "youth_id", "status", "referral_id", "worker_id"}
    by_type: dict[type, Any] = {str: "", int: 1, bool: False, date: date(2026, 11, 2)}
    found = {
        c.name: by_type[c.type.python_type]
        for c in tables.tables[table].columns
        if not c.nullable and not c.primary_key and c.name not in stated
    }
    return found | {"lead_agency": str(LeadAgency.DCFS), "office_code": "1912A"}


def _documents(number: int) -> dict[str, ReviewedDocument]:
    with reading() as session:
        rows = select(ReviewedDocument).join(Assignment, Assignment.id == ReviewedDocument.assignment_id)
        return {d.kind: d for d in session.scalars(rows.where(Assignment.number == number))}


def _assignment(number: int) -> Assignment:
    with reading() as session:
        return session.scalars(select(Assignment).where(Assignment.number == number)).one()


def test_a_youth_with_an_advocate_has_a_plan_and_a_summary_to_write(migrated: Engine) -> None:
    documents = _documents(SERVED)
    assert {kind: d.status for kind, d in documents.items()} == {
        Document.REFERRAL: Status.APPROVED,
        Document.PLAN: Status.NOT_STARTED,
        Document.SUMMARY: Status.IN_PROGRESS,
    }
    assert documents[Document.PLAN].answers == {"start_on": "2026-11-02"}, "the office's day, not that of UTC"
    assert documents[Document.SUMMARY].answers == {"therapist": "Dr. Lee"}
    with reading() as session:
        own = Stay.assignment_id == _assignment(SERVED).id
        stays = session.scalars(select(Stay).where(own, Stay.left_at.is_(None)).order_by(Stay.id)).all()
        advocate = session.scalars(select(Person.id).where(Person.role == "Advocate")).one()
    assert [(stay.status, stay.party, stay.person_id) for stay in stays] == [
        (Status.APPROVED, "advocate", advocate),
        (Status.NOT_STARTED, "advocate", advocate),
    ]
    assert [stay.document_id for stay in stays] == [documents[Document.REFERRAL].id, documents[Document.PLAN].id]
    assert stays[1].entered_at == EVENING


def test_without_an_advocate_there_is_nothing_to_write_yet(migrated: Engine) -> None:
    assert set(_documents(WAITING)) == set(_documents(NEW)) == {Document.REFERRAL}


def test_the_service_is_twelve_months_from_the_day_the_agency_got_the_youth(migrated: Engine) -> None:
    def days(number: int) -> tuple[date | None, date | None]:
        return _assignment(number).service_start_on, _assignment(number).service_end_on

    assert days(SERVED) == (date(2026, 11, 2), date(2027, 11, 2))
    assert days(WAITING) == (date(2024, 2, 29), date(2025, 2, 28))
    assert days(NEW) == (None, None)
    assert [_documents(n)[Document.REFERRAL].approved_at for n in (SERVED, WAITING, NEW)] == [EVENING, LEAP_DAY, None]


def test_what_was_there_is_there_as_it_was(migrated: Engine) -> None:
    for number in (SERVED, WAITING, NEW):
        referral = _documents(number)[Document.REFERRAL]
        assert (referral.version, referral.answers) == (7, {"therapist": "Dr. Lee", "family": "An aunt"})
        assert (_assignment(number).term, _assignment(number).referral_id) == (1, f"{number:019d}")
    with reading() as session:
        assert len(session.scalars(select(Signature)).all()) == 3
        assert len(session.scalars(select(Youth)).all()) == 3


def test_words_that_are_none_are_refused(migrated: Engine) -> None:
    for table, column in (
        ("assignment", "status"),
        ("assignment", "lead_agency"),
        ("document", "status"),
        ("document", "kind"),
        ("stay", "status"),
    ):
        with pytest.raises(IntegrityError), writing() as session:
            session.execute(text(f"UPDATE {table} SET {column} = 'Lost'"))
    with writing() as session:
        for status in Status:
            session.execute(text("UPDATE document SET status = :status"), {"status": str(status)})
            session.execute(text("UPDATE stay SET status = :status"), {"status": str(status)})


def test_of_one_term_there_is_one_assignment(migrated: Engine) -> None:
    known = [c.key for c in inspect(Assignment).column_attrs if c.key != "id"]
    columns = {name: getattr(_assignment(NEW), name) for name in known}
    with writing() as session:
        session.add(Assignment(**columns | {"number": 20_000, "term": 2}))
    with pytest.raises(IntegrityError), writing() as session:
        session.add(Assignment(**columns | {"number": 20_001, "term": 2}))


def test_the_tables_are_those_of_the_models(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_names_and_words_of_all_constraints_are_those_of_the_models(migrated: Engine, empty_url: str) -> None:
    """Also what alembic does not compare: the words of each CHECK, the condition of each index."""
    fresh = make_engine(empty_url)
    Row.metadata.create_all(fresh)
    with fresh.connect() as new, migrated.connect() as old:
        assert _shape(old) == _shape(new)
    fresh.dispose()


def _shape(connection: Connection) -> dict[str, Any]:
    found = inspect(connection)
    return {
        table: (
            sorted((str(c["name"]), c["sqltext"]) for c in found.get_check_constraints(table)),
            sorted(str(c["name"]) for c in found.get_unique_constraints(table)),
            sorted(str(k["name"]) for k in found.get_foreign_keys(table)),
            sorted((str(i["name"]), bool(i["unique"]), _condition(i)) for i in found.get_indexes(table)),
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)),
        )
        for table in sorted(found.get_table_names())
        if table != "alembic_version"
    }


def _condition(index: Any) -> list[str]:
    return sorted(str(words) for name, words in index.get("dialect_options", {}).items() if name.endswith("_where"))


def test_what_was_written_once_is_still_never_changed(migrated: Engine) -> None:
    with pytest.raises(DBAPIError, match="never changed"), writing() as session:
        session.execute(text("UPDATE signature SET typed_name = 'Somebody else'"))
    with pytest.raises(DBAPIError, match="never changed"), writing() as session:
        session.execute(text("DELETE FROM signature"))
    assert "client_update" in APPEND_ONLY


def test_migrating_twice_changes_nothing(migrated: Engine) -> None:
    before = [columns(d) for d in _documents(SERVED).values()]
    migrate(migrated)
    assert [columns(d) for d in _documents(SERVED).values()] == before


def columns(found: Row) -> dict[str, Any]:
    return {c.name: getattr(found, c.name) for c in found.__table__.columns}
