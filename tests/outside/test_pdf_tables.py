"""Tables on paper: amounts and totals, text below a row, the order of the form; and several documents in one file."""

import re
from dataclasses import replace
from io import BytesIO

from pypdf import PdfReader

from cts.outside.pdf import PrintedEntry, PrintedSection, PrintedTable, render_pdf
from tests.outside.test_pdf import DOCUMENT, read, text_of, with_answers


def test_amounts_stand_at_the_right_edge_with_their_total() -> None:
    rows = (("Coat", "$1,234.50"), ("Pen", "$1.05"))
    table = PrintedTable("Items", ("Item", "Cost"), rows, amounts=(1,), totals=("Total", "$1,235.55"))
    page = read(replace(DOCUMENT, sections=(PrintedSection("Money", (table,)),), history=(), signatures=())).pages[0]
    ends: dict[str, float] = {}

    def note(text: str, _cm: object, matrix: list[float], _font: object, size: float) -> None:
        if text.strip().startswith("$"):
            ends[text.strip()] = round(matrix[4])

    page.extract_text(visitor_text=note)
    assert set(ends) == {"$1,234.50", "$1.05", "$1,235.55"}
    assert ends["$1,235.55"] < ends["$1,234.50"] + 1 < ends["$1.05"], "the longer an amount, the further left it begins"
    assert "Total $1,235.55" in text_of(read(replace(DOCUMENT, sections=(PrintedSection("Money", (table,)),))))


def test_totals_never_stand_alone_under_no_headings() -> None:
    for count in range(28, 42):
        table = PrintedTable("Items", ("Item", "Cost"), (("Coat", "$1.00"),) * count, (1,), ("Total", f"${count}.00"))
        document = replace(DOCUMENT, sections=(PrintedSection("Money", (table,)),), history=(), signatures=())
        last = next(page.extract_text() for page in read(document).pages if f"${count}.00" in page.extract_text())
        assert re.search(r"Item\s+Cost", last), f"with {count} rows"


def test_what_stands_below_a_row_is_kept_over_pages() -> None:
    words = [f"word{number:04d}" for number in range(1400)]
    table = PrintedTable(
        "Visits", ("Date", "Type"), (("11/02/2026", "Visit"), ("11/03/2026", "Call")), beneath=(" ".join(words), "")
    )
    reader = read(replace(DOCUMENT, sections=(PrintedSection("Activity", (table,)),)))
    text = text_of(reader)
    assert re.findall(r"word\d{4}", text) == words and "11/03/2026" in text
    for page in reader.pages:
        if "word" in page.extract_text():
            assert re.search(r"Date\s+Type", page.extract_text())


def test_a_date_is_never_broken_by_long_neighbours() -> None:
    long = "A sentence of some length that fills the cell. " * 12
    headings = ("Goal", "Action Step", "Due Date", "Team Member", "Completed", "If no, why")
    table = PrintedTable("Goals", headings, ((long, long, "11/20/2026", "The aunt and the coach", "Yes", long),))
    assert "11/20/2026" in read(replace(DOCUMENT, sections=(PrintedSection("Plan", (table,)),))).pages[0].extract_text()


def test_where_many_columns_have_little_room_the_longest_words_are_cut_and_days_and_names_stay_whole() -> None:
    headings = ("Assignment #", "State ID", "Referral #", "CPH Referral Date", "Referral Name", "Youth Name")
    headings += ("Case #", "Status", "Agency / Advocate", "CSW / DPO", "SCSW / SDPO", "Marks")
    row = (
        "10012",
        "85211780",
        "3500-5339-9115-8156276",
        "04/26/2026",
        "Castaneda 10 DAY",
        "Rodriguez, Veronica E",
    )
    row += ("3203-887-7917-40089133", "Pending CSEC Admin Approval", "Harbor Light Advocacy / Elizabeth Advocate")
    row += ("Esperanza Abbott", "Deja Hakobyan", "Covered for Guadalupe Harris")
    table = PrintedTable("", headings, (row,) * 3)
    paper = replace(DOCUMENT, landscape=True, sections=(PrintedSection("Listed", (table,)),))
    lines = read(paper).pages[0].extract_text()
    for whole in (
        "Assignment",
        "04/26/2026",
        "Castaneda",
        "Esperanza",
        "Hakobyan",
        "Guadalupe",
        "Advocacy",
        "Advocate",
    ):
        assert whole in lines, whole
    # A number in groups is cut between two groups, not within one.
    assert re.search(r"3500-5339-9115-\s*\n?\s*", lines) and "8156276" in lines and "40089133" in lines


def test_an_empty_table_says_so_and_prints_no_headings() -> None:
    table = PrintedTable("Receipts", ("Receipt", "Amount"), (), (1,), none="No receipt was handed in.")
    text = text_of(read(replace(DOCUMENT, sections=(PrintedSection("Money", (table,)),))))
    assert "Receipts No receipt was handed in." in text and "Amount" not in text


def test_answers_and_tables_keep_the_order_of_the_form() -> None:
    parts = (PrintedEntry("First", "one"), PrintedTable("Second", ("Two",), (("2",),)), PrintedEntry("Third", "three"))
    text = text_of(read(replace(DOCUMENT, sections=(PrintedSection("All", parts, "A note."),))))
    assert text.index("A note.") < text.index("First") < text.index("Second") < text.index("Third")


def test_several_documents_in_one_file_are_counted_and_found() -> None:
    long = "A sentence of some length that fills the page. " * 120
    cover = replace(DOCUMENT, title="Client Record", watermark=None, status="Approved", sections=(), history=())
    first = replace(with_answers(long), title="Advocacy Plan", status="Rejected", watermark="REJECTED - NOT APPROVED")
    second = replace(with_answers("short"), title="Termination Report", status="Approved")
    reader = PdfReader(BytesIO(render_pdf(cover, first, second)))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, start=1)] == [True] * len(pages)
    begins = {
        title: next(n for n, p in enumerate(pages[1:], start=2) if title in p)
        for title in ("Advocacy Plan", "Termination Report")
    }
    layout = reader.pages[0].extract_text(extraction_mode="layout")
    for title, page in begins.items():
        assert re.search(rf"{title}\s.*Page {page}\b", layout)
    marked = ["NOTAPPROVED" in "".join(page.split()) for page in pages]
    assert marked == [begins["Advocacy Plan"] <= n < begins["Termination Report"] for n in range(1, len(pages) + 1)]
    assert reader.metadata is not None and reader.metadata.title == "Client Record, assignment 10084"
