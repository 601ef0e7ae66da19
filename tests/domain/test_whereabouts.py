"""One update in words: the same on screen and on paper."""

from datetime import date

import pytest

from cts.domain.whereabouts import Update, UpdateStatus, duties_in

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("update", "words"),
    [
        (Update(DAY, UpdateStatus.MISC, "She called."), ()),
        (
            Update(DAY, UpdateStatus.AWOL, "", "26-1234", "77", DAY),
            ("Law enforcement report # 26-1234", "NCMEC # 77", "Attorney notified on 11/02/2026"),
        ),
        (Update(DAY, UpdateStatus.AWOL, ncmec_number="77"), ("NCMEC # 77",)),
        (Update(DAY, UpdateStatus.RETURNED, interview_done=True), ("Return interview done",)),
        (Update(DAY, UpdateStatus.RETURNED, interview_done=False), ("Return interview not done yet",)),
    ],
)
def test_the_duties_of_an_update_in_words(update: Update, words: tuple[str, ...]) -> None:
    assert duties_in(update) == words
