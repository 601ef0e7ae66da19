"""Passwords hashed with bcrypt's fewest rounds: the way to check them is the real one, and costs a millisecond, not a third of a second."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache, partial
from pathlib import Path

import bcrypt
import pytest

from cts.outside import credentials, recovery_codes

FEWEST_ROUNDS = 4


@cache
def quick_hash(password: str) -> str:
    """The hash of a password as CTS keeps it, but for the rounds."""
    return bcrypt.hashpw(credentials._prepared(password).encode(), bcrypt.gensalt(FEWEST_ROUNDS)).decode()


def hash_quickly(database: Path, passwords: dict[str, str]) -> None:
    """In a SQLite database that no server uses yet: the same passwords, by user name, hashed with the fewest rounds."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for user_name, password in passwords.items():
            changed = connection.execute(
                "UPDATE account SET password_hash = ? WHERE user_name = ?", (quick_hash(password), user_name)
            ).rowcount
            assert changed == 1, user_name


@pytest.fixture
def fewest_rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For tests of what is counted and said, not of how long it takes: CTS too hashes with the fewest rounds in this process."""
    monkeypatch.setattr(bcrypt, "gensalt", partial(bcrypt.gensalt, FEWEST_ROUNDS))
    monkeypatch.setitem(recovery_codes._COST, "n", 2)
    credentials._stand_in_hash.cache_clear()
    yield
    credentials._stand_in_hash.cache_clear()
