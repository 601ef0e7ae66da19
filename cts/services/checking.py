"""What a check is: a question to the database or the server, and what it has found, in words for staff."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

SHOWN_AT_MOST = 20
COUNTED_AT_MOST = 1000
"""More findings of one check than this are not counted: what is wrong is known."""


class NotCheckedHere(Exception):
    """For `find`: this server does not make the check. `str()` is the reason, in words for staff. It is neither well nor wrong."""


class About(StrEnum):
    """What a check looks at."""

    RECORDS = "Records"
    PEOPLE = "People"
    EMAILS = "E-mails"
    SERVER = "Server"


@dataclass(frozen=True)
class Check:
    """One check. `find` returns what is wrong, one short text each, at most COUNTED_AT_MOST + 1; none when all is well. It may raise
    NotCheckedHere.

    `meaning` says what is wrong when it finds something, `mend` how to mend it. A finding names an assignment, an e-mail, a person of staff
    or a table by number, and holds no fact about a youth: Technical support reads it.
    """

    key: str
    about: About
    title: str
    meaning: str
    mend: str
    find: Callable[[Session, datetime], Sequence[str]]


def found_by(session: Session, query: Select[*tuple[Any, ...]], words: str) -> list[str]:
    """Run a query, bounded, and put each row into words: `words` names the columns, as "Assignment {number}"."""
    rows = session.execute(query.limit(COUNTED_AT_MOST + 1)).mappings()
    return [words.format_map(row) for row in rows]
