"""Prints a document, or a whole client record, as a PDF file: letterhead, sections, tables, signatures, history, page x of y, watermark.

Text is printed as it was typed, in any script; nothing in it becomes a link, a style or a command (platform.md 21).
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cts.outside.pdf_document import (
    PrintedDocument,
    PrintedEntry,
    PrintedSection,
    PrintedSignature,
    PrintedTable,
)
from cts.outside.pdf_fonts import assign
from cts.outside.pdf_text import BOX, DASH, printable

if TYPE_CHECKING:
    from cts.outside.pdf_sheet import Sheet

__all__ = ["PrintedDocument", "PrintedEntry", "PrintedSection", "PrintedSignature", "PrintedTable", "render_pdf"]

# What the printer itself writes: all of it must be in the fonts that are cut out for the document.
_OWN_LETTERS = "".join(map(chr, range(0x20, 0x7F))) + f"{BOX}{DASH}\u00b7\u2013\u2019\u201c\u201d"


def render_pdf(document: PrintedDocument, *parts: PrintedDocument) -> bytes:
    """Print ``document``; the same document gives the same bytes.

    With ``parts`` it is the cover of a file that holds them all, each from a new page, and says on which page each begins;
    pages are counted over the whole. Returns a whole PDF file (US Letter, language en-US, fonts embedded, no scripts, links or attachments).
    Raises NoFontError when the fonts of requirements.txt are not installed.
    """
    from cts.outside.pdf_sheet import Sheet  # fpdf2 and fontTools load when the first PDF is asked for

    shares = assign(_OWN_LETTERS + "".join(_texts((document, *parts))))
    known = {letter for letters in shares.values() for letter in letters}
    cover, *rest = _cleaned((document, *parts), lambda text: printable(text, lambda letter: ord(letter) in known))
    with TemporaryDirectory(prefix="cts-pdf-", ignore_cleanup_errors=True) as folder:
        sheet = Sheet(cover, shares, Path(folder))
        _print(sheet, cover)
        sheet.contents(rest)
        for part in rest:
            _print(sheet, part)
        return sheet.finish()


def _print(sheet: "Sheet", document: PrintedDocument) -> None:
    sheet.start_document(document)
    for section in document.sections:
        sheet.section(section)
    if document.signatures:
        sheet.signatures(document.signatures_title, document.signatures)
    if document.history:
        sheet.history(document.history)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    """The same dataclasses and tuples with every text made printable."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(part, clean) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _cleaned(getattr(value, field.name), clean) for field in fields(value)})
    return value
