"""Keeps what a search by name reads in step with the names of youth: parts, pairs of last and first name, spellings of words.

Names are written by loads of extracts and removed by purges. Each holds the lock of loads (cts/services/extract_lock.py), so none counts on
a word that another one is about to remove.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from sqlalchemy import delete, exists, insert, or_, select
from sqlalchemy.orm import Session

from cts.domain.names import name_parts
from cts.domain.spelling import spelled_words, spellings
from db.models import NameSpelling, YouthFullName, YouthNamePart
from db.models.names import LONGEST_PART

LAST, FIRST = "last", "first"
_AT_ONCE = 200
"""Words in one statement."""


def write_names(session: Session, youth_ids: Sequence[int], names: Sequence[Mapping[str, Any]]) -> None:
    """Write anew what a search by name reads of these youth, from their `last_name` and `first_name`, in the caller's transaction."""
    before = _forget(session, youth_ids)
    parts, pairs = [], []
    words: set[str] = set()
    for youth_id, stated in zip(youth_ids, names, strict=True):
        of = {kind: _parts(stated[f"{kind}_name"]) for kind in (LAST, FIRST)}
        parts += [{"youth_id": youth_id, "kind": kind, "part": part} for kind in of for part in of[kind]]
        pairs += [{"youth_id": youth_id, "last_part": a, "first_part": b} for a, b in product(of[LAST], of[FIRST])]
        words |= spelled_words(stated["last_name"]) | spelled_words(stated["first_name"])
    for table, rows in ((YouthNamePart, parts), (YouthFullName, pairs)):
        if rows:
            session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]
    _spell(session, {word for word in words if len(word) <= LONGEST_PART})
    _forget_words(session, before)


def forget_names(session: Session, youth_ids: Sequence[int]) -> dict[str, int]:
    """Remove these youth from all that a search by name reads, and the words that nobody bears any more; how many rows of each table."""
    counts = dict.fromkeys((YouthNamePart.__tablename__, YouthFullName.__tablename__), 0)
    before = _forget(session, youth_ids, counts)
    return counts | {NameSpelling.__tablename__: _forget_words(session, before)}


def _parts(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part[:LONGEST_PART] for part in name_parts(name)))


def _forget(session: Session, youth_ids: Sequence[int], counts: dict[str, int] | None = None) -> set[str]:
    """Delete parts and pairs; returns the parts that were."""
    of_these = YouthNamePart.youth_id.in_(youth_ids)
    before = set(session.scalars(select(YouthNamePart.part).where(of_these)))
    for table in (YouthNamePart, YouthFullName) if before else ():
        gone = session.execute(delete(table).where(table.youth_id.in_(youth_ids)).execution_options(**_UNSEEN))
        if counts is not None:
            counts[table.__tablename__] = gone.rowcount  # type: ignore[attr-defined]
    return before


_UNSEEN: dict[str, Any] = {"synchronize_session": False}


def _spell(session: Session, words: set[str]) -> None:
    """Add the spellings of words that nobody bore before."""
    for some in _chunks(sorted(words)):
        known = set(session.scalars(select(NameSpelling.word).where(NameSpelling.word.in_(some)).distinct()))
        rows = [{"spelling": s, "word": word} for word in some if word not in known for s in sorted(spellings(word))]
        if rows:
            session.execute(insert(NameSpelling.__table__), rows)  # type: ignore[arg-type]


def _forget_words(session: Session, words: Iterable[str]) -> int:
    borne = or_(
        *(exists().where(YouthNamePart.kind == kind, YouthNamePart.part == NameSpelling.word) for kind in (LAST, FIRST))
    )
    gone = 0
    for some in _chunks(sorted(words)):
        statement = delete(NameSpelling).where(NameSpelling.word.in_(some), ~borne).execution_options(**_UNSEEN)
        gone += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return gone


def _chunks(words: Sequence[str]) -> Iterable[Sequence[str]]:
    return (words[start : start + _AT_ONCE] for start in range(0, len(words), _AT_ONCE))
