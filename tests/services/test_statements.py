"""What a step costs the database, and that PostgreSQL keeps planned what it is asked again and again."""

import pytest
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.exc import DBAPIError

from cts.domain.vocabulary import Action
from db.models import Office
from db.session import close_database, engine, open_database, reading
from tests.parts.beginnings import begun
from tests.parts.desk import served

AT_MOST = 15
"""With the BEGIN of SQLite, or what holds the documents on PostgreSQL. Seven of them write; the others read what is decided on."""


def test_a_step_asks_few_statements(database: Engine) -> None:
    plan = begun(served).plan()
    plan.brings_to_case_worker()
    version = plan.opens("csw").version
    asked: list[str] = []
    event.listen(engine(), "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    plan.takes("csw", Action.APPROVE, version=version)
    assert 7 <= len(asked) <= AT_MOST, "\n".join(asked)


@pytest.mark.postgres
def test_reading_forgets_no_plan_and_writes_nothing(postgres_url: str) -> None:
    open_database(postgres_url)
    offices = select(Office.name).where(Office.code == "0000")
    for _ in range(8):
        with reading() as session:
            session.execute(offices).all()
    with reading() as session:
        planned = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("office" in statement for statement in planned)
    row = {"code": "0000", "name": "Nowhere", "department": "DCFS", "active": False}
    with pytest.raises(DBAPIError, match="read-only"), reading() as session:
        session.execute(insert(Office).values(row))
    close_database()
