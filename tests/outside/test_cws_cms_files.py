"""The adapter of the CWS/CMS file: line numbers, damaged files, what is no extract, workbooks."""

import csv
import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cts.domain.extract import COLUMN_NAMES
from cts.domain.one_line import without_unseen
from cts.outside.cws_cms import NotAnExtract, columns_in, read_extract, typed_lines
from tests.outside.test_cws_cms import FIRST, MESSY, good_cells, lines_of, refusals_of, write


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


@settings(deadline=None)
@given(VALUES, st.sampled_from(",;\t"))
def test_any_text_comes_back_as_typed_but_for_what_cannot_be_seen(
    tmp_path_factory: pytest.TempPathFactory, typed: str, delimiter: str
) -> None:
    path = write(
        tmp_path_factory.mktemp("x") / "x.csv", good_cells(referral_name=typed), delimiter=delimiter, end="\r\n"
    )
    [line] = lines_of(path)
    seen = without_unseen(typed.strip()).strip()
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
