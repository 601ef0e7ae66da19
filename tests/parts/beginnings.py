"""Where many tests begin: brought about once in each test process, and copied for all that follow."""

import sqlite3
from collections.abc import Callable, Hashable
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import psycopg

from db.session import engine
from tests.parts.postgres_rows import Rows, put_rows, rows_of

T = TypeVar("T")

_folder = TemporaryDirectory(prefix="cts-beginnings-")
_made: dict[tuple[str, Hashable], tuple[Path | Rows, Any]] = {}


def begun(make: Callable[[], T], *, key: Hashable = None) -> T:
    """What `make` brings about in the test's own database, which holds nothing yet that anybody did.

    Only the first test in each kind of database waits for it; the others get a copy of what stood there then, and of what `make`
    returned. `key` stands for it where the function is another one each time.
    """
    known = (engine().dialect.name, make if key is None else key)
    if known not in _made:
        value = make()
        _made[known] = _kept(), deepcopy(value)
        return value
    beginning, value = _made[known]
    _bring_back(beginning)
    copied: T = deepcopy(value)
    return copied


def _kept() -> Path | Rows:
    if engine().dialect.name == "sqlite":
        path = Path(_folder.name) / f"{len(_made)}.sqlite"
        _copy(Path(str(engine().url.database)), path)
        return path
    with psycopg.connect(_address(), autocommit=True) as connection:
        return rows_of(connection)


def _bring_back(beginning: Path | Rows) -> None:
    if isinstance(beginning, Path):
        _copy(beginning, Path(str(engine().url.database)))
        return
    with psycopg.connect(_address(), autocommit=True) as connection:
        put_rows(connection, beginning)


def _address() -> str:
    return engine().url.set(drivername="postgresql").render_as_string(hide_password=False)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as of, closing(sqlite3.connect(target)) as to:
        of.backup(to)
