"""The parts of a printed document: letterhead, sections of answers, tables, signatures, history."""

from collections.abc import Sequence
from itertools import zip_longest

from cts.outside.pdf_document import PrintedEntry, PrintedSection, PrintedSignature, PrintedTable
from cts.outside.pdf_paper import ASIDE, INK, MARGIN, MUTED, RULE, TEAL, TINT, Line, Paper, Style, draw_mark
from cts.outside.pdf_text import DASH

GAP = 20.0  # between the two columns
LABEL = Style(7.4, 9.6, MUTED)
VALUE = Style(9.6, 12.6, INK)
NAME = Style(10, 13, INK, bold=True)
SMALL = Style(8, 10.8, INK)
SECTION = Style(11, 15, TEAL, bold=True)
TABLE_TITLE = Style(9, 13, INK, bold=True)
TABLE_HEAD = Style(7.8, 10.4, TEAL, bold=True)
CELL = Style(8.6, 11.2, INK)
_SHORT = 2  # lines an answer may take in half the width before it gets the whole width


class Sheet(Paper):
    """A document being printed, from top to bottom."""

    # -- letterhead ------------------------------------------------------------------------------------------

    def start_document(self) -> None:
        """First page: mark and office, then title, assignment, status and version."""
        paper = self.document
        self.add_page()
        draw_mark(self, MARGIN, 34, 46)
        y = 36.0
        for number, text in enumerate(paper.letterhead):
            style = Style(10.5, 14.5, TEAL, bold=True) if number == 0 else Style(8.6, 11.6, MUTED)
            y = self.put_all(self.lines(text, self.epw - 230, style), MARGIN + 57, y, self.epw - 230)
        self._facts()
        y = max(y, 82.0) + 5
        self.rule(y, TEAL, 1.4)
        self.set_y(y + 9)
        title = self.lines(paper.title, self.epw, Style(18, 23, INK, bold=True))
        self.set_y(self.put_all(title, MARGIN, self.y, self.epw) + 2)

    def _facts(self) -> None:
        """Top right: assignment, status as a badge, version."""
        paper, right = self.document, self.w - MARGIN
        self.put(Line(f"Assignment {paper.assignment_number}", NAME, flush_right=True), right - 220, 35, 220)
        badge = Style(8, 13, (255, 255, 255), bold=True)
        width = min(self.width_of(paper.status, badge) + 14, 230)
        self.set_fill_color(*TEAL)
        self.rect(right - width, 51, width, 14, style="F", round_corners=True, corner_radius=4)
        self.put(Line(paper.status, badge), right - width + 7, 51.4, width - 7)
        self.put(Line(paper.version, Style(8, 11, MUTED), flush_right=True), right - 220, 69, 220)

    # -- sections --------------------------------------------------------------------------------------------

    def section(self, section: PrintedSection) -> None:
        """A heading, its answers in one or two columns, its tables. The heading stays with what follows."""
        rows = self._rows(section.entries)
        self._heading(section.title, min(_height(rows[0]), 60) if rows else 60)
        for row in rows:
            self._row(row)
        for table in section.tables:
            self._table(table)

    def _heading(self, title: str, following: float) -> None:
        lines = self.lines(title, self.epw, SECTION)
        self.need(len(lines) * SECTION.height + 20 + following)
        self.start_section(title)  # a bookmark; prints nothing
        y = self.put_all(lines, MARGIN, self.y + 9, self.epw)
        self.rule(y + 1, TEAL, 0.8)
        self.set_y(y + 5)

    def _rows(self, entries: Sequence[PrintedEntry]) -> list[list[list[Line]]]:
        """Answers side by side where both are short, alone on a row otherwise."""
        half = (self.epw - GAP) / 2
        rows: list[list[list[Line]]] = []
        waiting: PrintedEntry | None = None  # a short answer that the next one may stand beside
        for entry in entries:
            short = sum(line.style is VALUE for line in self._answer(entry, half)) <= _SHORT
            if short and waiting:
                rows[-1] = [self._answer(waiting, half), self._answer(entry, half)]
                waiting = None
            else:
                rows.append([self._answer(entry, self.epw)])
                waiting = entry if short else None
        return rows

    def _answer(self, entry: PrintedEntry, width: float) -> list[Line]:
        label = self.lines(entry.label, width, LABEL)
        last = label[-1]
        if entry.source:
            room = width - self.width_of(last.text, LABEL) - 5
            if self.width_of(entry.source, ASIDE) <= room:
                label[-1] = Line(last.text, last.style, aside=entry.source)
            else:
                label += self.lines(entry.source, width, ASIDE)
        return label + self.lines(entry.value if entry.value.strip() else DASH, width, VALUE)

    def _row(self, row: list[list[Line]]) -> None:
        """One or two answers; a long one runs on over as many pages as it needs."""
        height = _height(row)
        if len(row) == 2 or height < 120:
            self.need(height + 5)
        else:
            self.need(60)
        top, half = self.y, (self.epw - GAP) / 2
        if len(row) == 2:
            for number, lines in enumerate(row):
                self.put_all(lines, MARGIN + number * (half + GAP), top, half)
            self.set_y(top + height)
        else:
            self._run_on(row[0])
        self.set_y(self.y + 2)
        self.rule(self.y, RULE, 0.4)
        self.set_y(self.y + 3.4)

    def _run_on(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if line.style.height + 3 > self.room:
                self.add_page()
                if line.style is VALUE:
                    again = Line(lines[0].text, LABEL, aside="continued")
                    self.set_y(self.put_all([again], MARGIN, self.y, self.epw))
            y = self.y
            self.put(line, MARGIN, y, self.epw)
            self.set_y(y + line.style.height)

    # -- tables ----------------------------------------------------------------------------------------------

    def _table(self, table: PrintedTable) -> None:
        widths = self._widths_of(table)
        head = [self.lines(text, width - 8, TABLE_HEAD) for text, width in zip(table.headings, widths, strict=True)]
        self.need(_height(head) + 60)
        y = self.put_all(self.lines(table.title, self.epw, TABLE_TITLE), MARGIN, self.y + 4, self.epw)
        self.set_y(y + 2)
        self._table_head(head, widths)
        rows = table.rows or (tuple(DASH for _ in table.headings),)
        for row in rows:
            cells = [
                self.lines(text if text.strip() else DASH, width - 8, CELL)
                for text, width in zip_longest(row[: len(widths)], widths, fillvalue="")
                if isinstance(width, float)
            ]
            self._table_row(cells, head, widths)
        self.set_y(self.y + 6)

    def _widths_of(self, table: PrintedTable) -> list[float]:
        """Columns share the width by their longest text, none less than a fair minimum."""
        wishes = []
        for number, heading in enumerate(table.headings):
            texts = [row[number] for row in table.rows if number < len(row)]
            longest = max((self.width_of(part, CELL) for text in texts for part in text[:200].split("\n")), default=0)
            wishes.append(max(self.width_of(heading, TABLE_HEAD), min(longest, 240.0)) + 10)
        fair = self.epw / max(len(wishes), 1) * 0.45
        wishes = [max(wish, fair) for wish in wishes]
        return [float(self.epw * wish / sum(wishes)) for wish in wishes]

    def _table_head(self, head: list[list[Line]], widths: list[float]) -> None:
        height = _height(head) + 6
        self.set_fill_color(*TINT)
        self.rect(MARGIN, self.y, self.epw, height, style="F")
        self._cells(head, widths, self.y + 3)
        self.set_y(self.y + height)

    def _cells(self, cells: list[list[Line]], widths: list[float], y: float) -> None:
        top, x = self.y, MARGIN
        for lines, width in zip(cells, widths, strict=True):
            self.put_all(lines, x + 4, y, width - 8)
            x += width
        self.set_y(top)

    def _table_row(self, cells: list[list[Line]], head: list[list[Line]], widths: list[float]) -> None:
        """A row stays whole when a page can hold it, else it is continued under the same headings."""
        while True:
            height = _height(cells) + 6
            whole_page = self.h - 2 * MARGIN - _height(head) - 120
            if height > self.room and (height <= whole_page or self.room < 60):
                self.add_page()
                self._table_head(head, widths)
            fitting = max(1, int((self.room - 6) // CELL.height))
            now = [lines[:fitting] for lines in cells]
            self._cells(now, widths, self.y + 3)
            self.set_y(self.y + _height(now) + 6)
            self.rule(self.y, RULE, 0.4)
            cells = [lines[fitting:] for lines in cells]
            if not any(cells):
                return
            self.add_page()
            self._table_head(head, widths)

    # -- the end of the document -----------------------------------------------------------------------------

    def signatures(self, title: str, signatures: Sequence[PrintedSignature | str]) -> None:
        """Each signature, or that it is missing, in a frame; two beside each other."""
        half = (self.epw - GAP) / 2
        boxes = [self._signature(signature, half - 20) for signature in signatures]
        self._heading(title, _height(boxes[:2]) + 22)
        for first in range(0, len(boxes), 2):
            pair = boxes[first : first + 2]
            height = _height(pair) + 14
            self.need(height + 8)
            top = self.y + 3
            for number, lines in enumerate(pair):
                x = MARGIN + number * (half + GAP)
                self.set_fill_color(*TEAL)
                self.rect(x, top, 2.4, height, style="F")
                self.set_draw_color(*RULE)
                self.set_line_width(0.6)
                self.rect(x, top, half, height)
                self.put_all(lines, x + 11, top + 7, half - 20)
            self.set_y(top + height + 5)

    def _signature(self, signature: PrintedSignature | str, width: float) -> list[Line]:
        if isinstance(signature, str):
            return self.lines(signature, width, VALUE)
        lines = self.lines(signature.name, width, NAME) + self.lines(signature.title, width, SMALL)
        if signature.acting_for:
            lines += self.lines(f"acting for {signature.acting_for}", width, Style(8, 10.8, TEAL, bold=True))
        lines += self.lines(f"Signed {signature.signed}", width, SMALL)
        return lines + self.lines(f"Fingerprint {signature.fingerprint}", width, Style(7, 10, MUTED))

    def history(self, sentences: Sequence[str]) -> None:
        """What happened to the document, one sentence a line, oldest first."""
        self._heading("History", 24)
        for sentence in sentences:
            lines = self.lines(sentence, self.epw - 12, SMALL)
            self.need(min(_height([lines]), 30) + 2)
            self.set_fill_color(*TEAL)
            self.ellipse(MARGIN + 1, self.y + 4, 3, 3, style="F")
            for line in lines:
                self.need(line.style.height)
                y = self.y
                self.put(line, MARGIN + 12, y, self.epw - 12)
                self.set_y(y + line.style.height)
            self.set_y(self.y + 1.5)


def _height(columns: Sequence[Sequence[Line]]) -> float:
    return max((sum(line.style.height for line in lines) for lines in columns), default=0.0)
