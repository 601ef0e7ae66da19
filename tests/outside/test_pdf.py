"""PDF of a reviewed document: read back with pypdf, and its glyphs followed into the embedded fonts."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cts.outside.pdf import (
    PrintedDocument,
    PrintedEntry,
    PrintedSection,
    PrintedSignature,
    PrintedTable,
    render_pdf,
)

WATERMARK = "PENDING SUPERVISOR APPROVAL - NOT APPROVED"
NOTICE = "CONFIDENTIAL. Welfare and Institutions Code sections 827 and 10850."
FILLED = "CWS/CMS 11/02/2026"

DOCUMENT = PrintedDocument(
    title="CSEC Advocacy Referral",
    letterhead=("County of Los Angeles", "Department of Children and Family Services", "CSEC Tracking System"),
    assignment_number="10084",
    status="Pending Supervisor Approval",
    version="Draft of version 2",
    watermark=WATERMARK,
    sections=(
        PrintedSection(
            "I. Type of referral",
            (PrintedEntry("Lead agency", "DCFS", FILLED), PrintedEntry("End of the flag", "")),
        ),
        PrintedSection(
            "IV. Safety alerts",
            (
                PrintedEntry("Alerts stated", "Present"),
                PrintedTable("Alerts", ("Kind", "What is known"), (("Dangerous animal", "A dog in the yard"),)),
            ),
        ),
    ),
    signatures_title="Section VI: Signatures",
    signatures=(
        PrintedSignature("Maria Delgado", "Children's Social Worker", None, "11/02/2026 9:14 AM", "3f9a 77c1"),
        PrintedSignature("Ruth Amaya", "Supervising CSW", "Robert Okafor", "11/02/2026 4:40 PM", "91c0 d2aa"),
    ),
    history=("11/02/2026 9:14 AM Maria Delgado signed the Referral.",),
    printed_by="Maria Delgado, CSW",
    printed_at="11/03/2026 10:42 AM PST",
    made_at=datetime(2026, 11, 3, 18, 42, tzinfo=UTC),
    confidentiality=NOTICE,
)


def read(document: PrintedDocument) -> PdfReader:
    return PdfReader(BytesIO(render_pdf(document)))


def text_of(reader: PdfReader) -> str:
    """All text, with every run of white space as one space."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def with_answers(*values: str) -> PrintedDocument:
    entries = tuple(PrintedEntry(f"Question {number}", value) for number, value in enumerate(values))
    return replace(DOCUMENT, sections=(PrintedSection("Answers", entries),), watermark=None)


def test_everything_of_the_document_is_on_paper() -> None:
    text = text_of(read(DOCUMENT))
    for part in (
        *("CSEC Advocacy Referral", "Department of Children and Family Services", "Assignment 10084"),
        *("Pending Supervisor Approval", "Draft of version 2", "I. Type of referral", "Lead agency", "DCFS", FILLED),
        *("IV. Safety alerts", "Kind", "What is known", "Dangerous animal", "A dog in the yard"),
        *(
            "Section VI: Signatures",
            "Maria Delgado",
            "Children's Social Worker",
            "Signed 11/02/2026 9:14 AM",
            "Fingerprint 3f9a 77c1",
        ),
        *("Ruth Amaya", "acting for Robert Okafor", "Maria Delgado signed the Referral."),
        *("Printed by Maria Delgado, CSW on 11/03/2026 10:42 AM PST", NOTICE, "Page 1 of 1"),
    ):
        assert part in text, part
    assert text.count("acting for") == 1, "only for the one who acted for somebody"


def test_a_missing_signature_is_said_where_it_would_stand() -> None:
    said = ("CSW/DPO: Not signed", "SCSW/SDPO: Not signed")
    text = text_of(read(replace(DOCUMENT, signatures=said)))
    assert "Section VI: Signatures" in text and "Fingerprint" not in text
    assert all(sentence in text for sentence in said)
    half = text_of(read(replace(DOCUMENT, signatures=(DOCUMENT.signatures[0], said[1]))))
    assert "Fingerprint 3f9a 77c1" in half and said[1] in half and said[0] not in half


def test_an_empty_answer_is_a_dash() -> None:
    assert re.search(r"End of the flag —", text_of(read(DOCUMENT)))


def test_every_page_says_which_of_how_many_and_repeats_the_notice() -> None:
    reader = read(with_answers("A sentence of some length that fills the page. " * 250))
    count = len(reader.pages)
    assert count > 2
    for number, page in enumerate(reader.pages, start=1):
        text = " ".join(page.extract_text().split())
        assert f"Page {number} of {count}" in text
        assert NOTICE in text
        assert "10084" in text and "Pending Supervisor Approval" in text


def test_the_watermark_is_on_every_page_unless_approved() -> None:
    long = replace(with_answers("A sentence of some length that fills the page. " * 250), watermark=WATERMARK)
    pages = read(long).pages
    assert len(pages) > 2
    for page in pages:
        # pypdf puts line ends between letters that are set closer together
        text = "".join(page.extract_text().split())
        assert "PENDINGSUPERVISORAPPROVAL" in text
        assert "NOTAPPROVED" in text
    approved = "".join(text_of(read(replace(long, watermark=None, status="Approved"))).split())
    assert "NOTAPPROVED" not in approved and "PENDING" not in approved


def test_ten_thousand_characters_run_over_pages_without_loss() -> None:
    words = [f"word{number:04d}" for number in range(1100)]
    text = text_of(read(with_answers(" ".join(words))))
    assert re.findall(r"word\d{4}", text) == words


def test_a_word_wider_than_the_page_is_cut_not_lost() -> None:
    letters = "".join(chr(ord("a") + number % 26) for number in range(10_000))
    pages = " ".join(page.extract_text() for page in read(with_answers(letters)).pages)
    found = "".join(line for line in re.findall(r"^[a-z]+$", pages, re.MULTILINE) if line != "continued")
    assert found == letters


def test_a_table_row_higher_than_a_page_is_continued_under_its_headings() -> None:
    words = [f"word{number:04d}" for number in range(1500)]
    table = PrintedTable("Goals", ("Goal", "Step"), (("Stay in school", " ".join(words)), ("Sleep", "")))
    document = replace(DOCUMENT, sections=(PrintedSection("Plan", (table,)),))
    reader = read(document)
    assert re.findall(r"word\d{4}", text_of(reader)) == words
    assert len(reader.pages) > 1
    for page in reader.pages:
        if "word" in page.extract_text():
            assert re.search(r"Goal\s+Step", page.extract_text())


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    found = []
    for lines in range(35, 47):
        first = PrintedSection("First", (PrintedEntry("Story", "\n".join("line" for _ in range(lines))),))
        second = PrintedSection("Second", (PrintedEntry("Reason", "because"),))
        document = replace(DOCUMENT, sections=(first, second), signatures=(), history=())
        pages = [page.extract_text() for page in read(document).pages]
        [found_on] = [n for n, page in enumerate(pages) if "Second" in page]
        assert "because" in pages[found_on], f"with {lines} lines before it"
        found.append(found_on)
    # Line by line over the foot of a page: with fewer or more lines it could not be the last thing there.
    assert (found[0], found[-1]) == (0, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "<b>bold</b> <script>alert(1)</script>",
        "**bold** __underlined__ ~~struck~~",
        "[look](https://example.com) https://example.com mailto:a@example.com",
        "=HYPERLINK(1) {nb} {{nb}} %PDF (a\\)b",
    ],
)
def test_markup_formulas_and_addresses_are_printed_as_typed_and_do_nothing(typed: str) -> None:
    reader = read(with_answers(typed))
    assert typed in text_of(reader)
    assert all("/Annots" not in page for page in reader.pages)
    assert "/OpenAction" not in reader.trailer["/Root"] or "/JS" not in str(reader.trailer["/Root"]["/OpenAction"])
    assert "/Names" not in reader.trailer["/Root"]


def test_what_cannot_be_shown_is_a_visible_box_and_never_an_error() -> None:
    # bell, a letter of no font, lone surrogate, private use, "read the rest backwards", noncharacter
    typed = "a\x07b \U00012345c d\ud800e f\ue000g h\u202ei j\uffffk"
    assert "a□b □c d□e f□g h□i j□k" in text_of(read(with_answers(typed)))


def test_invisible_characters_neither_break_nor_turn_text() -> None:
    for typed in (
        "zero\u200bwidth",
        "\u200b",
        "\u200d\u200c",
        "\ufeffmark\u2060ed",
        "soft\u00adhyphen",
        "\u200f",
        "a\u0301\u200d",
    ):
        text = text_of(read(with_answers(typed, "next answer")))
        assert "next answer" in text
        visible = "".join(letter for letter in typed if letter.isascii())
        assert visible in re.sub(r"[^\x20-\x7e]", "", text)


@settings(max_examples=25, deadline=None)
@given(typed=st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_no_text_whatsoever_stops_the_printer(typed: str) -> None:
    document = replace(
        DOCUMENT,
        title=typed,
        sections=(
            PrintedSection(
                typed,
                (PrintedEntry(typed, typed, typed), PrintedTable(typed, (typed, "Step"), ((typed,),), (0,), (typed,))),
                typed,
            ),
        ),
        version=typed,
        signatures_title=typed,
        signatures=(
            typed,
            PrintedSignature(typed, typed, typed, typed, typed),
        ),
        history=(typed,),
        printed_by=typed,
    )
    assert "Page 1 of" in text_of(read(document))


def test_the_printer_loads_only_when_something_is_printed() -> None:
    """Pages import cts.outside.pdf; the first screen must not wait for fpdf2 and its fonts."""
    program = "import sys, cts.outside.pdf; print(sorted({'fpdf', 'fontTools', 'uharfbuzz', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render_pdf(DOCUMENT) == render_pdf(DOCUMENT)
    assert render_pdf(DOCUMENT) != render_pdf(replace(DOCUMENT, version="Version 2"))


def test_metadata_names_the_form_not_the_youth() -> None:
    document = replace(with_answers("Nguyễn Thị Bích"), signatures=())
    reader = read(document)
    assert reader.metadata is not None
    assert reader.metadata.title == "CSEC Advocacy Referral, assignment 10084"
    assert reader.metadata.creation_date == DOCUMENT.made_at
    assert reader.trailer["/Root"]["/Lang"] == "en-US"
    assert "Nguy" not in str(reader.metadata)
    assert not reader.attachments
