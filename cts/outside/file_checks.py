"""Whether an uploaded file may be kept. Its content decides, never its name or the browser's word for it.

Kept are PDF, Word (.docx), Excel (.xlsx), JPEG and PNG, without anything that runs: no macros, no programs inside, no scripts. What is
served later is what was looked at here, under the kind found here. A look at a file, not a search for viruses.
"""

import io
import re

from PIL import Image

from cts.outside.office_checks import look_at_office
from cts.outside.pdf_checks import look_at_pdf
from cts.outside.unsafe_file import UnsafeFile

LARGEST_PICTURE = 50_000_000
"""Pixels: the largest picture of a telephone. More is a picture made to fill the memory of whoever opens it."""

KEPT = "CTS keeps PDF, Word (.docx), Excel (.xlsx), JPEG and PNG files."
_AS_PDF = f"{KEPT} Save it as PDF, then choose it again."
_PICTURE = "This picture is of another kind. Save it as JPEG or PNG, then choose it again."
_TWO = "This is two kinds of file in one, which can deceive whoever opens it. Print it to PDF, then choose that file."

_REFUSED: tuple[tuple[bytes, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old Word or Excel file, an e-mail, or a file with a password. Save it without a password as PDF, .docx or .xlsx.",
    ),
    (b"MZ", "This is a program, not a document. It is not kept."),
    (b"\x7fELF", "This is a program, not a document. It is not kept."),
    (b"#!", "This is a program, not a document. It is not kept."),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"RIFF", _PICTURE),
    (b"{\\rtf", f"This is a rich-text file. {_AS_PDF}"),
)
_MARKUP = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(\?xml|!doctype|!--|html|svg|script|\w+[ >])", re.IGNORECASE)


def look_at(content: bytes) -> str:
    """What a file is, by its content: "pdf", "docx", "xlsx", "jpg" or "png". Raises UnsafeFile with a sentence that says what to do."""
    if not content:
        raise UnsafeFile("The file is empty. Check it on your computer, then choose it again.")
    if content.startswith(b"%PDF-"):
        look_at_pdf(content)
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return look_at_office(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        _look_at_picture(content, "PNG")
        _demand_end_of_png(content)
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        _look_at_picture(content, "JPEG")
        return "jpg"
    raise UnsafeFile(_why_refused(content))


def _why_refused(content: bytes) -> str:
    if content[4:8] == b"ftyp":
        return f"This is a HEIC picture or a film. {_PICTURE.partition('. ')[2]}"
    if _MARKUP.match(content[:1_000]):
        return f"This is a web page or a drawing (HTML, SVG). {_AS_PDF}"
    return next((sentence for start, sentence in _REFUSED if content.startswith(start)), _AS_PDF)


def _look_at_picture(content: bytes, kind: str) -> None:
    """Read the whole picture at an eighth of its size (JPEG) or its check sums (PNG), so that a damaged one is refused."""
    try:
        # Telephones put further pictures behind the first one of a JPEG: Pillow calls that MPO.
        with Image.open(io.BytesIO(content), formats=("PNG",) if kind == "PNG" else ("JPEG", "MPO")) as picture:
            width, height = picture.size
            if width * height > LARGEST_PICTURE:
                raise UnsafeFile(
                    f"This picture has {width:,} times {height:,} points, more than CTS keeps. Make it smaller, then choose it again."
                )
            if kind == "PNG":
                picture.verify()
            else:
                picture.draft("RGB", (1, 1))
                picture.load()
    except UnsafeFile:
        raise
    except Image.DecompressionBombError as problem:
        raise UnsafeFile(
            "This picture has more points than CTS keeps. Make it smaller, then choose it again."
        ) from problem
    except Exception as problem:
        raise UnsafeFile("This picture is damaged. Open it on your computer, save it anew as JPEG or PNG.") from problem
    if (
        b"%PDF-" in content[:1_024]
        or b"PK\x05\x06" in content[-66_000:]
        or re.search(rb"<(html|script)\b", content, re.I)
    ):
        raise UnsafeFile(_TWO)


def _demand_end_of_png(content: bytes) -> None:
    """A PNG says where it ends; nothing may follow."""
    place = 8
    while place + 12 <= len(content):
        kind = content[place + 4 : place + 8]
        place += 12 + int.from_bytes(content[place : place + 4])
        if kind == b"IEND":
            break
    if place != len(content):
        raise UnsafeFile(_TWO)
