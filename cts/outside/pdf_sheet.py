"""The parts of a printed document: letterhead, sections of answers, tables, signatures, history."""

from collections.abc import Sequence
from pathlib import Path

from cts.outside.pdf_document import PrintedDocument, PrintedEntry, PrintedSection, PrintedSignature, PrintedTable
from cts.outside.pdf_fonts import Family
from cts.outside.pdf_paper import ASIDE, INK, MARGIN, MUTED, RULE, TEAL, Line, Style, about, draw_mark
from cts.outside.pdf_table import TablePaper, height_of
from cts.outside.pdf_text import DASH

GAP = 20.0  # between the two columns
LABEL = Style(7.4, 9.6, MUTED)
VALUE = Style(9.6, 12.6, INK)
NAME = Style(10, 13, INK, bold=True)
SMALL = Style(8, 10.8, INK)
SECTION = Style(11, 15, TEAL, bold=True)
NOTE = Style(8, 10.8, MUTED)
CONTENT = Style(9.6, 13.4, INK)
CONTENT_ROW = CONTENT.height + 1.6
_SHORT = 2  # lines an answer may take in half the width before it gets the whole width


class Sheet(TablePaper):
    """A document being printed, from top to bottom; or a cover and the documents behind it, one after the other."""

    def __init__(self, document: PrintedDocument, shares: dict[Family, set[int]], folder: Path) -> None:
        super().__init__(document, shares, folder)
        self._listed: list[tuple[int, float]] = []  # where the cover names each part: page, height on it
        self._begins: list[int] = []  # the page on which each part begins

    # -- letterhead ------------------------------------------------------------------------------------------

    def start_document(self, document: PrintedDocument) -> None:
        """First page: mark and office, then title, assignment, status and version."""
        self.document = paper = document
        self.begins_document = True
        self.add_page()
        if self._listed:
            self._begins.append(self.page_no())
            self.start_section(document.title)
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
        self.put(Line(about(paper), NAME, flush_right=True), right - 220, 35, 220)
        badge = Style(8, 13, (255, 255, 255), bold=True)
        width = min(self.width_of(paper.status, badge) + 14, 230)
        if paper.status:
            self.set_fill_color(*TEAL)
            self.rect(right - width, 51, width, 14, style="F", round_corners=True, corner_radius=4)
            self.put(Line(paper.status, badge), right - width + 7, 51.4, width - 7)
        self.put(Line(paper.version, Style(8, 11, MUTED), flush_right=True), right - 220, 69, 220)

    # -- sections --------------------------------------------------------------------------------------------

    def section(self, section: PrintedSection) -> None:
        """A heading, answers in one or two columns and tables, in their order. The heading stays with what follows."""
        note = self.lines(section.note, self.epw, NOTE) if section.note else []
        groups = _groups(section.parts)
        rows = self._rows(groups[0]) if groups and not isinstance(groups[0], PrintedTable) else []
        self._heading(section.title, height_of([note]) + (min(height_of(rows[0]), 60) if rows else 90))
        if note:
            self.set_y(self.put_all(note, MARGIN, self.y, self.epw) + 4)
        for group in groups:
            if isinstance(group, PrintedTable):
                self.rows_under_headings(group)
                continue
            for row in self._rows(group):
                self._row(row)

    def _heading(self, title: str, following: float) -> None:
        lines = self.lines(title, self.epw, SECTION)
        self.need(len(lines) * SECTION.height + 20 + following)
        self.start_section(title, level=1 if self._listed else 0)  # a bookmark; prints nothing
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
        height = height_of(row)
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

    # -- the end of the document -----------------------------------------------------------------------------

    def signatures(self, title: str, signatures: Sequence[PrintedSignature | str]) -> None:
        """Each signature, or that it is missing, in a frame; two beside each other."""
        half = (self.epw - GAP) / 2
        boxes = [self._signature(signature, half - 20) for signature in signatures]
        self._heading(title, height_of(boxes[:2]) + 22)
        for first in range(0, len(boxes), 2):
            pair = boxes[first : first + 2]
            height = height_of(pair) + 14
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
            self.need(min(height_of([lines]), 30) + 2)
            self.set_fill_color(*TEAL)
            self.ellipse(MARGIN + 1, self.y + 4, 3, 3, style="F")
            for line in lines:
                self.need(line.style.height)
                y = self.y
                self.put(line, MARGIN + 12, y, self.epw - 12)
                self.set_y(y + line.style.height)
            self.set_y(self.y + 1.5)

    # -- a cover and its parts -------------------------------------------------------------------------------

    def contents(self, parts: Sequence[PrintedDocument]) -> None:
        """On the cover: what is inside. The pages are written in at the end, when they are known."""
        if not parts:
            return
        # All of it on one page, if it can be.
        self._heading("What is inside", min(len(parts) * CONTENT_ROW, self.eph / 2))
        for part in parts:
            self.need(CONTENT_ROW)
            y = self.y
            self.put(Line(part.title, CONTENT), MARGIN, y, self.epw - 250)
            if part.status:
                self.put(Line(part.status, NOTE), MARGIN + self.epw - 240, y + 1.4, 190)
            self._listed.append((self.page_no(), y))
            self.rule(y + CONTENT.height + 0.7, RULE, 0.4)
            self.set_y(y + CONTENT_ROW)

    def finish(self) -> bytes:
        """The file, with the page of each part written on the cover."""
        last, y = self.page, self.y
        for (page, height), begins in zip(self._listed, self._begins, strict=True):
            self.page = page
            self.put(Line(f"Page {begins}", CONTENT, flush_right=True), MARGIN, height, self.epw)
        self.page, self.y = last, y
        return super().finish()


def _groups(parts: Sequence[PrintedEntry | PrintedTable]) -> list[list[PrintedEntry] | PrintedTable]:
    """Answers that follow each other together, tables by themselves."""
    groups: list[list[PrintedEntry] | PrintedTable] = []
    for part in parts:
        if isinstance(part, PrintedTable):
            groups.append(part)
        elif groups and isinstance(groups[-1], list):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups
