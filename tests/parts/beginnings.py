"""Where many tests begin: brought about once in each test process, and copied for all that follow."""

import sqlite3
from collections.abc import Callable, Hashable
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from db.session import engine

T = TypeVar("T")

_folder = TemporaryDirectory(prefix="cts-beginnings-")
_made: dict[Hashable, tuple[Path, Any]] = {}


def begun(make: Callable[[], T], *, key: Hashable = None) -> T:
    """What `make` brings about in the test's own database, which holds nothing yet that anybody did.

    On SQLite only the first test waits for it; the others get a copy of that database, and of what `make` returned. `key` stands for it
    where the function is another one each time.
    """
    known = make if key is None else key
    if engine().dialect.name != "sqlite":
        return make()
    if known not in _made:
        value = make()
        path = Path(_folder.name) / f"{len(_made)}.sqlite"
        _copy(Path(str(engine().url.database)), path)
        _made[known] = path, deepcopy(value)
        return value
    path, value = _made[known]
    _copy(path, Path(str(engine().url.database)))
    copied: T = deepcopy(value)
    return copied


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as of, closing(sqlite3.connect(target)) as to:
        of.backup(to)
