"""Names as conditions on youth: begun as typed in any part, or a word almost alike. Each reads an index, however many youth there are."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, or_, select, union, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from cts.domain.names import fold
from cts.domain.spelling import Likeness, likeness, spellings
from cts.services.looked_up import as_number
from cts.services.name_index import FIRST, LAST
from db.models import Assignment, NameSpelling, YouthFullName, YouthNamePart

LOOKED_AT = 100
"""Of a name, or of a birth date, so many youth are looked at where nothing else narrows the search.

A search looks for one youth: a hundred are four pages, and whoever finds as many has to type more anyway.
"""
WORDS_AT_MOST = 200
"""So many similar words are looked for; the closest are asked first."""

LAST_LETTER = "\U0010ffff"
"""It comes after every other."""

Ways = tuple[tuple[str, ...], ...]
"""What was typed as a name: its words, the longest first; and the words run together, when there are several ("delacruz")."""


def ways_of(text: str) -> Ways:
    """The ways to read what was typed as a last or a first name; () for nothing that could be a name."""
    words = fold(text).split()
    if not words:
        return ()
    longest_first = tuple(sorted(words, key=len, reverse=True))
    return (longest_first,) if len(words) == 1 else (longest_first, ("".join(words),))


def begins(column: InstrumentedAttribute[str], start: str) -> ColumnElement[bool]:
    """A range, not LIKE: it reads the index on both databases, where these columns are compared byte by byte."""
    return and_(column >= start, column < start + LAST_LETTER)


def named(last: str, first: str, *, one_by_one: bool = False, at_most: int | None = None) -> ColumnElement[bool]:
    """Assignments of youth of whose name every typed word begins some part; words run together match too. Blank is not asked.

    `one_by_one` asks each assignment that the other conditions leave, which must be few; else all who are so named are looked up, the first
    `at_most` of them by their names.
    """
    typed = _typed(last, first)
    if not all(typed.values()):
        return Assignment.id.is_(None)
    if one_by_one:
        return and_(*(or_(*(and_(*(_has_part(kind, w) for w in way)) for way in ways)) for kind, ways in typed.items()))
    return Assignment.youth_id.in_(_all_listed(typed, at_most))


def is_common(session: Session, last: str, first: str) -> bool:
    """Whether so many have this name that a search looks at the first LOOKED_AT only."""
    typed = _typed(last, first)
    if not typed or not all(typed.values()):
        return False
    listed = _all_listed(typed, LOOKED_AT).subquery()
    return (session.scalar(select(func.count()).select_from(listed)) or 0) >= LOOKED_AT


def _typed(last: str, first: str) -> dict[str, Ways]:
    return {kind: ways_of(text) for kind, text in ((LAST, last), (FIRST, first)) if text.strip()}


def _all_listed(typed: dict[str, Ways], at_most: int | None) -> Select[int] | CompoundSelect[int]:
    # Of both names: who has the very last name that was typed is found by both; of longer ones, there are fewer to go through.
    longer = (False, True) if len(typed) == 2 else (False,)
    listed = [_listed(words, at_most, longer=more) for words in _combined(typed) for more in longer]
    if len(listed) == 1:
        return listed[0]
    parts = [select(s.subquery().c.youth_id) for s in listed]
    # One list after the other, until there are so many.
    return union(*parts) if at_most is None else union_all(*parts).limit(as_number(at_most))


def _combined(typed: dict[str, Ways]) -> list[dict[str, tuple[str, ...]]]:
    found: list[dict[str, tuple[str, ...]]] = [{}]
    for kind, ways in typed.items():
        found = [words | {kind: way} for words in found for way in ways]
    return found


def _listed(words: dict[str, tuple[str, ...]], at_most: int | None, *, longer: bool) -> Select[int]:
    """The youth with these words, by the longest word of each kind: the fewest have it."""
    order: tuple[InstrumentedAttribute[Any], ...]
    rest = [(kind, word) for kind, several in words.items() for word in several[1:]]
    if len(words) == 2:
        last, first = YouthFullName.last_part, YouthFullName.first_part
        start = words[LAST][0]
        so_begun = and_(last > start, last < start + LAST_LETTER) if longer else last == start
        found = select(YouthFullName.youth_id).where(so_begun, begins(first, words[FIRST][0]))
        whose, order = YouthFullName.youth_id, (last, first, YouthFullName.youth_id)
    else:
        ((kind, several),) = words.items()
        found = select(YouthNamePart.youth_id).where(YouthNamePart.kind == kind, begins(YouthNamePart.part, several[0]))
        whose, order = YouthNamePart.youth_id, (YouthNamePart.part, YouthNamePart.youth_id)
    found = found.where(*(_has_part(kind, word, whose) for kind, word in rest))
    return found if at_most is None else found.order_by(*order).limit(as_number(at_most))


def _has_part(kind: str, start: str, whose: InstrumentedAttribute[int] = Assignment.youth_id) -> ColumnElement[bool]:
    part = YouthNamePart.__table__.alias()
    start_of = and_(part.c.part >= start, part.c.part < start + LAST_LETTER)
    return exists().where(part.c.youth_id == whose, part.c.kind == kind, start_of)


@dataclass(frozen=True)
class Words:
    """How the words that youth bear can be like a typed name: `typed` itself, or the words `begun` so, which match as they are.

    `one_off` and `two_off` differ by so many letters; of the `longer` ones only the beginning is alike.
    """

    typed: tuple[str, ...]
    begun: tuple[str, ...]
    one_off: tuple[str, ...]
    two_off: tuple[str, ...]
    longer: tuple[str, ...]

    @property
    def alike(self) -> tuple[str, ...]:
        """Whole words that are not quite the typed one."""
        return self.one_off + self.two_off


def words_like(session: Session, ways: Ways, *, begun_too: bool) -> Words:
    """The words borne by any youth that are like the longest typed word, or like all of them run together.

    `begun_too`: and those begun so, which are asked for where both names were typed.
    """
    asked = tuple(dict.fromkeys(way[0] for way in ways))
    found: set[tuple[Likeness, str]] = set()
    begun = list(asked)
    for typed in asked:
        if begun_too:
            so_begun = select(NameSpelling.word).where(begins(NameSpelling.word, typed)).distinct()
            begun += session.scalars(so_begun.order_by(NameSpelling.word).limit(as_number(WORDS_AT_MOST)))
        keys = sorted(spellings(typed))
        borne = session.scalars(select(NameSpelling.word).where(NameSpelling.spelling.in_(keys)).distinct()).all()
        found |= {(fit, word) for word in borne if (fit := likeness(typed, word)) and fit[1]}
    closest = sorted(found)[:WORDS_AT_MOST]
    one_off, two_off, longer = (tuple(w for fit, w in closest if fit == so) for so in ((0, 1), (0, 2), (1, 1)))
    return Words(asked, tuple(dict.fromkeys(begun)), one_off, two_off, longer)
