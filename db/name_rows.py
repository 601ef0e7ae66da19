"""What a search by name reads, for youth by the thousand: the same rows as cts/services/name_index.py writes for one load."""

from functools import lru_cache
from itertools import product

from sqlalchemy import select

from cts.domain.names import name_parts
from cts.domain.spelling import spelled_words, spellings
from db.batches import Batches
from db.models import NameSpelling, YouthFullName, YouthNamePart
from db.models.names import LONGEST_PART

_AT_ONCE = 500
"""Words in one question."""


class NameRows:
    """Keeps the parts and pairs of each name at once, and the spellings of all words together with `finish`."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._words: set[str] = set()
        self._known: set[str] = set()

    def add(self, youth_id: int, last_name: str, first_name: str) -> None:
        """A youth that had no name here before."""
        of = {"last": _parts(last_name), "first": _parts(first_name)}
        for kind, parts in of.items():
            for part in parts:
                self._batches.add_values(YouthNamePart, {"youth_id": youth_id, "kind": kind, "part": part})
        for last, first in product(of["last"], of["first"]):
            pair = {"youth_id": youth_id, "last_part": last, "first_part": first}
            self._batches.add_values(YouthFullName, pair)
        self._words |= _spelled(last_name) | _spelled(first_name)

    def finish(self) -> None:
        """Keep the spellings of words that nobody bore before. Nobody else writes names meanwhile: who does holds the lock of loads."""
        asked = sorted(self._words - self._known)
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            there = select(NameSpelling.word).where(NameSpelling.word.in_(some)).distinct()
            known = set(self._batches.connection.scalars(there))
            for word in some:
                for spelling in sorted(spellings(word)) if word not in known else ():
                    self._batches.add_values(NameSpelling, {"spelling": spelling, "word": word})
        self._known |= self._words
        self._words.clear()


@lru_cache(maxsize=100_000)
def _parts(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part[:LONGEST_PART] for part in name_parts(name)))


@lru_cache(maxsize=100_000)
def _spelled(name: str) -> frozenset[str]:
    return frozenset(word for word in spelled_words(name) if len(word) <= LONGEST_PART)
