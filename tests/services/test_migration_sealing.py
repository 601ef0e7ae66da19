"""What an earlier CTS kept in clear letters is sealed by the migration, and nothing of it stays behind in the file."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, select, text
from sqlalchemy.exc import DBAPIError

from db.migrate import alembic_config, migrate
from db.models import (
    Activity,
    CaseFile,
    CaseFileContent,
    ClientUpdate,
    DocumentVersion,
    EmergencyAccess,
    ReviewedDocument,
)
from db.models.sealed import opened
from db.reference import add_offices
from db.session import close_database, make_engine, open_database, reading, writing
from tests.parts.postgres import PostgresServer

AT = datetime(2026, 11, 3, 3, 30, tzinfo=UTC)
DAY = date(2026, 11, 2)
ANSWERS = {"address": "12 Canary Street", "in_county": True, "alerts": {"6403": "canary of the gang"}}
NOTE, TOLD, FILE = "canary of the note", {"text": "canary of the update"}, b"canary of the file " * 50_000
WHY, FOUND = "canary of the reason", "canary of the review"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database as CTS kept it before anything was sealed."""
    server: PostgresServer | None = None
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
    url = server.new_database(migrated=False) if server else f"sqlite:///{tmp_path / 'cts.sqlite'}"
    engine = make_engine(url)
    with engine.execution_options(cts_writing=True, cts_migrating=True).connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection), "0002")
        add_offices(connection)
        assignment, person = fill(connection)
        # Emergencies came later, and were kept in clear letters until 0008.
        command.upgrade(alembic_config(connection), "0007")
        texts = {"reason_text": WHY, "reason_code": "danger", "review_note": FOUND, "finding": "justified"}
        adding(connection)("emergency_access", assignment_id=assignment, person_id=person, role="CSW", **texts)
    engine.dispose()
    yield url
    close_database()
    if server:
        server.drop_database(url)


def adding(connection: Connection) -> Callable[..., int]:
    """What adds a row to a table as it is at this moment; it returns the row's id."""
    tables = MetaData()
    tables.reflect(connection)

    def add(table: str, **values: Any) -> int:
        columns = tables.tables[table].columns
        by_type: dict[type, Any] = {
            str: "",
            int: 1,
            bool: False,
            date: DAY,
            datetime: AT,
            dict: {},
            object: {},
            bytes: b"",
        }
        blank = {c.name: by_type[c.type.python_type] for c in columns if not c.nullable and c.name != "id"}
        naive = connection.dialect.name == "sqlite"
        given = {
            k: v.replace(tzinfo=None) if naive and isinstance(v, datetime) else v for k, v in (blank | values).items()
        }
        key = connection.execute(tables.tables[table].insert().values(**given)).inserted_primary_key
        assert key is not None
        return int(key[0])

    return add


def fill(connection: Connection) -> tuple[int, int]:
    """An assignment and its worker, with everything of that time."""
    add = adding(connection)
    person = add("person", name="Worker, Wanda", role="CSW", active=True)
    youth = add("youth", client_id="1", last_name="Youth", first_name="Yara", sex="F", sensitivity="N")
    whose = {"youth_id": youth, "worker_id": person, "office_code": "1912A"}
    assignment = add("assignment", number=10_001, status="Approved", lead_agency="DCFS", **whose)
    written = {"assignment_id": assignment, "answers": ANSWERS}
    document = add("document", kind="Referral", sequence=1, status="Approved", **written)
    add("document_version", document_id=document, round=1, answers=ANSWERS, facts={}, submitted_by=person)
    here = {"assignment_id": assignment, "entry_key": "one"}
    add("client_update", status="Misc update", answers=TOLD, written_by=person, **here)
    add("activity", advocate_id=person, with_whom=["youth"], note=NOTE, **here)
    file = add("case_file", token="f" * 32, assignment_id=assignment, kind="consent", name="a.pdf", uploaded_by=person)
    add("case_file_content", file_id=file, content=FILE)
    return assignment, person


def test_what_stood_in_clear_letters_is_sealed_and_reads_as_before(old_url: str) -> None:
    engine = open_database(old_url)
    migrate(engine)
    with reading() as session:
        document = session.scalars(select(ReviewedDocument)).one()
        assert (document.answers, document.kept_answers) == (ANSWERS, {"in_county": True})
        assert session.scalars(select(DocumentVersion)).one().answers == ANSWERS
        assert session.scalars(select(ClientUpdate)).one().answers == TOLD
        assert session.scalars(select(Activity)).one().note == NOTE
        file = session.scalars(select(CaseFile)).one()
        assert opened(session.get_one(CaseFileContent, file.id).content, file.place()) == FILE
        emergency = session.scalars(select(EmergencyAccess)).one()
        assert (emergency.reason_text, emergency.review_note) == (WHY, FOUND)
    with pytest.raises(DBAPIError, match="never changed"), writing() as session:
        session.execute(text("UPDATE document_version SET answers = '{}'"))
    close_database()
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        assert b"anary" not in b"".join(file.read_bytes() for file in path.parent.glob("cts.sqlite*"))
