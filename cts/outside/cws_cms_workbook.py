"""An .xlsx workbook as headings and numbered records of text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from cts.domain.extract import COLUMN_NAMES
from cts.outside.cws_cms_table import NotAnExtract, Record, Table, column_name, reject_bomb, wrong_width

MOST_UNPACKED_BYTES = 4 << 30
# Excel keeps 15 digits of a number; a longer one has lost its end.
_FIRST_NUMBER_WITHOUT_ITS_DIGITS = 10**15


def read_workbook(path: Path) -> Table:
    """Open the first sheet whose first row has headings of the extract. Raises NotAnExtract."""
    reject_bomb(path, MOST_UNPACKED_BYTES)
    file = path.open("rb")  # by its path, openpyxl would ask for a name that ends in .xlsx, and an upload has none
    try:
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, OSError, SyntaxError, zipfile.BadZipFile):
        file.close()
        raise NotAnExtract("This is not an Excel workbook that can be opened. Save it as .xlsx or .csv.") from None

    def close() -> None:
        workbook.close()
        file.close()

    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        rows = sheet.iter_rows(values_only=True)
        headings = [_text(cell) for cell in next(rows, ())]
        while headings and not headings[-1].strip():
            headings.pop()
        if any(column_name(heading) in COLUMN_NAMES for heading in headings):
            counted = _Counted(rows, len(headings), sheet.max_row or 0)
            return Table(headings, counted.records(), counted.fraction_read, close)
    close()
    raise NotAnExtract("No sheet of this workbook has the headings of a CWS/CMS extract in its first row.")


class _Counted:
    """The rows under the heading, and how far they have been read."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], width: int, expected_rows: int) -> None:
        self.rows = rows
        self.width = width
        self.expected_rows = expected_rows
        self.row_number = 1

    def fraction_read(self) -> float:
        """Return the fraction of the sheet read; 0 when the sheet does not say how long it is."""
        return min(self.row_number / self.expected_rows, 1.0) if self.expected_rows else 0.0

    def records(self) -> Iterator[Record]:
        """Yield a record for each row that has any value; the line number is the row number of the sheet."""
        for number, row in enumerate(self.rows, start=2):
            self.row_number = number
            cells = [_text(cell) for cell in row]
            if not any(cell.strip() for cell in cells):
                continue
            cells += [""] * (self.width - len(cells))
            problem = ""
            if any(cell.strip() for cell in cells[self.width :]):
                problem = wrong_width(len(cells), self.width)
            yield Record(number, cells, problem)


def _text(cell: Any) -> str:
    """Return a cell as text: a date as 2026-11-30, and a number that lost its digits as Excel shows it, 3.17544E+18."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        if abs(cell) >= _FIRST_NUMBER_WITHOUT_ITS_DIGITS:
            return f"{cell:.5E}"
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return str(cell)
