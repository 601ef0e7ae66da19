"""People and a database for pages that are drawn without a browser."""

import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """The cast, in a database of SQLite."""
    # AppTest leaves its page as the main module, which the processes of later tests would then begin with.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    yield make_cast()
