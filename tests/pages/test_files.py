"""The Documents tab and Restoration Funds in a real browser."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.browser.people import (
    ADMIN,
    ADVOCATE,
    COORDINATOR,
    CSW,
    OTHER_COORDINATOR,
    SECOND_ADVOCATE,
    Cast,
    arrive,
    table,
)
from tests.outside.test_file_checks import HOSTILE, a_pdf, a_picture
from tests.pages.test_home import database
from tests.parts.chromium import DESKTOP, PHONE, NewPage
from tests.parts.cts_server import RunningCts

pytestmark = pytest.mark.browser

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
A_NAME = "School [x](evil.example) <b>record.pdf"
SHOWN = "School [x](evil.example) b record.pdf"


@pytest.fixture(scope="module")
def number(running_cts: RunningCts) -> int:
    """The youth of the demonstration that Alan Advocate serves and Guadalupe Harris works with."""
    with database(running_cts) as connection:
        wanted = "SELECT a.number FROM assignment a JOIN document d ON d.assignment_id = a.id WHERE d.kind = ?"
        found: int = connection.execute(wanted, ("Restoration Fund Request",)).fetchone()[0]
    return found


def documents(number: int) -> str:
    return f"/assignment?number={number}&tab=documents"


def add(page: Page, kind: str, *files: Path) -> None:
    """Choose the kind and the files, and press the button."""
    page.get_by_role("combobox", name="Kind of document").click()
    page.get_by_role("option", name=kind, exact=True).click()
    page.locator("input[type=file]").set_input_files(list(files))
    expect(page.get_by_test_id("stFileChip")).to_have_count(len(files))
    expect(page.get_by_test_id("stFileChipIconSpinner")).to_have_count(0)
    page.get_by_role("button", name="Add documents").click()


def test_several_files_are_each_answered_downloaded_and_removed_with_a_reason(
    new_page: NewPage, running_cts: RunningCts, number: int, tmp_path: Path
) -> None:
    contents = {
        A_NAME: a_pdf(),
        "drawing.svg": HOSTILE["an SVG"][0],
        "macro.docx": HOSTILE["a Word document with macros"][0],
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    page = arrive(new_page, running_cts, ADVOCATE, documents(number))
    expect(page.get_by_text("No document has been added yet.")).to_be_visible()
    # What stands below the head of the record is pushed down when that is drawn.
    expect(page.get_by_role("heading", name="Client record")).to_be_visible()
    page.get_by_role("button", name="Add documents").click()
    expect(page.get_by_text("Please choose the kind of document, and at least one file.")).to_be_visible()

    add(page, "School", *(tmp_path / name for name in contents))
    expect(page.get_by_text(f"{SHOWN} was added.")).to_be_visible()
    expect(page.get_by_text("drawing.svg was not added. This is a web page or a drawing")).to_be_visible()
    expect(page.get_by_text("macro.docx was not added. This file holds macros")).to_be_visible()
    rows = table(page, "Documents").get_by_role("row")
    expect(rows).to_have_count(2)
    assert table(page, "Documents").locator("b, img").count() == 0
    with page.expect_download() as waiting:
        page.get_by_role("link", name=f"School: {SHOWN}").click()
    assert waiting.value.suggested_filename == SHOWN
    assert Path(waiting.value.path()).read_bytes() == a_pdf()

    add(page, "Other", tmp_path / A_NAME)
    expect(page.get_by_text(f"This file is here already: {SHOWN} (School), added by Alan Advocate")).to_be_visible()
    expect(rows).to_have_count(2)

    token = str(page.get_by_role("link", name=f"School: {SHOWN}").get_attribute("href"))
    page.get_by_role("button", name=f"Remove School: {SHOWN}").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(dialog.get_by_text("Please say why the file is removed.")).to_be_visible()
    dialog.get_by_role("textbox", name="Reason").fill("Of another *youth*.")
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("The document was removed.")).to_be_visible()
    expect(page.get_by_text("Of another *youth*.")).to_be_visible()
    expect(table(page, "Documents")).to_have_count(0)
    assert page.request.get(token).status == 404


def test_others_read_and_strangers_find_nothing(
    new_page: NewPage, running_cts: RunningCts, number: int, tmp_path: Path
) -> None:
    (tmp_path / "order.png").write_bytes(a_picture("PNG"))
    page = arrive(new_page, running_cts, CSW, documents(number))
    add(page, "Court document", tmp_path / "order.png")
    link = page.get_by_role("link", name="Court document: order.png")
    expect(link).to_be_visible()
    href = str(link.get_attribute("href"))
    reader = arrive(new_page, running_cts, COORDINATOR, documents(number))
    expect(reader.get_by_role("link", name="Court document: order.png")).to_be_visible()
    expect(
        reader.get_by_text("The Advocate and the case worker of this youth add files; all others can read.")
    ).to_be_visible()
    expect(reader.get_by_role("button", name="Add documents")).to_have_count(0)
    expect(reader.get_by_role("button", name="Remove")).to_have_count(0)
    for who in (OTHER_COORDINATOR, SECOND_ADVOCATE):
        stranger = arrive(new_page, running_cts, who, documents(number))
        expect(stranger.get_by_role("heading", name="Not found")).to_be_visible()
        assert (stranger.request.get(href).status, b"PNG" in stranger.request.get(href).body()) == (404, False)


def test_restoration_funds_are_for_the_program_and_the_agency(
    new_page: NewPage, running_cts: RunningCts, number: int
) -> None:
    page = arrive(new_page, running_cts, ADMIN, "/restoration-funds")
    row = table(page, "Restoration Fund Requests").get_by_role("row").filter(has_text=str(number))
    expect(row).to_contain_text("Approved")
    figures = page.locator(".st-key-cts_ledger_figures [data-testid=stMetricValue]").all_inner_texts()
    assert figures[1].startswith("$")
    assert figures[2:] == ["$0.00", "$0.00"]
    every = table(page, "Restoration Funds by agency").get_by_role("row").last
    assert every.get_by_role("cell").all_inner_texts()[1:] == figures
    row.get_by_role("link").click()
    expect(page.get_by_text(f"Assignment # {number}").first).to_be_visible()
    expect(table(page, "Ledger of Restoration Funds")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Restoration Funds", exact=True)).to_be_visible()
    page.get_by_role("combobox", name="Agency").click()
    page.get_by_role("option", name="Harbor Light Advocacy").click()
    expect(table(page, "Restoration Funds by agency")).to_have_count(0)
    expect(row).to_be_visible()
    row.get_by_role("link").click()
    expect(page.get_by_text(f"Assignment # {number}").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/restoration-funds\?agency=Harbor\+Light\+Advocacy$"))
    expect(page.get_by_role("combobox", name="Agency")).to_have_value("Harbor Light Advocacy")
    page.reload()
    expect(row).to_be_visible()
    expect(table(page, "Restoration Funds by agency")).to_have_count(0)

    rival = arrive(new_page, running_cts, OTHER_COORDINATOR, "/restoration-funds")
    expect(rival.get_by_text("No Restoration Fund Request has been submitted in this period.")).to_be_visible()
    expect(rival.get_by_text(str(number))).to_have_count(0)
    refused = arrive(new_page, running_cts, CSW, "/restoration-funds")
    expect(refused.get_by_text("This page is for")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("who", [ADVOCATE, ADMIN], ids=lambda who: who.user)
def test_no_barrier_is_found_and_nothing_is_wider_than_the_screen(
    new_page: NewPage, running_cts: RunningCts, number: int, who: Cast, size: tuple[int, int]
) -> None:
    page = arrive(new_page, running_cts, who, documents(number), size=size)
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()
    places = [documents(number), "/restoration-funds"] if who is ADMIN else [documents(number)]
    for place in places:
        page.goto(place)
        expect(page.get_by_role("heading", name="Documents" if place == places[0] else "Requests")).to_be_visible()
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
        assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth <= e.clientWidth")
