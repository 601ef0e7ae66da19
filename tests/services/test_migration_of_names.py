"""An earlier CTS's youth are found by names almost alike and by ids in any grouping once the tables are brought up to date."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, select

from cts.domain.names import name_parts
from cts.domain.spelling import spelled_words, spellings
from db.migrate import alembic_config, migrate
from db.models import NameSpelling, Youth, YouthFullName
from db.session import close_database, make_engine, open_database, reading
from tests.parts.postgres import PostgresServer

NAMES = (("De la Cruz", "María José"), ("Rodríguez-López", "Ana"), ("Rodríguez", ""), ("Purged", ""))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database as CTS kept it before: the parts of names only; of the last youth, whom a purge left, none."""
    server: PostgresServer | None = None
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
    url = server.new_database(migrated=False) if server else f"sqlite:///{tmp_path / 'cts.sqlite'}"
    engine = make_engine(url)
    with engine.execution_options(cts_writing=True, cts_migrating=True).connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection), "0008")
        fill(connection)
    engine.dispose()
    yield url
    close_database()
    if server:
        server.drop_database(url)


def fill(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection, only=["youth", "youth_name_part"])
    blank = dict.fromkeys(("middle_name", "suffix", "race_ethnicity", "primary_language"), "")
    for place, (last, first) in enumerate(NAMES, 1):
        values: dict[str, Any] = {"id": place, "client_id": f"{place:019d}", "last_name": last, "first_name": first}
        values |= {"birth_date": date(2011, 5, 6), "sex": "F", "sensitivity": "N"}
        values |= {"state_id": f"8-77 {place}a", "pdj_number": ""}
        connection.execute(tables.tables["youth"].insert().values(**blank, **values))
        for kind, text in (("last", last), ("first", first)) if last != "Purged" else ():
            for part in name_parts(text):
                row = tables.tables["youth_name_part"].insert()
                connection.execute(row.values(youth_id=place, kind=kind, part=part))


def test_what_searches_read_is_filled_from_the_names_there_are(old_url: str) -> None:
    engine = open_database(old_url)
    migrate(engine)
    borne = NAMES[:-1]
    words = {word for both in borne for name in both for word in spelled_words(name)}
    with reading() as session:
        spelled = session.execute(select(NameSpelling.spelling, NameSpelling.word)).all()
        assert {tuple(row) for row in spelled} == {(spelling, word) for word in words for spelling in spellings(word)}
        pairs = session.execute(select(YouthFullName.youth_id, YouthFullName.last_part, YouthFullName.first_part)).all()
        assert sorted(tuple(row) for row in pairs) == sorted(
            (i, a, b) for i, (last, first) in enumerate(borne, 1) for a in name_parts(last) for b in name_parts(first)
        )
        ids = session.execute(select(Youth.bare_state_id, Youth.bare_pdj_number).order_by(Youth.id)).all()
        assert [tuple(row) for row in ids] == [(f"877{place}A", "") for place in range(1, len(NAMES) + 1)]
