"""Tables on paper: headings repeated on every page, long cells wrapped, amounts set to the right, a line of totals."""

from collections.abc import Sequence
from dataclasses import replace

from cts.outside.pdf_document import PrintedTable
from cts.outside.pdf_paper import INK, MARGIN, MUTED, RULE, TEAL, TINT, Line, Paper, Style
from cts.outside.pdf_text import DASH

TABLE_TITLE = Style(9, 13, INK, bold=True)
TABLE_HEAD = Style(7.8, 10.4, TEAL, bold=True)
CELL = Style(8.6, 11.2, INK)
TOTAL = Style(8.6, 11.2, INK, bold=True)
NONE = Style(8.6, 11.2, MUTED)
_PADDING = 4.0
_BETWEEN = 2 * _PADDING
_INDENT = 24.0
_WIDEST_WISH = 600.0  # a cell longer than this wants no more room than others as long
_WIDEST_WORD, _WIDEST_ACROSS = (
    90.0,
    112.0,
)  # a longer word is cut rather than given a column of its own; on landscape paper
_NARROWEST_WORD = 30.0  # where even this is too much for all columns, all of them are narrowed alike

Cells = list[list[Line]]


class TablePaper(Paper):
    """Paper that can print a table."""

    def rows_under_headings(self, table: PrintedTable) -> None:
        """Title, headings, rows and totals; a table without rows says so."""
        self.need(80)
        if table.title:
            title = self.lines(table.title, self.epw, TABLE_TITLE)
            self.set_y(self.put_all(title, MARGIN, self.y + 4, self.epw) + 2)
        if not table.rows:
            self.set_y(self.put_all(self.lines(table.none, self.epw, NONE), MARGIN, self.y, self.epw) + 6)
            return
        widths = self._widths_of(table)
        head = self._cells_of(table, table.headings, widths, TABLE_HEAD)
        self.need(height_of(head) + 40)
        self._head(head, widths)
        for number, row in enumerate(table.rows):
            below = table.beneath[number] if number < len(table.beneath) else ""
            cells = self._cells_of(table, row, widths, CELL)
            self._row_of(cells, head, widths, self.lines(below, self.epw - _INDENT, CELL) if below else [])
        if table.totals:
            self._totals(self._cells_of(table, table.totals, widths, TOTAL), head, widths)
        self.set_y(self.y + 6)

    def _cells_of(self, table: PrintedTable, texts: Sequence[str], widths: Sequence[float], style: Style) -> Cells:
        cells = []
        for number, width in enumerate(widths):
            text = texts[number] if number < len(texts) else ""
            blank = "" if style is TOTAL else DASH
            lines = self.lines(text if text.strip() else blank, width - _BETWEEN, style)
            right = number in table.amounts
            cells.append([replace(line, flush_right=True) for line in lines] if right else lines)
        return cells

    def _widths_of(self, table: PrintedTable) -> list[float]:
        """Each column holds its longest word where that is possible; the rest is shared out by the longest texts."""
        needed, wishes = [], []
        for number, heading in enumerate(table.headings):
            cells = [row[number] for row in (*table.rows, table.totals) if number < len(row)]
            words = [(word, CELL) for cell in cells for word in cell[:2000].split()]
            words += [(word, TABLE_HEAD) for word in heading.split()]
            word = max((self.width_of(text, style) for text, style in words), default=0.0)
            parts = [self.width_of(part, CELL) for cell in cells for part in cell[:400].split("\n")]
            longest = max([self.width_of(heading, TABLE_HEAD), *parts])
            needed.append(word)
            wishes.append(min(longest, _WIDEST_WISH) + _BETWEEN + 4)
        least = self._least(needed)
        wishes = [max(low, wish) for low, wish in zip(least, wishes, strict=True)]
        spare = self.epw - sum(least)
        if spare <= 0 or sum(wishes) <= self.epw:
            shares = least if spare <= 0 else wishes
            return [float(self.epw * share / sum(shares)) for share in shares]
        more = [wish - low for wish, low in zip(wishes, least, strict=True)]
        return [float(low + spare * extra / sum(more)) for low, extra in zip(least, more, strict=True)]

    def _least(self, needed: Sequence[float]) -> list[float]:
        """Room for the longest word of each column. Where there is not enough, the longest are cut first: days and names stay whole."""
        widest = _WIDEST_ACROSS if self.document.landscape else _WIDEST_WORD
        while True:
            least = [min(word, widest) + _BETWEEN + 4 for word in needed]
            if sum(least) <= self.epw or widest <= _NARROWEST_WORD:
                return least
            widest -= 1

    def _head(self, head: Cells, widths: Sequence[float]) -> None:
        height = height_of(head) + 6
        self.set_fill_color(*TINT)
        self.rect(MARGIN, self.y, self.epw, height, style="F")
        self._put_cells(head, widths, self.y + 3)
        self.set_y(self.y + height)

    def _put_cells(self, cells: Cells, widths: Sequence[float], y: float) -> None:
        top, x = self.y, MARGIN
        for lines, width in zip(cells, widths, strict=True):
            self.put_all(lines, x + _PADDING, y, width - _BETWEEN)
            x += width
        self.set_y(top)

    def _row_of(self, cells: Cells, head: Cells, widths: Sequence[float], below: Sequence[Line]) -> None:
        """A row stays whole when a page can hold it, else it is continued under the same headings; so is the text below it."""
        while True:
            height = height_of(cells) + height_of([below]) + 6
            whole_page = self.h - 2 * MARGIN - height_of(head) - 120
            if height > self.room and (height <= whole_page or self.room < 60):
                self._next_page(head, widths)
            fitting = max(1, int((self.room - 6) // CELL.height))
            now = [lines[:fitting] for lines in cells]
            self._put_cells(now, widths, self.y + 3)
            self.set_y(self.y + height_of(now) + 3)
            cells = [lines[fitting:] for lines in cells]
            if not any(cells):
                break
            self._end_row()
            self._next_page(head, widths)
        for line in below:
            if line.style.height + 3 > self.room:
                self._end_row()
                self._next_page(head, widths)
            y = self.y
            self.put(line, MARGIN + _INDENT - _PADDING, y, self.epw - _INDENT)
            self.set_y(y + line.style.height)
        self._end_row()

    def _end_row(self) -> None:
        self.set_y(self.y + 3)
        self.rule(self.y, RULE, 0.4)

    def _totals(self, cells: Cells, head: Cells, widths: Sequence[float]) -> None:
        height = height_of(cells) + 6
        if height > self.room:
            self._next_page(head, widths)
        self.rule(self.y, TEAL, 0.8)
        self._put_cells(cells, widths, self.y + 3)
        self.set_y(self.y + height)
        self.rule(self.y, RULE, 0.4)

    def _next_page(self, head: Cells, widths: Sequence[float]) -> None:
        self.add_page()
        self._head(head, widths)


def height_of(columns: Sequence[Sequence[Line]]) -> float:
    """The height of columns of lines that stand beside each other, in points."""
    return max((sum(line.style.height for line in lines) for lines in columns), default=0.0)
