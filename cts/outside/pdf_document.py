"""What a printed document consists of. Whoever fills these knows where the words come from; the printer does not."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PrintedEntry:
    """One question of a form and its answer.

    ``source`` says where a filled answer came from, for example "CWS/CMS 11/02/2026"; None when it was typed.
    An empty ``value`` is printed as a dash.
    """

    label: str
    value: str
    source: str | None = None


@dataclass(frozen=True)
class PrintedTable:
    """Rows under headings, below a title where the section's own does not say it ('' then).

    Every row has as many cells as there are headings (missing ones are printed empty). ``amounts`` are the places of the
    columns set against the right edge; ``totals`` the cells of the last line, () for none. ``beneath`` are texts that stand
    across the whole width, one below each row ('' for none). ``none`` is what a table without rows says.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    amounts: tuple[int, ...] = ()
    totals: tuple[str, ...] = ()
    beneath: tuple[str, ...] = ()
    none: str = "None."


@dataclass(frozen=True)
class PrintedSection:
    """A titled part of the form: answers and tables in the form's own order, after its note."""

    title: str
    parts: tuple[PrintedEntry | PrintedTable, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class PrintedSignature:
    """A signature as mission §4 wants it shown: name, title, date, "acting for …" and the start of the fingerprint."""

    name: str
    title: str
    acting_for: str | None
    signed: str
    fingerprint: str


@dataclass(frozen=True)
class PrintedDocument:
    """A document, or one part of a client record, ready to be printed.

    ``letterhead`` are the lines beside the logo, the first in bold. ``status`` and ``version`` (which submission this is,
    in words, or that it is a draft) may be '' where there is none. ``watermark`` is None for what was approved. In
    ``signatures`` a sentence stands where one is missing ("CSW/DPO: Not signed"); there are none on a form that nobody
    signs. ``signatures_title`` is the form's heading for them. ``history`` are whole sentences, oldest first.
    ``printed_at`` is what people read (office's time zone), ``made_at`` the same moment, aware, for the file's metadata.
    ``confidentiality`` stands at the foot of every page. ``assignment_number`` is '' for what is about many; ``landscape`` paper holds
    wide tables.
    """

    title: str
    letterhead: tuple[str, ...]
    assignment_number: str
    status: str
    version: str
    watermark: str | None
    sections: tuple[PrintedSection, ...]
    signatures_title: str
    signatures: tuple[PrintedSignature | str, ...]
    history: tuple[str, ...]
    printed_by: str
    printed_at: str
    made_at: datetime
    confidentiality: str
    landscape: bool = False
