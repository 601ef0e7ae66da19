"""The adapter of the CWS/CMS file: everything a good and a bad file does."""

import csv
import datetime
from pathlib import Path

import pytest

from cts.domain.extract import COLUMN_NAMES, ExtractLine, Refusal
from cts.outside.cws_cms import read_extract

DEMO = Path(__file__).parents[2] / "db" / "demo"
FIRST, MESSY = DEMO / "cws_cms_2026-11-02.csv", DEMO / "cws_cms_messy.csv"
NOT_A_DATE = "This is not a date. Write it as 2026-11-30 or 11/30/2026."
LATE = "The date is later than the day after the extract, 2026-11-03."

# Written by hand from the description of the wrong lines: (line of the file, column, problem, value).
WRONG_IN_MESSY = [
    (4, "birth_date", NOT_A_DATE, "02/30/2011"),
    (7, "csec_start_date", "The grid row starts before the youth was born.", "01/01/1999"),
    (9, "csec_end_date", "The grid row ends before it starts.", "01/01/2019"),
    (11, "csec_end_date", "Type 6871, Victim while Absent from Placement, needs an end date.", ""),
    (13, "csec_type_code", "This is not a type of the CSEC Data Grid. The types are 6867 to 6872.", "9999"),
    (
        15,
        "client_id",
        "This is not a number that CWS/CMS gives out. Check each digit against CWS/CMS.",
        "2760-3761-4095-7777777",
    ),
    (17, "client_id", "This is required and is empty.", ""),
    (19, "last_name", "This is required and is empty.", ""),
    (21, "worker_id", "This is required and is empty.", ""),
    (31, "last_name", "This has 60 letters; at most 25 are allowed.", "A" * 60),
]


def lines_of(path: Path) -> list[ExtractLine]:
    return [line for line in read_extract(path) if isinstance(line, ExtractLine)]


def refusals_of(path: Path) -> list[tuple[int, str, str, str]]:
    return [
        (wrong.line_number, wrong.column, wrong.problem, wrong.value)
        for wrong in read_extract(path)
        if isinstance(wrong, Refusal)
    ]


def good_cells(**changes: str) -> dict[str, str]:
    with FIRST.open(encoding="utf-8", newline="") as file:
        return {**next(csv.DictReader(file)), **changes}


def write(path: Path, *rows: dict[str, str], encoding: str = "utf-8", delimiter: str = ",", end: str = "\n") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_messy_file_is_reported_line_by_line() -> None:
    assert refusals_of(MESSY) == WRONG_IN_MESSY


def test_the_good_lines_of_the_messy_file() -> None:
    lines = {line.line_number: line for line in lines_of(MESSY)}
    assert sorted(lines) == sorted(set(range(2, 45)) - {34} - {number for number, *_ in WRONG_IN_MESSY})
    assert lines[2].last_name == "Price"
    assert lines[2].middle_name is None
    assert lines[2].extract_date == datetime.date(2026, 11, 3)
    assert lines[23].office_code == "9999Z"
    assert lines[25].last_name == '=HYPERLINK("http://x.example","Reed")'
    assert lines[27].first_name == "<img src=x onerror=alert(1)>"
    assert (lines[29].last_name, lines[29].first_name) == ("Muñoz", "Zoë")
    assert lines[33].referral_name == "Line one\nline two"
    assert lines[36].sex == "F"
    assert lines[44].first_name == "Someone-Else"


def test_dates_after_the_extract_in_the_first_sample_are_refused() -> None:
    assert refusals_of(FIRST) == [
        (182, "csec_end_date", LATE, "2026-11-21"),
        (183, "csec_start_date", LATE, "2026-11-11"),
        (183, "csec_end_date", LATE, "2026-11-29"),
        (223, "csec_end_date", LATE, "2026-11-13"),
        (228, "csec_end_date", LATE, "2026-11-19"),
    ]
    assert len(lines_of(FIRST)) == 305 - 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    row = good_cells(first_name="Zoë", case_name="Muñoz, Ana; and one")
    [line] = lines_of(write(tmp_path / "x.csv", row, encoding=encoding, delimiter=delimiter, end=end))
    assert (line.first_name, line.case_name, line.line_number) == ("Zoë", "Muñoz, Ana; and one", 2)


def test_a_letter_of_windows_in_the_last_line_of_a_long_file(tmp_path: Path) -> None:
    rows = [good_cells(first_name="Ana")] * 5000 + [good_cells(first_name="Zoë")]
    assert lines_of(write(tmp_path / "x.csv", *rows, encoding="cp1252"))[-1].first_name == "Zoë"


def test_a_byte_that_is_no_letter_costs_its_line_only(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", good_cells(first_name="Z@e"), good_cells(first_name="Zoë"), encoding="cp1252")
    path.write_bytes(path.read_bytes().replace(b"Z@e", b"Z\x81e"))
    assert [(number, column) for number, column, *_ in refusals_of(path)] == [(2, "first_name")]
    assert [line.first_name for line in lines_of(path)] == ["Zoë"]


def test_headings_may_be_titles_in_any_order_with_others_between(tmp_path: Path) -> None:
    names = sorted(COLUMN_NAMES, reverse=True)
    titles = {name.replace("_", " ").title(): good_cells()[name] for name in names}
    [line] = lines_of(write(tmp_path / "x.csv", {"Note": "x", **titles, "Other": "y"}))
    [plain] = lines_of(write(tmp_path / "y.csv", good_cells()))
    assert line == plain


@pytest.mark.parametrize("typed", ["2011-04-06", "04/06/2011", "4/6/2011", " 2011-04-06 ", "2011-04-06 00:00:00"])
def test_ways_of_writing_a_date(tmp_path: Path, typed: str) -> None:
    [line] = lines_of(write(tmp_path / "x.csv", good_cells(birth_date=typed)))
    assert line.birth_date == datetime.date(2011, 4, 6)


@pytest.mark.parametrize(
    "typed", ["04/06/11", "06.04.2011", "2011-13-01", "31/12/2011", "40639", "yesterday", "٢٠١١-٠٤-٠٦"]
)
def test_what_is_not_a_date(tmp_path: Path, typed: str) -> None:
    assert refusals_of(write(tmp_path / "x.csv", good_cells(birth_date=typed))) == [
        (2, "birth_date", NOT_A_DATE, typed)
    ]


@pytest.mark.parametrize(
    ("column", "typed", "read"),
    [
        ("sex", "Female", "F"),
        ("sex", "m", "M"),
        ("sex", "[NULL]", None),
        ("lead_agency", "Probation", "PROB"),
        ("dual", "yes", "Y"),
        ("disposition", "SUBSTANTIATED", "Substantiated"),
        ("first_name", "  Ana  ", "Ana"),
        ("middle_name", "[null]", None),
        ("client_id", "5Y3vKVs0X5", "0315207686768002051"),
        ("case_id", "0315-207-6867-68002051", "0315207686768002051"),
    ],
)
def test_values_are_read(tmp_path: Path, column: str, typed: str, read: str | None) -> None:
    [line] = lines_of(write(tmp_path / "x.csv", good_cells(**{column: typed})))
    assert getattr(line, column) == read


@pytest.mark.parametrize(
    ("column", "typed", "words"),
    [
        ("sex", "X", "not one of the values"),
        ("awol_code", "Z", "not one of the values"),
        ("worker_id", "ab", "exactly 3"),
        ("worker_email", "a b@c.example", "not an e-mail"),
        ("worker_email", "a@b.example\nBcc: c@d.example", "not an e-mail"),
        ("client_id", "3.17544E+18", "last digits are lost"),
        ("client_id", "031520768676800205", "18 digits"),
        ("referral_id", "2760-3761-4095-7777777", "gives out"),
        ("first_name", "\u200b\u200b", "required"),
        ("first_name", "A\0na", "NUL"),
        ("referral_name", "x" * 61, "61 characters"),
    ],
)
def test_values_are_refused(tmp_path: Path, column: str, typed: str, words: str) -> None:
    [(number, name, problem, value)] = refusals_of(write(tmp_path / "x.csv", good_cells(**{column: typed})))
    assert (number, name) == (2, column)
    assert words in problem
    assert value == typed.strip().replace("\0", "␀")


def test_a_refusal_says_whose_line_it_is(tmp_path: Path) -> None:
    [wrong] = read_extract(write(tmp_path / "x.csv", good_cells(sex="X", client_id="5Y3vKVs0X5")))
    assert isinstance(wrong, Refusal)
    assert wrong.client_id == "0315207686768002051"
    assert wrong.referral_id == "3405275898554033373"


def test_several_wrong_things_of_a_line_are_all_said(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", good_cells(office_code="", last_name="", sex="X"))
    assert [column for _, column, *_ in refusals_of(path)] == ["last_name", "sex", "office_code"]
