"""The paper a document is printed on: fonts, letterhead, watermark, foot of the page, and lines of text."""

import logging
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot
from pathlib import Path
from typing import Any

from fpdf import FPDF, ViewerPreferences
from fpdf.line_break import Fragment

from cts.outside import logo
from cts.outside.pdf_document import PrintedDocument
from cts.outside.pdf_fonts import BOLD, REGULAR, Family
from cts.outside.pdf_text import JOINERS, wrap

# fontTools tells every table that it cuts; none of it matters to whoever runs CTS.
logging.getLogger("fontTools").setLevel(logging.WARNING)

Colour = tuple[int, int, int]
INK: Colour = (17, 20, 24)
MUTED: Colour = (84, 96, 107)
TEAL: Colour = (11, 92, 122)
TINT: Colour = (233, 241, 245)
RULE: Colour = (205, 216, 222)
WATERMARK: Colour = (226, 230, 233)

MARGIN = 45.0  # points; the paper is US Letter
TOP_OF_NEXT_PAGES = 66.0
FOOT = 62.0
_NO_TEXT = 0x200B


@dataclass(frozen=True)
class Style:
    """How a line looks: size and height in points."""

    size: float
    height: float
    colour: Colour = INK
    bold: bool = False


@dataclass(frozen=True)
class Line:
    """One line of text; ``aside`` stands in grey after it, ``rtl`` when its paragraph is read from right to left."""

    text: str
    style: Style
    aside: str = ""
    rtl: bool = False
    flush_right: bool = False


FOOT_LINE = Style(7, 9, MUTED)
ASIDE = Style(6.6, 9.4, (47, 112, 138))


class Paper(FPDF):
    """Letter paper that prints its own head, watermark and foot on every page."""

    def __init__(self, document: PrintedDocument, shares: dict[Family, set[int]], folder: Path) -> None:
        """``shares``: which font shows which letters; ``folder``: where their cut-outs may lie while printing."""
        super().__init__("landscape" if document.landscape else "portrait", unit="pt", format="Letter")
        self.document = document
        self.begins_document = False
        self._letters: dict[str, set[int]] = {}
        self._widths: dict[tuple[float, bool, str], float] = {}
        self._load(shares, folder)
        self.set_text_shaping(True)
        self.alias_nb_pages("")  # typed text stays as it is; the number of pages is written at the end
        self.set_margins(MARGIN, TOP_OF_NEXT_PAGES, MARGIN)
        self.set_auto_page_break(False, FOOT)
        self.c_margin = 0
        self._describe()

    def _load(self, shares: dict[Family, set[int]], folder: Path) -> None:
        for number, (family, letters) in enumerate(shares.items()):
            for weight, style in ((REGULAR, ""), (BOLD, "B")):
                self._letters[f"f{number}{style}"] = letters
                file = folder / f"{number}{style}.ttf"
                file.write_bytes(family.cut(letters, weight))
                self.add_font(f"f{number}", style, file)
                self.fonts[f"f{number}{style}"].name = f"{family.name}-{'Bold' if style else 'Regular'}"
        self.set_fallback_fonts([f"f{number}" for number in range(1, len(shares))], exact_match=False)

    def _describe(self) -> None:
        paper = self.document
        self.set_title(
            f"{paper.title}, assignment {paper.assignment_number}" if paper.assignment_number else paper.title
        )
        self.set_subject(", ".join(filter(None, (paper.status, paper.version))))
        self.set_author(paper.letterhead[0] if paper.letterhead else "")
        self.set_creator("CTS")
        self.set_lang("en-US")
        self.set_creation_date(paper.made_at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def _parse_chars(self, text: str, markdown: bool, **emphasis: Any) -> Iterator[Fragment]:
        """Split text by font. Overrides fpdf2, whose own way cuts a word between a letter and its marks or joiners."""
        if markdown:
            yield from super()._parse_chars(text, markdown, **emphasis)
            return
        run, font = "", ""
        for letter in text:
            wanted = font if run and self._stays(letter, font) else self._font_of(letter)
            if run and wanted != font:
                yield self._fragment(run, font)
                run = ""
            run, font = run + letter, wanted
        if run:
            yield self._fragment(run, font)

    def _stays(self, letter: str, font: str) -> bool:
        follows = letter == " " or letter in JOINERS or unicodedata.category(letter).startswith("M")
        return follows and ord(letter) in self._letters[font]

    def _font_of(self, letter: str) -> str:
        main = f"f0{self.font_style}"
        if ord(letter) in self._letters[main]:
            return main
        return self.get_fallback_font(letter, self.font_style) or main

    def _fragment(self, run: str, font: str) -> Fragment:
        state = self._get_current_graphics_state()
        state.font_family, state.current_font = font.removesuffix("B"), self.fonts[font]
        if font.startswith("f0") and state.text_shaping and not any("\u0900" <= letter < "\u1e00" for letter in run):
            # An accented Latin letter stays one glyph, not a letter and an accent: it can then be searched and copied.
            state.text_shaping = {**state.text_shaping, "features": {"ccmp": False}}
        return Fragment(run, state, self.k)

    def finish(self) -> bytes:
        """The file. Parts of a letter that carry no text of their own are marked so, lest a reader makes some up."""
        self._number_pages()
        for font in self.fonts.values():
            for glyph in dict(font.subset.items()):  # type: ignore[union-attr]  # TrueType all of them
                if glyph is not None and glyph.unicode == ():
                    glyph.unicode = (_NO_TEXT,)
        return bytes(self.output())

    # -- lines of text ---------------------------------------------------------------------------------------

    def use(self, style: Style) -> None:
        """Write in this style from now on."""
        self.set_font("f0", "B" if style.bold else "", style.size)
        # fpdf2 forgets that the font it chose within coloured text ends with that text: let it choose each time.
        self.current_font_is_set_on_page = False
        self.set_text_color(*style.colour)

    def width_of(self, text: str, style: Style) -> float:
        """Width in points; words come again and again, so each is measured once."""
        key = (style.size, style.bold, text)
        if key not in self._widths:
            self.use(style)
            self._widths[key] = self.get_string_width(text, normalized=True)
        return self._widths[key]

    def lines(self, text: str, width: float, style: Style) -> list[Line]:
        """``text`` broken into lines of at most ``width`` points."""
        rtl = _reads_from_the_right(text)
        broken = wrap(text, width, lambda piece: self.width_of(piece, style))
        return [Line(part, style, rtl=rtl, flush_right=rtl and len(broken) > 1) for part in broken]

    def put(self, line: Line, x: float, y: float, width: float) -> None:
        """Print one line with its top left corner at x, y."""
        self.use(line.style)
        if line.text:
            self.set_text_shaping(True, direction="rtl" if line.rtl else "ltr")
            self.x, self.y = x, y  # not set_xy(), for which a negative x (of the watermark) counts from the right
            self.cell(width, line.style.height, line.text, align="R" if line.flush_right else "L")
        if line.aside:
            start = x + self.width_of(line.text, line.style) + 5
            self.put(Line(line.aside, ASIDE), start, y + (line.style.height - ASIDE.height) / 2 + 0.2, width)

    def put_all(self, lines: Sequence[Line], x: float, y: float, width: float) -> float:
        """Print lines one below the other; returns where the next would go."""
        for line in lines:
            self.put(line, x, y, width)
            y += line.style.height
        return y

    # -- room ------------------------------------------------------------------------------------------------

    @property
    def room(self) -> float:
        """Points left on this page."""
        return float(self.h - FOOT - self.y)

    def need(self, height: float) -> None:
        """Start a new page unless ``height`` points are left."""
        if height > self.room:
            self.add_page()

    # -- what is on every page -------------------------------------------------------------------------------

    def header(self) -> None:
        """Called by fpdf2 on each new page: watermark, then a short head on all pages but a document's first."""
        if self.document.watermark:
            self._print_watermark(self.document.watermark)
        if not self.begins_document:
            self._print_running_head()
        self.begins_document = False
        self.set_xy(MARGIN, TOP_OF_NEXT_PAGES)

    def _print_running_head(self) -> None:
        paper, x = self.document, MARGIN + 25
        draw_mark(self, MARGIN, 29, 18)
        self.put(Line(paper.title, Style(9, 12, TEAL, bold=True)), x, 27, self.epw)
        details = (about(paper), paper.status, paper.version)
        self.put(Line(" \u00b7 ".join(filter(None, details)), Style(8, 11, MUTED)), x, 39, self.epw)
        self.rule(54, TEAL, 0.8)

    def _print_watermark(self, text: str) -> None:
        parts = [part.strip() for part in text.split(" - ") if part.strip()]
        widest = max(self.width_of(part, Style(10, 10, bold=True)) for part in parts)
        size = min(54.0, 10 * 0.80 * hypot(self.w, self.h) / widest)
        style = Style(size, size * 1.25, WATERMARK, bold=True)
        with self.rotation(degrees(atan2(self.h, self.w)), self.w / 2, self.h / 2):
            y = self.h / 2 - style.height * len(parts) / 2
            for part in parts:
                x = (self.w - self.width_of(part, style)) / 2
                self.put(Line(part, style), x, y, self.w)
                y += style.height

    def footer(self) -> None:
        """Called by fpdf2 at the end of each page: confidentiality, who printed it."""
        paper, y = self.document, self.h - FOOT + 10
        self.rule(y - 4, RULE, 0.6)
        y = self.put_all(self._notice(), MARGIN, y, self.epw) + 1
        self.put(Line(f"Printed by {paper.printed_by} on {paper.printed_at}", FOOT_LINE), MARGIN, y, self.epw)

    def _notice(self) -> list[Line]:
        return self.lines(self.document.confidentiality, self.epw, Style(6.8, 8.4, MUTED, bold=True))[:3]

    def _number_pages(self) -> None:
        """Page x of y, at the right of the last line of every foot."""
        last, place = self.page, self.y
        y = self.h - FOOT + 11 + sum(line.style.height for line in self._notice())
        for page in range(1, last + 1):
            self.page = page
            self.put(Line(f"Page {page} of {last}", FOOT_LINE, flush_right=True), MARGIN, y, self.epw)
        self.page, self.y = last, place

    def rule(self, y: float, colour: Colour, thickness: float, x: float = MARGIN, width: float | None = None) -> None:
        """A line across the page, or from ``x`` for ``width`` points."""
        self.set_draw_color(*colour)
        self.set_line_width(thickness)
        self.line(x, y, x + (self.epw if width is None else width), y)


def about(paper: PrintedDocument) -> str:
    """Which assignment a paper is about, in words; '' for many."""
    return f"Assignment {paper.assignment_number}" if paper.assignment_number else ""


def draw_mark(paper: FPDF, x: float, y: float, size: float) -> None:
    """The mark of CTS as vectors, ``size`` points wide and high."""
    for colour, corners in logo.mark():
        paper.set_fill_color(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))
        scale = size / logo.SIZE
        paper.polygon([(x + across * scale, y + down * scale) for across, down in corners], style="F")


def _reads_from_the_right(text: str) -> bool:
    """Whether the first letter that has a direction is Hebrew or Arabic (Unicode bidirectional algorithm, rule P2)."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
