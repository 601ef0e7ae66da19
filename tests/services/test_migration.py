"""A database that an earlier CTS filled is brought to the tables of today: nothing is lost, what is new begins where it should."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cts.domain.vocabulary import Document, Status
from db.append_only import APPEND_ONLY
from db.migrate import alembic_config, migrate
from db.models import Assignment, Person, ReviewedDocument, Row, Signature, Stay, Youth
from db.reference import add_offices
from db.session import close_database, make_engine, open_database, reading, writing
from tests.parts.first_tables import EVENING, LEAP_DAY, NEW, SERVED, WAITING, fill_first_tables
from tests.parts.postgres import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on SQLite and on PostgreSQL."""
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the same kind, without tables."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    yield (url := server.new_database(migrated=False))
    server.drop_database(url)


@pytest.fixture(scope="module")
def migrated_urls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Of each kind one database with the first tables, filled, and then migrated. Copy it; never write to it."""

    @cache
    def migrated_url(kind: str) -> str:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('old') / 'cts.sqlite'}"
        else:
            url = request.getfixturevalue("postgres_server").new_database(migrated=False)
        engine = make_engine(url)
        with engine.execution_options(cts_writing=True, cts_migrating=True).connect() as connection, connection.begin():
            command.upgrade(alembic_config(connection), "0001")
            add_offices(connection)
            fill_first_tables(connection)
        migrate(engine)
        engine.dispose()
        return url

    return migrated_url


@pytest.fixture
def migrated(
    kind: str, migrated_urls: Callable[[str], str], request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Engine]:
    """A copy of it, opened."""
    url = migrated_urls(kind)
    if kind == "sqlite":
        url = f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), tmp_path / 'migrated.sqlite')}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.copy_database(url)
        request.addfinalizer(lambda: server.drop_database(url))
    yield open_database(url)
    close_database()


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
