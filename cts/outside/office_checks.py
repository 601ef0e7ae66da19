"""A bounded look into an uploaded Word or Excel file: a ZIP archive with known parts, without macros, programs or parts from elsewhere."""

import io
import re
import zipfile

from cts.outside.unsafe_file import UnsafeFile

MOST_PARTS = 3_000
LARGEST_UNPACKED = 100_000_000
HIGHEST_RATIO = 150
_SMALL = 2_000_000
_MAIN = {
    "docx": (b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "word/document.xml"),
    "xlsx": (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "xl/workbook.xml"),
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0", b"\xca\xfe\xba\xbe", b"%PDF-", b"Rar!", b"7z\xbc\xaf")
_PROGRAM_NAMES = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|lnk|jar|sh|py|html?|swf|ocx|reg)$"
)
_FROM_ELSEWHERE = re.compile(rb"<[^<>]*/(attachedTemplate|oleObject|frame|subDocument|control)\"[^<>]*>", re.IGNORECASE)
_ASKS_PROGRAMS = re.compile(rb"<(\w+:)?ddeLink\b|<w:instrText[^<>]*>\s*DDE(AUTO)?\s|w:instr=\"\s*DDE(AUTO)?\s")
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)\b", re.IGNORECASE)
"""Word and Excel never write these (ECMA-376 forbids them); they make a reader fetch files, or swell."""
_FAR = re.compile(rb"Target\s*=\s*\"(https?:|ftp:|\\\\|file://[^/])", re.IGNORECASE)
_MACROS = "This file holds macros, so it is not kept. Save it as .docx or .xlsx without macros, or as PDF."
_AS_PDF = "Save it as PDF, then choose that file."


def look_at_office(content: bytes) -> str:
    """Returns "docx" or "xlsx". Raises UnsafeFile for every other archive, and for one that holds macros, programs or too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _demand_bounds(archive, len(content))
            _demand_nothing_else(archive, content)
            kind = _kind_of(archive)
            for part in archive.infolist():
                _look_at_part(part, archive.read(part))
            return kind
    except UnsafeFile:
        raise
    except Exception as problem:
        raise UnsafeFile(
            "This file is damaged or protected with a password. Open it on your computer, save it anew or as PDF."
        ) from problem


def _demand_bounds(archive: zipfile.ZipFile, size: int) -> None:
    """The sizes an archive states are the most that is unpacked: a part that is longer is read as damaged."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or (unpacked > _SMALL and unpacked > size * HIGHEST_RATIO)
    ):
        raise UnsafeFile(f"This file unpacks to far more than it seems to be. {_AS_PDF}")


def _demand_nothing_else(archive: zipfile.ZipFile, content: bytes) -> None:
    """The archive is the whole file: nothing in front of it, nothing behind it."""
    starts = min((part.header_offset for part in archive.infolist()), default=0)
    if starts != 0 or archive.comment or not content[-22:].startswith(b"PK\x05\x06"):
        raise UnsafeFile(f"This is two kinds of file in one, which can deceive whoever opens it. {_AS_PDF}")


def _kind_of(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "[Content_Types].xml" not in names:
        raise UnsafeFile("This is an archive (ZIP). Choose the files in it one by one.")
    if len(set(names)) != len(names):
        raise UnsafeFile(f"This file holds the same part twice. {_AS_PDF}")
    types = archive.read("[Content_Types].xml")
    if any(word in types for word in (b"macroEnabled", b"vbaProject", b"macrosheet")):
        raise UnsafeFile(_MACROS)
    for kind, (media_type, part) in _MAIN.items():
        if media_type in types and part in names:
            return kind
    raise UnsafeFile(f"This is neither a Word document (.docx) nor an Excel workbook (.xlsx). {_AS_PDF}")


def _look_at_part(part: zipfile.ZipInfo, content: bytes) -> None:
    name = part.filename.lower()
    if name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise UnsafeFile(f"This file names its parts as no Word or Excel does. {_AS_PDF}")
    if name.endswith(("vbaproject.bin", "vbadata.xml")):
        raise UnsafeFile(_MACROS)
    if "activex/" in name or _PROGRAM_NAMES.search(name) or content.startswith(_PROGRAMS):
        raise UnsafeFile(f"This file carries a program or another file inside. {_AS_PDF}")
    if content.startswith(b"PK\x03\x04"):
        _look_at_chart_data(content)
    text = _as_ascii(content)
    if text.lstrip().startswith(b"<") and _DECLARES.search(text):
        raise UnsafeFile(f"This file declares what no Word or Excel file does (DTD). {_AS_PDF}")
    if _ASKS_PROGRAMS.search(text):
        raise UnsafeFile(f"This file asks another program for data (DDE), so it is not kept. {_AS_PDF}")
    if name.endswith(".rels") and any(_FAR.search(tag[0]) for tag in _FROM_ELSEWHERE.finditer(text)):
        raise UnsafeFile(f"This file fetches a part of itself from elsewhere. {_AS_PDF}")


def _as_ascii(content: bytes) -> bytes:
    """XML may be UTF-16; what is looked for then stands there with zero bytes between."""
    marked = content.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return marked.replace(b"\x00", b"") if b"\x00" in marked[:4] else marked


def _look_at_chart_data(content: bytes) -> None:
    """The workbook behind a chart in a Word document; nothing in it may hold a further one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _demand_bounds(archive, len(content))
        _kind_of(archive)
        for part in archive.infolist():
            inner = archive.read(part)
            if inner.startswith(b"PK\x03\x04"):
                raise UnsafeFile(f"This file carries files inside files. {_AS_PDF}")
            _look_at_part(part, inner)
