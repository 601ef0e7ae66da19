"""The rules of one line of an extract, whatever file it came from."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cts.domain import extract

GOOD: dict[str, extract.Value] = {
    **dict.fromkeys(extract.COLUMN_NAMES),
    "extract_date": date(2026, 11, 3),
    "client_id": "0315207686768002051",
    "last_name": "Martin",
    "first_name": "Ana",
    "birth_date": date(2011, 5, 1),
    "csec_type_code": "6867",
    "csec_start_date": date(2026, 1, 2),
    "lead_agency": "DCFS",
    "worker_id": "bmj",
    "worker_name": "Ellis, Brandon",
    "office_code": "1911A",
    "referral_id": "0606220937062001439",
}


def problems(**changes: extract.Value) -> list[tuple[str, str]]:
    return extract.problems_of({**GOOD, **changes})


def test_a_good_line_has_no_problem() -> None:
    assert problems() == []
    line = extract.line_of(7, GOOD)
    assert (line.line_number, line.first_name, line.suffix) == (7, "Ana", None)


@pytest.mark.parametrize("name", extract.REQUIRED_COLUMNS)
def test_each_required_column(name: str) -> None:
    assert (name, extract.EMPTY) in problems(**{name: None})


def test_the_required_columns_are_those_of_the_description() -> None:
    assert set(extract.REQUIRED_COLUMNS) == {
        "extract_date",
        "client_id",
        "last_name",
        "first_name",
        "birth_date",
        "csec_type_code",
        "csec_start_date",
        "lead_agency",
        "worker_id",
        "worker_name",
        "office_code",
    }


def test_a_referral_or_a_case_is_enough_and_one_is_needed() -> None:
    assert problems(referral_id=None, case_id="0031420627560001736") == []
    assert problems(referral_id=None) == [("referral_id", extract.NO_EPISODE)]


def test_a_referral_number_that_cannot_be_read_is_not_also_called_missing() -> None:
    values = {name: value for name, value in GOOD.items() if name != "referral_id"}
    assert extract.problems_of(values) == []


def test_grid_dates() -> None:
    birth = date(2011, 5, 1)
    assert problems(csec_start_date=birth) == []
    assert problems(csec_start_date=date(2011, 4, 30)) == [
        ("csec_start_date", "The grid row starts before the youth was born.")
    ]
    assert problems(csec_end_date=date(2026, 1, 2)) == []
    assert problems(csec_end_date=date(2026, 1, 1)) == [("csec_end_date", "The grid row ends before it starts.")]


def test_absent_from_placement_needs_an_end() -> None:
    assert problems(csec_type_code="6871", csec_end_date=date(2026, 2, 1)) == []
    assert [name for name, _ in problems(csec_type_code="6871")] == ["csec_end_date"]


@pytest.mark.parametrize(
    "name",
    [
        "birth_date",
        "csec_start_date",
        "csec_end_date",
        "project_start_date",
        "project_end_date",
        "referral_date",
        "case_start_date",
        "case_end_date",
    ],
)
def test_no_date_after_the_day_after_the_extract(name: str) -> None:
    wrong = [column for column, sentence in problems(**{name: date(2026, 11, 5)}) if "later than" in sentence]
    assert wrong == [name]
    assert not any("later than" in sentence for _, sentence in problems(**{name: date(2026, 11, 4)}))


def test_problems_stand_in_the_order_of_the_columns() -> None:
    found = problems(office_code=None, last_name=None, csec_end_date=date(2020, 1, 1))
    assert [name for name, _ in found] == ["last_name", "csec_end_date", "office_code"]


@pytest.mark.parametrize(
    ("column", "text", "sentence"),
    [
        ("last_name", "A" * 25, ""),
        ("last_name", "A" * 26, "This has 26 letters; at most 25 are allowed."),
        ("last_name", '=HYPERLINK("http://x.example","Reed")', ""),
        ("last_name", "-" * 51, "This has 51 characters; at most 50 are allowed."),
        ("first_name", "A" * 21, "This has 21 letters; at most 20 are allowed."),
        ("first_name", "<img src=x onerror=alert(1)>", ""),
        ("middle_name", "A" * 21, "This has 21 letters; at most 20 are allowed."),
        ("suffix", "Jr", ""),
        ("suffix", "J-r-.", "This has 5 characters; at most 4 are allowed."),
    ],
)
def test_lengths(column: str, text: str, sentence: str) -> None:
    described = next(c for c in extract.COLUMNS if c.name == column)
    assert extract.why_too_long(described, text) == sentence


def test_an_episode_is_a_youth_with_a_referral_or_else_a_case() -> None:
    assert extract.episode_key("1", "2", "3") == extract.episode_key("1", "2", None)
    assert extract.episode_key("1", None, "2") != extract.episode_key("1", "2", None)
    assert extract.episode_key("1", None, "3") != extract.episode_key("2", None, "3")


def test_lines_of_one_episode_may_differ_in_the_grid_only() -> None:
    other = {**GOOD, "csec_type_code": "6870", "csec_start_date": date(2026, 3, 1), "csec_end_date": date(2026, 4, 1)}
    assert extract.columns_that_differ([GOOD, other]) == []
    assert extract.columns_that_differ([GOOD, {**other, "first_name": "Someone-Else"}]) == ["first_name"]


END, CASE, PROJECT = date(2026, 11, 3), "0031420627560001736", "Sexually Exploited Child - CSEC"


@pytest.mark.parametrize(
    ("disposition", "end", "ended"),
    [("Unfounded", END, True), ("Unfounded", None, False), ("Inconclusive", END, False), (None, END, False)],
)
def test_a_flag_ends_services_only_when_unfounded(disposition: str | None, end: date | None, ended: bool) -> None:
    assert extract.flag_ended_as_unfounded(disposition, end) is ended


@pytest.mark.parametrize(
    ("disposition", "case", "project", "end", "missing"),
    [
        ("Substantiated", CASE, PROJECT, END, True),
        ("Substantiated", CASE, None, None, True),
        ("Substantiated", CASE, PROJECT, None, False),
        ("Substantiated", None, PROJECT, END, False),
        ("Unfounded", CASE, PROJECT, END, False),
    ],
)
def test_a_case_without_its_flag(
    disposition: str, case: str | None, project: str | None, end: date | None, missing: bool
) -> None:
    assert extract.flag_missing_on_case(disposition, case, project, end) is missing


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(extract.COLUMN_NAMES), st.none() | st.text(max_size=3) | st.dates()))
def test_no_combination_of_values_crashes_the_rules(values: dict[str, extract.Value]) -> None:
    for name, sentence in extract.problems_of(values):
        assert name in extract.COLUMN_NAMES
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("gone", "listed", "partial"),
    [(0, 0, False), (9, 9, False), (10, 39, True), (10, 40, False), (3, 270, False), (231, 260, True)],
)
def test_an_extract_without_many_that_were_listed_may_be_cut_short(gone: int, listed: int, partial: bool) -> None:
    assert extract.looks_partial(gone, listed) is partial
