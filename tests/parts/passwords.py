"""Passwords hashed with bcrypt's fewest rounds: the way to check them is the real one, and costs a millisecond, not a third of a second."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

import bcrypt

from cts.outside import credentials

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
