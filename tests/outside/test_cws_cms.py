"""The adapter of the CWS/CMS file: everything a good and a bad file does."""

import csv
import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.extract import COLUMN_NAMES, ExtractLine, Refusal
from cts.outside.cws_cms import NotAnExtract, columns_in, read_extract, typed_lines

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


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    rows = [good_cells(referral_name='one\r\n"two"\nthree'), good_cells(sex="X"), good_cells()]
    path = write(tmp_path / "x.csv", *rows)
    assert [item.line_number for item in read_extract(path)] == [2, 5, 6]


def test_empty_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", good_cells(), good_cells())
    heading, one, two = path.read_text().splitlines()
    path.write_text("\n".join([heading, "", one, "," * 41, "   ", two, "", ""]))
    assert [item.line_number for item in read_extract(path)] == [3, 6]


def test_a_stray_quotation_mark_costs_one_line(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", *[good_cells(case_name="Price Erika")] * 300)
    lines = path.read_text().splitlines()
    lines[4] = lines[4][:-1] + '"N'
    lines[9] = lines[9].replace("Price Erika", '"Price" Erika')
    path.write_text("\n".join(lines))
    assert [(number, problem.split()[-2:]) for number, _, problem, _ in refusals_of(path)] == [
        (5, ["never", "closed."]),
        (10, ["remove", "it."]),
    ]
    assert len(lines_of(path)) == 298


def test_a_cut_off_line_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", good_cells(), good_cells())
    path.write_text(path.read_text()[:-60])
    [(number, column, problem, _)] = refusals_of(path)
    assert (number, column) == (3, "")
    assert "and the heading has 42" in problem


def test_a_line_without_end_does_not_fill_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", good_cells(), good_cells(referral_name="x" * 3_000_000), good_cells())
    [(number, _, problem, value)] = refusals_of(path)
    assert number == 3
    assert "longer than 100,000" in problem
    assert len(value) == 200
    assert [line.line_number for line in lines_of(path)] == [2, 4]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello\n", "none of the extract's headings"),
        (b"\x89PNG\0\r\n\x1a\n\0\0\0", "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old workbook", "old .xls"),
        (b"PK\x03\x04 not a workbook at all", "damaged"),
        (b"client_id,last_name\n", "birth_date"),
        (b"client_id,Client Id\n", "client_id twice"),
        (b'"client_id,last_name\n', "cannot be read|none of"),
    ],
)
def test_what_is_not_an_extract(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(NotAnExtract, match=words) as refused:
        read_extract(path)
    assert str(refused.value).endswith(".")


def test_every_missing_column_is_named_at_once(tmp_path: Path) -> None:
    cells = good_cells()
    for name in ("birth_date", "worker_id", "referral_id", "case_id"):
        del cells[name]
    with pytest.raises(NotAnExtract, match="birth_date, worker_id, referral_id or case_id"):
        read_extract(write(tmp_path / "x.csv", cells))


def test_a_file_may_lack_columns_that_are_not_required(tmp_path: Path) -> None:
    cells = good_cells()
    del cells["sensitivity"], cells["case_id"]
    path = write(tmp_path / "x.csv", cells)
    assert lines_of(path)[0].sensitivity is None
    assert columns_in(path) == frozenset(COLUMN_NAMES) - {"sensitivity", "case_id"}


def test_the_lines_as_they_were_typed() -> None:
    typed = dict(typed_lines(MESSY, {4, 33, 44}))
    assert list(typed) == [4, 33, 44]
    assert typed[4]["Birth Date"] == "02/30/2011"
    assert typed[33]["Referral Name"] == "Line one\nline two"
    assert typed[44]["Last Name"] == "Franklin                 "


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    told: list[float] = []
    for _ in read_extract(write(tmp_path / "x.csv", *[good_cells()] * 5000), told.append):
        pass
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] <= 1


VALUES = st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=60)


@given(VALUES, st.sampled_from(",;\t"))
def test_any_text_comes_back_as_typed(tmp_path_factory: pytest.TempPathFactory, typed: str, delimiter: str) -> None:
    path = write(tmp_path_factory.mktemp("x") / "x.csv", good_cells(referral_name=typed), delimiter=delimiter)
    [line] = lines_of(path)
    seen = typed.strip()
    blank = seen.lower() == "[null]" or not any(character.isprintable() for character in seen)
    assert line.referral_name == (None if blank else seen)


def workbook(path: Path, rows: list[dict[str, object]], before: str = "") -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        if before:
            book.add_worksheet(before).write_string(0, 0, "Nothing here")
        sheet = book.add_worksheet("Extract")
        as_date = book.add_format({"num_format": "mm/dd/yyyy"})
        for column, name in enumerate(rows[0]):
            sheet.write_string(0, column, name.replace("_", " ").title())
            for number, row in enumerate(rows, start=1):
                value = row[name]
                if isinstance(value, datetime.date):
                    sheet.write_datetime(number, column, value, as_date)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
    return path


def test_the_sample_as_a_workbook_reads_the_same(tmp_path: Path) -> None:
    with FIRST.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, object]] = [
            {
                name: datetime.date.fromisoformat(text) if name.endswith("_date") and text else text or None
                for name, text in row.items()
            }
            for row in csv.DictReader(file)
        ]
    assert list(read_extract(workbook(tmp_path / "x.xlsx", rows, before="Cover"))) == list(read_extract(FIRST))


def test_numbers_of_a_workbook(tmp_path: Path) -> None:
    cells: dict[str, object] = {**good_cells(), "csec_type_code": 6867, "state_id": 1486729, "case_id": None}
    lost = {**cells, "client_id": 3272258133803231805, "referral_id": 3405275898554033373}
    path = workbook(tmp_path / "x.xlsx", [cells, lost])
    [line] = lines_of(path)
    assert (line.csec_type_code, line.state_id) == ("6867", "1486729")
    found = refusals_of(path)
    assert [(number, column, value) for number, column, _, value in found] == [
        (3, "client_id", "3.27226E+18"),
        (3, "referral_id", "3.40528E+18"),
    ]
    assert all("last digits are lost" in problem for _, _, problem, _ in found)


def test_a_workbook_without_the_headings(tmp_path: Path) -> None:
    with pytest.raises(NotAnExtract, match="No sheet"):
        read_extract(workbook(tmp_path / "x.xlsx", [{"something": "else"}]))
