"""Names that are written almost alike: how far apart two words are, and the spellings by which such a pair meets in an index.

Of two words that lie within the distance, both come to the same letters when a few are left out of each (the "symmetric delete" of
spelling correctors). So every word is kept under the spellings with letters left out, and what was typed asks for its own: however many
words there are, few come back, and only these are measured.
"""

from collections.abc import Iterable
from itertools import combinations

from cts.domain.names import fold

SHORTEST = 3
"""Of one or two letters, another letter makes another name."""
LONG = 7
"""From this length on two letters may differ; below, one."""
LETTERS_KEPT = 12
"""Spellings are made of the first letters only, so that a long word has no more than 79. No pair is missed by it: what differs lies within
these letters, or they end a letter apart."""
BEGINNING = 5
"""So many letters must have been typed before a word that goes on counts as similar to them."""
_BEGINNING_OF = "*"
_PARTICLE = 3

Likeness = tuple[int, int]
"""How a word fits what was typed, the closest first: 0 the whole word or 1 its beginning, then by how many letters they differ."""


def may_differ_by(typed: str, word: str) -> int:
    """How many letters may differ, so that two words still count as similar."""
    if min(len(typed), len(word)) < SHORTEST:
        return 0
    return 2 if max(len(typed), len(word)) >= LONG else 1


def distance(one: str, other: str, at_most: int) -> int | None:
    """How many letters are left out, put in, another one, or exchanged with the next; None for more than `at_most`."""
    if abs(len(one) - len(other)) > at_most:
        return None
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and against == one[row - 2]:
                cost = min(cost, before_last[column - 2] + 1)
            now.append(cost)
        if min(now) > at_most and min(last) > at_most:
            return None
        before_last, last = last, now
    return last[-1] if last[-1] <= at_most else None


def likeness(typed: str, word: str) -> Likeness | None:
    """How a word fits what was typed, both folded; None when it does not. (0, 0) is the same word, (1, 0) one that begins so."""
    if word.startswith(typed):
        return (0, 0) if word == typed else (1, 0)
    apart = distance(typed, word, may_differ_by(typed, word))
    if apart is not None:
        return (0, apart)
    if len(typed) >= BEGINNING and any(distance(typed, word[:end], 1) for end in _ends(typed, word)):
        return (1, 1)
    return None


def _ends(typed: str, word: str) -> Iterable[int]:
    """Where the beginning of a longer word may end that is compared with what was typed."""
    return range(len(typed) - 1, min(len(typed) + 2, len(word)))


def spellings(word: str) -> frozenset[str]:
    """Under what a folded word is kept: the spellings of the whole word, and of its beginning. None for words too short."""
    if len(word) < SHORTEST:
        return frozenset()
    # A word of five letters may be similar to one of seven, of which two may be left out.
    letters = 2 if len(word) >= LONG - 2 else 1
    whole = _left_out(word[:LETTERS_KEPT], letters)
    beginning = _left_out(word[:BEGINNING], 1) if len(word) >= BEGINNING else ()
    return frozenset(whole) | {text + _BEGINNING_OF for text in beginning}


def spelled_words(text: str) -> frozenset[str]:
    """The words of a name whose spellings are kept: each word, and words run together where a short one leads ("delacruz")."""
    words = fold(text).split()
    joined = ["".join(words[i:]) for i in range(len(words) - 1) if len(words[i]) <= _PARTICLE]
    return frozenset(word for word in (*words, *joined) if len(word) >= SHORTEST)


def _left_out(word: str, letters: int) -> set[str]:
    found = {word}
    for number in range(1, letters + 1):
        for places in combinations(range(len(word)), number):
            found.add("".join(letter for place, letter in enumerate(word) if place not in places))
    return found
