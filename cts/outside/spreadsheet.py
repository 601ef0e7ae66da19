"""A table as an Excel file (.xlsx). What was typed stays text: nothing in a cell becomes a formula, a link or a number (platform.md 20)."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cts.domain.sheet import Cell, Sheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
"""Characters; Excel takes no more."""
_WIDEST, _NARROWEST = 42, 9
_DAY = "mm/dd/yyyy"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": _DAY,
}


def render_xlsx(sheet: Sheet, confidentiality: str, made_at: datetime) -> bytes:
    """One worksheet: title, confidentiality and notes, then headings and rows. `made_at` is the office's clock."""
    from xlsxwriter import Workbook  # takes long to import; only an export needs it

    file = BytesIO()
    book = Workbook(file, _OPTIONS)
    book.set_properties({"title": sheet.title, "company": "CTS", "created": made_at.replace(tzinfo=None)})
    page = book.add_worksheet("List")
    above = (confidentiality, *sheet.note)
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    for number, sentence in enumerate(above, 1):
        page.write_string(number, 0, sentence[:LONGEST_CELL], book.add_format({"italic": number == 1}))
    first = len(above) + 2
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E9F1F5", "bottom": 1})
    for column, heading in enumerate(sheet.headings):
        page.write_string(first, column, heading, head)
    formats = {
        "text": book.add_format({"valign": "top", "text_wrap": True}),
        "plain": book.add_format({"valign": "top"}),
    }
    formats["day"] = book.add_format({"valign": "top", "num_format": _DAY, "align": "left"})
    for number, row in enumerate(sheet.rows, first + 1):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, formats)
    _lay_out(page, sheet, first, confidentiality)
    book.close()
    return file.getvalue()


def _write(page: "Worksheet", row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(row, column, cell[:LONGEST_CELL], formats["text"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats["day"])  # noqa: DTZ001 - a day
    else:
        page.write_number(row, column, cell, formats["plain"])


def _lay_out(page: "Worksheet", sheet: Sheet, first: int, confidentiality: str) -> None:
    """Widths by what stands in the columns; headings stay in sight and are printed on every page."""
    for column, heading in enumerate(sheet.headings):
        longest = max([len(_shown(row[column])) for row in sheet.rows] + [len(heading) * 2 // 3], default=0)
        page.set_column(column, column, min(_WIDEST, max(_NARROWEST, longest + 2)))
    page.freeze_panes(first + 1, 0)
    if sheet.rows:
        page.autofilter(first, 0, first + len(sheet.rows), len(sheet.headings) - 1)
    page.repeat_rows(first)
    page.set_landscape()
    page.set_paper(1)  # US Letter
    page.fit_to_pages(1, 0)
    # An ampersand begins a command in the foot of a page.
    page.set_footer("&L" + confidentiality.partition(":")[0].replace("&", "&&") + "&RPage &P of &N")


def _shown(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, (int, Decimal)) else str(cell or "")
