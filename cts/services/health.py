"""Whether the database answers: what /healthz says to a load balancer."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from db.models import Office
from db.session import engine, reading


def database_answers() -> bool:
    """Read a row. A SQLite file that was taken away still answers through the open connection, so its path is looked at too."""
    try:
        file = engine().url.database if engine().dialect.name == "sqlite" else None
        if file and not Path(file).exists():
            return False
        with reading() as session:
            session.execute(select(Office.code).limit(1)).first()
    except (SQLAlchemyError, RuntimeError):
        return False
    return True
