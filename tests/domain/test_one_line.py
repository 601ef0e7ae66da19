"""What can be seen, and nothing else, on one line."""

import pytest

from cts.domain.case_files import clean_name
from cts.domain.one_line import one_line

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
UNSEEN = TURNING + "\u200b\u2060\ufeff\u00ad\ud800\U000e0041"
CONTROLS = "\x00\x07\x1b\x7f\x9f"


@pytest.mark.parametrize("character", UNSEEN)
def test_what_cannot_be_seen_is_taken_away(character: str) -> None:
    assert one_line(f"Lopez,{character} Ana{character}") == "Lopez, Ana"
    assert not one_line(character)
    assert clean_name(f"a{character}b.pdf", "pdf") == "ab.pdf"


@pytest.mark.parametrize("control", CONTROLS)
def test_a_control_stands_for_a_space(control: str) -> None:
    assert one_line(f"Lopez,{control}Ana{control}") == "Lopez, Ana"
    assert clean_name(f"a{control}b.pdf", "pdf") == "a b.pdf"


@pytest.mark.parametrize(
    "text",
    [
        "Đào Thị",
        "محمد",
        "שלום",
        "می\u200cخواهم",
        "ភាសាខ្មែរ",
        "👩\u200d👩\u200d👧",
        "王小明",
        "e\u0301",
        "O'Neil-Díaz Jr.",
    ],
)
def test_what_people_are_called_stays(text: str) -> None:
    assert one_line(text) == text


def test_lines_and_spaces_become_one_space() -> None:
    assert one_line("  Lopez,\r\n\tAna\u2028\u2029\x85 B\u00a0C ") == "Lopez, Ana B C"
