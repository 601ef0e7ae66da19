"""What every table shares: the declarative class, moments in UTC, JSON."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import JSON, CheckConstraint, DateTime, MetaData, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """A row of any table."""

    metadata = MetaData(naming_convention=NAMING)


def table_of(row: type[Row]) -> Table:
    """The table of a kind of row: for bulk inserts, and for statements that are put together once and asked many times."""
    return cast(Table, row.__table__)


class Moment(TypeDecorator[datetime]):
    """A moment: aware, UTC, on both databases (SQLite has no time zones). Refuses a naive time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonValue = JSON().with_variant(JSONB(), "postgresql")


def one_of(column: str, values: Any) -> CheckConstraint:
    """A CHECK that a text column holds one of the words (alembic does not see a new member of an Enum type)."""
    words = ", ".join("'" + str(v).replace("'", "''") + "'" for v in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)
