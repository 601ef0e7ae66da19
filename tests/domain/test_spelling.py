"""Names written almost alike meet in the index of spellings, and only those count as similar that are."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.spelling import (
    BEGINNING,
    LETTERS_KEPT,
    LONG,
    SHORTEST,
    distance,
    likeness,
    may_differ_by,
    spelled_words,
    spellings,
)

# Few letters, so that words are often similar.
WORDS = st.text("abc", min_size=1, max_size=LETTERS_KEPT + 4)


@cache
def slowly(one: str, other: str) -> int:
    """The distance by its definition, word by word: the last letter is left out, put in, another one, or exchanged with the one before."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        slowly(one[:-1], other) + 1,
        slowly(one, other[:-1]) + 1,
        slowly(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if len(one) > 1 and len(other) > 1 and one[-2:] == other[-1] + other[-2]:
        ways.append(slowly(one[:-2], other[:-2]) + 1)
    return min(ways)


@st.composite
def misspelled(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with up to three slips."""
    word = draw(WORDS)
    typed = word
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(typed)))
        before, after = typed[:place], typed[place:]
        slips = [
            before + "a" + after,
            before + after[1:],
            before + "c" + after[1:],
            before + after[1:2] + after[:1] + after[2:],
        ]
        typed = draw(st.sampled_from(slips))
    return typed, word


@given(st.one_of(misspelled(), st.tuples(WORDS, WORDS)), st.integers(0, 3))
def test_the_distance_is_that_of_its_definition(pair: tuple[str, str], at_most: int) -> None:
    apart = slowly(*pair)
    assert distance(*pair, at_most) == (apart if apart <= at_most else None)


@given(st.one_of(misspelled(), st.tuples(WORDS, WORDS)))
def test_every_similar_pair_meets_in_the_index_and_what_is_similar_is_so_by_a_slow_count(pair: tuple[str, str]) -> None:
    typed, word = pair
    short = min(len(typed), len(word)) < SHORTEST
    allowed = 0 if short else 2 if max(len(typed), len(word)) >= LONG else 1
    expected = None
    if word == typed:
        expected = (0, 0)
    elif word.startswith(typed):
        expected = (1, 0)
    elif slowly(typed, word) <= allowed:
        expected = (0, slowly(typed, word))
    elif len(typed) >= BEGINNING and any(slowly(typed, word[:n]) <= 1 for n in range(1, len(word))):
        expected = (1, 1)
    assert likeness(typed, word) == expected
    if expected is not None and expected[1]:
        assert spellings(typed) & spellings(word)


@pytest.mark.parametrize(
    ("typed", "word", "expected"),
    [
        ("rodrigues", "rodriguez", (0, 1)),
        ("gonzales", "gonzalez", (0, 1)),
        ("stephen", "steven", (0, 2)),
        ("steven", "stephen", (0, 2)),
        ("hernadnez", "hernandez", (0, 1)),
        ("emmily", "emily", (0, 1)),
        ("jon", "john", (0, 1)),
        ("katherine", "catherine", (0, 1)),
        ("rodriqu", "rodriguez", (1, 1)),
        ("lopez", "perez", None),
        ("ana", "eva", None),
        ("li", "lu", None),
        ("kim", "lim", (0, 1)),
    ],
)
def test_names_people_mistake(typed: str, word: str, expected: tuple[int, int] | None) -> None:
    assert likeness(typed, word) == expected


@given(WORDS)
def test_a_word_has_few_spellings_however_long(word: str) -> None:
    assert len(spellings(word)) <= 79 + BEGINNING + 1
    assert may_differ_by(word, word) in {0, 1, 2}


def test_the_words_of_a_name_are_kept_and_run_together_behind_a_short_one() -> None:
    assert spelled_words("Rodríguez-López") == {"rodriguez", "lopez"}
    assert spelled_words("De la Cruz") == {"cruz", "delacruz", "lacruz"}
    assert spelled_words("O'Brien") == {"obrien"}
    assert spelled_words("Li Xu") == {"lixu"}
    assert spelled_words("") == frozenset()
