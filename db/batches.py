"""Rows by the hundred thousand: collected by table, then written in the order in which they refer to each other."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, func, inspect, select, text

from db.models import Row
from db.models.rows import Moment, table_of

Value = Callable[[Any], Any] | None
DRAWN_AT_ONCE = 200


class Batches:
    """Collects rows and writes them: by executemany on SQLite, by COPY on PostgreSQL. Triggers see every row on both."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._postgres = connection.dialect.name == "postgresql"
        self._rows: dict[str, list[tuple[Any, ...]]] = {table.name: [] for table in Row.metadata.sorted_tables}
        self._shapes: dict[str, tuple[tuple[str, Any, Value], ...]] = {}
        self._numbers: dict[str, Iterator[int]] = {}
        self.written: dict[str, int] = dict.fromkeys(self._rows, 0)

    def next_id(self, kind: type[Row]) -> int:
        """The next free number of a table whose rows others refer to. Nobody else is given it meanwhile."""
        name = kind.__tablename__
        if name not in self._numbers:
            self._numbers[name] = self._drawn(name) if self._postgres else count(self._last(kind) + 1)
        return next(self._numbers[name])

    def _last(self, kind: type[Row]) -> int:
        """SQLite has one writer at a time."""
        return self.connection.scalar(select(func.max(table_of(kind).c.id))) or 0

    def _drawn(self, name: str) -> Iterator[int]:
        """From the database's own numbering, which others draw from at the same time."""
        drawing = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :many)")
        while True:
            yield from self.connection.scalars(drawing, {"name": name, "many": DRAWN_AT_ONCE}).all()

    def add(self, row: Row) -> None:
        """Keep one row as it stands now."""
        names = _attributes_of(type(row))
        values = row.__dict__
        self.add_values(type(row), {column: values.get(attribute) for attribute, column in names})

    def add_values(self, kind: type[Row], values: Mapping[str, Any]) -> None:
        """Keep one row, by column; what is not given has the table's default. Numbers that nobody refers to are given here."""
        table = table_of(kind)
        shape = self._shapes.get(table.name) or self._shape(kind)
        row = []
        for name, default, kept in shape:
            value = values.get(name)
            if value is None and default is not None:
                value = _or_default(default, values)
            row.append(value if kept is None or value is None else kept(value))
        whole = tuple(row)
        if values.get("id") is None and "id" in table.c:
            whole = (self.next_id(kind), *whole[1:])
        self._rows[table.name].append(whole)

    def write(self) -> None:
        """Write everything kept so far into the caller's transaction."""
        for name, rows in self._rows.items():
            if rows:
                self._write(name, rows)
                self.written[name] += len(rows)
                rows.clear()

    def _write(self, name: str, rows: list[tuple[Any, ...]]) -> None:
        columns = ", ".join(f'"{column}"' for column, _, _ in self._shapes[name])
        if self._postgres:
            driver: Any = self.connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(self._shapes[name]))
        self.connection.exec_driver_sql(f"INSERT INTO {name} ({columns}) VALUES ({marks})", rows)  # noqa: S608

    def _shape(self, kind: type[Row]) -> tuple[tuple[str, Any, Value], ...]:
        """Without what the database keeps itself: computed columns, and those that triggers fill."""
        table = table_of(kind)
        ours = {column for _, column in _attributes_of(kind)}
        own = [column for column in table.columns if column.name in ours and column.computed is None]
        ordered = sorted(own, key=lambda column: column.name != "id")
        shape = tuple((column.name, _default_of(column), self._kept(column)) for column in ordered)
        self._shapes[table.name] = shape
        return shape

    def _kept(self, column: Column[Any]) -> Value:
        """How a value of this column is written; None: as it is."""
        if isinstance(column.type, JSON):
            return json.dumps
        if isinstance(column.type, Boolean):
            return None if self._postgres else int
        if isinstance(column.type, Moment):
            return None if self._postgres else _as_moment
        if isinstance(column.type, Date):
            return None if self._postgres else date.isoformat
        return str if column.type.python_type is str else None


_attributes: dict[type[Row], tuple[tuple[str, str], ...]] = {}


def _attributes_of(kind: type[Row]) -> tuple[tuple[str, str], ...]:
    """Attribute and column of each value of a row."""
    if kind not in _attributes:
        mapped = inspect(kind).column_attrs
        _attributes[kind] = tuple((attribute.key, attribute.columns[0].name) for attribute in mapped)
    return _attributes[kind]


def _default_of(column: Column[Any]) -> Any:
    """What a column has when nothing is given: a value, or the function that makes one of the row."""
    default = column.default
    if default is None:
        return "" if column.server_default is not None and column.type.python_type is str else None
    return default.arg  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _RowOnly:
    """What a default asks of SQLAlchemy: the values of its row."""

    values: Mapping[str, Any]

    def get_current_parameters(self) -> Mapping[str, Any]:
        """By column."""
        return self.values


def _or_default(default: Any, values: Mapping[str, Any]) -> Any:
    return default(_RowOnly(values)) if callable(default) else default


def _as_moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
