"""One and more, by one rule."""

import pytest

from cts.domain.counting import counted


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 anchors"), (1, "1 anchor"), (2, "2 anchors"), (1_204, "1,204 anchors")],
)
def test_one_and_more(number: int, words: str) -> None:
    assert counted(number, "anchor") == words
    assert counted(number, "entry is", "entries are").endswith("entry is" if number == 1 else "entries are")
