"""A .csv or .xlsx file as headings and numbered records of text, read one at a time."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cts.domain.extract import COLUMN_NAMES

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 100_000
# A value may hold line breaks, but a quotation mark that is never closed must not swallow the file.
MOST_LINES_OF_A_RECORD = 100
_SCAN_BYTES = 1 << 20
MOST_BYTES_IN_MEMORY = 512 << 20
"""What of a workbook is not read line by line: its texts, its styles."""
_NOT_A_WORD = re.compile(r"[\W_]+")

NOT_CLOSED = "A quotation mark that opens here is never closed."
LOOSE_QUOTE = "A quotation mark stands inside a value. Write it twice, or remove it."
TOO_LONG = f"This line is longer than {LONGEST_LINE:,} characters."


class NotAnExtract(Exception):
    """Nothing can be loaded from this file; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the table and the file's number of its first line. `problem` is a sentence when it cannot be read."""

    line_number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """An open file: its headings, its records still to be read, the fraction (0 to 1) read so far."""

    headings: list[str]
    records: Iterator[Record]
    fraction_read: Callable[[], float]
    close: Callable[[], None]
    letters_may_be_lost: bool = False


def column_name(heading: str) -> str:
    """Return the column a heading means: "Csec Type Code" and " CSEC_TYPE_CODE " are csec_type_code."""
    return _NOT_A_WORD.sub("_", heading.strip().lower()).strip("_")


def read_table(path: Path) -> Table:
    """Open a file as a table. What it is, is read from its content, not from its name. Raises NotAnExtract."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise NotAnExtract("The file is empty. Export the extract again.")
    if start.startswith(b"PK\x03\x04"):
        from cts.outside.cws_cms_workbook import read_workbook  # openpyxl is needed by few loads, and slow to import

        return read_workbook(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotAnExtract("This is an old .xls workbook. Save it as .xlsx or .csv and send it again.")
    return _read_text(path)


def wrong_width(found: int, expected: int) -> str:
    """Return the sentence for a record that has more or fewer values than the heading."""
    return f"This line has {found} values and the heading has {expected}."


def encoding_of(path: Path) -> str:
    """Return how the text is written: UTF-8 if every byte of the file agrees, else Windows-1252, or what its mark says.

    Reads the whole file in pieces: a single letter of Windows-1252 may stand in its last line.
    """
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := file.read(_SCAN_BYTES):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _read_text(path: Path) -> Table:
    encoding = encoding_of(path)
    raw = path.open("rb")
    size = max(path.stat().st_size, 1)
    # Windows-1252 has five bytes without a letter: a value that holds one is refused, not the file.
    text = io.TextIOWrapper(raw, encoding=encoding, errors="replace" if encoding == "cp1252" else "strict", newline="")
    try:
        heading = text.readline(LONGEST_LINE)
        if "\0" in heading:
            raise NotAnExtract("This is not a table of text. Send the extract as .csv or .xlsx.")
        delimiter = _delimiter_of(heading)
        headings = _cells(heading, delimiter)
    except (NotAnExtract, csv.Error, UnicodeError) as problem:
        text.close()
        if isinstance(problem, NotAnExtract):
            raise
        raise NotAnExtract("The first line of the file cannot be read as headings.") from None
    return Table(
        headings,
        _records(text, delimiter, len(headings)),
        lambda: min(raw.tell() / size, 1.0) if not raw.closed else 1.0,
        text.close,
        letters_may_be_lost=encoding == "cp1252",
    )


def _delimiter_of(heading: str) -> str:
    """Return the delimiter under which most headings are known."""

    def known(delimiter: str) -> int:
        return sum(column_name(part.strip('"')) in COLUMN_NAMES for part in heading.split(delimiter))

    return max(DELIMITERS, key=known)


def _cells(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter, strict=True), [])


def _records(text: io.TextIOWrapper, delimiter: str, width: int) -> Iterator[Record]:
    """Yield records of `width` cells; lines without any value are passed over."""
    waiting: deque[str] = deque()
    line_number = 1
    while line := (waiting.popleft() if waiting else _next_line(text)):
        line_number += 1
        if len(line) > LONGEST_LINE:
            yield Record(line_number, [line], TOO_LONG)
            continue
        try:
            cells = _cells(line, delimiter)
        except csv.Error as problem:
            if "unexpected end" not in str(problem):
                yield Record(line_number, [line], LOOSE_QUOTE)
                continue
            joined = _join(line, waiting, text, delimiter, width)
            if joined is None:
                yield Record(line_number, [line], NOT_CLOSED)
                continue
            yield Record(line_number, joined[0])
            line_number += joined[1]
            continue
        if not any(cell.strip() for cell in cells):
            continue
        yield Record(line_number, cells, "" if len(cells) == width else wrong_width(len(cells), width))


def _join(
    line: str, waiting: deque[str], text: io.TextIOWrapper, delimiter: str, width: int
) -> tuple[list[str], int] | None:
    """Return (cells, how many further lines they took) of a record with line breaks; None when it is not one.

    Lines that do not belong to it are put back, so that one stray quotation mark costs one line.
    """
    taken: list[str] = []
    joined = line
    while len(taken) < MOST_LINES_OF_A_RECORD and len(joined) <= LONGEST_LINE:
        following = waiting.popleft() if waiting else _next_line(text)
        if not following:
            break
        taken.append(following)
        joined += following
        if '"' not in following:
            continue
        try:
            cells = _cells(joined, delimiter)
        except csv.Error as problem:
            if "unexpected end" in str(problem):
                continue
            break
        if len(cells) == width:
            return cells, len(taken)
        break
    waiting.extendleft(reversed(taken))
    return None


def _next_line(text: io.TextIOWrapper) -> str:
    """The next line, with at most a little more than LONGEST_LINE of its characters; empty at the end of the file."""
    line = text.readline(LONGEST_LINE + 1)
    if len(line) <= LONGEST_LINE:
        return line
    rest = line
    while rest and not rest.endswith(("\n", "\r")):
        rest = text.readline(LONGEST_LINE)
    return line


def reject_bomb(path: Path, most_bytes: int) -> None:
    """Raise NotAnExtract when a zipped file would unpack to more than `most_bytes`, or is not a sound zip file."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise NotAnExtract("The workbook is damaged and cannot be opened. Export the extract again.") from None
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise NotAnExtract("This workbook holds macros. Save it as .xlsx without macros, or as .csv.")
    unpacked = sum(entry.file_size for entry in entries)
    in_memory = sum(entry.file_size for entry in entries if "worksheets/" not in entry.filename)
    if unpacked > most_bytes or in_memory > MOST_BYTES_IN_MEMORY:
        raise NotAnExtract("The workbook is too large. Send the extract as .csv.")
