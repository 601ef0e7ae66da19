"""A bounded look into an uploaded PDF: nothing in it may run, start a program or carry another file."""

import re
import zlib

from cts.outside.unsafe_file import UnsafeFile

_RUNS = re.compile(
    rb"/(JavaScript|JS(?=\s*[(<])|JS(?=\s+\d+\s+\d+\s+R)|Launch|EmbeddedFiles?|RichMedia|XFA|GoTo[RE]|SubmitForm|ImportData)"
    rb"(?![\w-])"
)
_WORDS = {
    b"Launch": "starts a program",
    b"EmbeddedFile": "carries another file",
    b"EmbeddedFiles": "carries other files",
    b"GoToE": "opens another file",
    b"GoToR": "opens another file",
    b"SubmitForm": "sends something elsewhere",
    b"ImportData": "opens another file",
}
_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
_STREAM = re.compile(rb"(?<!end)stream(\r\n|\n|\r)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_FIRST_LOOK, _NEXT_LOOK = 512, 65_536
_MOST_ESCAPES = 300_000
_LARGEST_PART = 32_000_000
_LARGEST_WHOLE = 128_000_000
_PRINT = "Print it to PDF, then choose that file."


def look_at_pdf(content: bytes) -> None:
    """Raises UnsafeFile when the PDF is damaged, locked, or holds scripts, programs or other files, in its compressed parts too."""
    if not _END.search(content[-2_048:]) or not _OBJECT.search(content):
        raise UnsafeFile(
            "This PDF is damaged or something was added to it. Open it on your computer, print it to PDF, choose that file."
        )
    if b"PK\x05\x06" in content[-66_000:]:
        raise UnsafeFile(f"This is two kinds of file in one, which can deceive whoever opens it. {_PRINT}")
    plain = _unescaped(content)
    _refuse_what_runs(plain)
    if re.search(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)", plain):
        raise UnsafeFile(
            "This PDF is protected with a password, so nobody could look into it. Save it without one, then choose it again."
        )
    inflated, before = 0, 0
    for found in _STREAM.finditer(content):
        names = _unescaped(content[before : found.start()])
        before = found.end()
        part = _inflated(content, found.end(), holds_objects=b"/ObjStm" in names)
        inflated += len(part)
        if inflated > _LARGEST_WHOLE:
            raise UnsafeFile(f"This PDF unpacks to far more than it seems to be. {_PRINT}")
        _refuse_what_runs(_unescaped(part))


def _inflated(content: bytes, start: int, *, holds_objects: bool) -> bytes:
    """The part that begins here, unpacked, when objects are or could be in it: their list begins with numbers. Pictures are left alone."""
    unpacking, pieces, size, place, step = zlib.decompressobj(), list[bytes](), 0, start, _FIRST_LOOK
    try:
        while not unpacking.eof and place < len(content) and size <= _LARGEST_PART:
            piece = unpacking.decompress(content[place : place + step], _LARGEST_PART + 1 - size)
            if not pieces and not holds_objects and not re.match(rb"[\s\d%]", piece):
                return b""
            pieces.append(piece)
            size, place, step = size + len(piece), place + step, _NEXT_LOOK
    except zlib.error as problem:
        if holds_objects:
            raise UnsafeFile(f"Parts of this PDF cannot be read. {_PRINT}") from problem
    if size > _LARGEST_PART and holds_objects:
        raise UnsafeFile(f"This PDF unpacks to far more than it seems to be. {_PRINT}")
    return b"".join(pieces)


def _unescaped(text: bytes) -> bytes:
    """Names may be written with #4a for a letter: written out. Nobody writes so many of them but to keep the reader busy."""
    if text.count(b"#") > _MOST_ESCAPES:
        raise UnsafeFile(f"Parts of this PDF cannot be read. {_PRINT}")
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def _refuse_what_runs(text: bytes) -> None:
    found = _RUNS.search(text)
    if found:
        raise UnsafeFile(f"This PDF {_WORDS.get(found[1], 'holds a script')}, so it is not kept. {_PRINT}")
