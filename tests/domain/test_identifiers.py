"""CWS/CMS keys: the three known pairs, every way of writing one, every refusal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cts.domain import identifiers

KNOWN_PAIRS = [
    ("5Y3vKVs0X5", "0315-2076-8676-8002051"),
    ("AfiTGrO0ND", "0606-2209-3706-2001439"),
    ("0YIPkZU0S0", "0031-4206-2756-0001736"),
]
BASE62 = st.text(alphabet=identifiers.ALPHABET, min_size=10, max_size=10)
KEYS = st.builds(
    lambda time, staff: f"{time:013d}{staff:06d}",
    st.integers(0, 3521614606207),
    st.integers(0, 238327),
)


@pytest.mark.parametrize(("ten", "shown"), KNOWN_PAIRS)
def test_known_pairs_are_one_key(ten: str, shown: str) -> None:
    stored = shown.replace("-", "")
    assert identifiers.parse_key(ten) == stored
    assert identifiers.parse_key(shown) == stored
    assert identifiers.key_to_base62(shown) == ten
    assert identifiers.show_referral_number(ten) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "0315207686768002051",
        "0315-2076-8676-8002051",
        "0315-207-6867-68002051",
        " 0315 2076 8676 8002051 ",
        "03-15-20 76 86768002051",
        "0315\u20132076\u20118676\u00a08002051",
        "0315-2076-8676-8002051\n",
    ],
)
def test_any_grouping_is_accepted(typed: str) -> None:
    assert identifiers.parse_key(typed) == "0315207686768002051"


def test_a_case_number_is_shown_four_three_four_eight() -> None:
    assert identifiers.show_case_number("0315207686768002051") == "0315-207-6867-68002051"


def test_the_highest_key_is_accepted() -> None:
    assert identifiers.parse_key("3521614606207238327") == identifiers.parse_key("zzzzzzzzzz")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("031520768676800205", "18 digits and must have 19"),
        ("03152076867680020511", "20 digits and must have 19"),
        ("2760-3761-4095-7777777", "not a number that CWS/CMS gives out"),
        ("3521614606208000000", "not a number that CWS/CMS gives out"),
        ("3521614606207238328", "not a number that CWS/CMS gives out"),
        ("0315-2076-8676-800205A", "not a CWS/CMS number"),
        ("5Y3vKVs0X", "not a CWS/CMS number"),
        ("5Y3vKVs0X55", "not a CWS/CMS number"),
        ("5Y3vK-s0X5", "not a CWS/CMS number"),
        ("\u0660315207686768002051", "not a CWS/CMS number"),
        ("0315.2076.8676.8002051", "not a CWS/CMS number"),
        ("", "is empty"),
        ("   ", "is empty"),
        ("3.17544E+18", "last digits are lost"),
    ],
)
def test_what_is_not_a_key_is_refused_with_a_sentence(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("+", r"\+")):
        identifiers.parse_key(typed)


@settings(deadline=None)
@given(BASE62)
def test_base62_round_trip(ten: str) -> None:
    assert identifiers.key_to_base62(identifiers.parse_key(ten)) == ten


@settings(deadline=None)
@given(KEYS)
def test_every_shown_form_reads_back(key: str) -> None:
    assert identifiers.parse_key(identifiers.show_referral_number(key)) == key
    assert identifiers.parse_key(identifiers.show_case_number(key)) == key
    assert identifiers.parse_key(identifiers.key_to_base62(key)) == key


@settings(deadline=None)
@given(KEYS, st.lists(st.tuples(st.integers(0, 19), st.sampled_from("- \u2013\u00a0")), max_size=6))
def test_separators_anywhere_do_not_matter(key: str, separators: list[tuple[int, str]]) -> None:
    typed = key
    for place, separator in separators:
        typed = typed[:place] + separator + typed[place:]
    assert identifiers.parse_key(typed) == key


@settings(deadline=None)
@given(st.text())
def test_anything_else_is_refused_and_never_crashes(typed: str) -> None:
    try:
        key = identifiers.parse_key(typed)
    except ValueError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert len(key) == 19 and key.isascii() and key.isdigit()


@pytest.mark.parametrize("typed", ["bmj", "KJq", "2cB", " zz9 "])
def test_staff_ids(typed: str) -> None:
    assert identifiers.parse_staff_id(typed) == typed.strip()


@pytest.mark.parametrize("typed", ["", "ab", "abcd", "a-b", "ñab", "12.0"])
def test_bad_staff_ids(typed: str) -> None:
    with pytest.raises(ValueError, match="exactly 3"):
        identifiers.parse_staff_id(typed)
