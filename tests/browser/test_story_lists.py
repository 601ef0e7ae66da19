"""A list is narrowed, sorted, left and found again, kept under a name, and exported; by mouse, by keyboard and on a phone."""

from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import ADMIN, ADVOCATE, CSW, arrive, go_home, pick, table
from tests.browser.service_people import settle
from tests.parts.chromium import PHONE, NewPage
from tests.parts.cts_server import RunningCts

pytestmark = pytest.mark.browser


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def total(page: Page, number: str) -> None:
    expect(page.get_by_text(f"Total: {number}", exact=True)).to_be_visible()


def filter_by(page: Page, label: str, option: str) -> None:
    """Open the panel, choose, close it with the keyboard."""
    page.get_by_role("button", name="Filters", exact=True).click()
    pick(page, label, option)
    page.keyboard.press("Escape")
    expect(page.get_by_text(f"{label}: {option}", exact=True)).to_be_visible()


def numbers_of(file: bytes) -> list[int]:
    page = load_workbook(BytesIO(file)).active
    assert page is not None
    return [row[0] for row in page.iter_rows(values_only=True) if isinstance(row[0], int)]


def fetched(page: Page, kind: str, to: Path) -> bytes:
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=kind, exact=True).click()
    assert waiting.value.suggested_filename.startswith("CTS-Assignment-Listing-")
    waiting.value.save_as(to)
    page.keyboard.press("Escape")
    return to.read_bytes()


def test_a_list_is_narrowed_left_found_again_kept_and_exported(
    new_page: NewPage, running_cts: RunningCts, tmp_path: Path
) -> None:
    page = arrive(new_page, running_cts, ADMIN)
    total(page, "250")
    filter_by(page, "Lead agency", "Probation")
    table(page).get_by_role("button", name="Youth Name").click()
    expect(table(page).get_by_role("columnheader", name="Youth Name")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Page 2").click()
    expect(page).to_have_url(f"{running_cts.base_url}/?lead=Probation&sort=youth&page=2")
    settle(page)  # the address is there a moment before the rows
    first = table(page).get_by_role("rowheader").first.inner_text()

    table(page).get_by_role("link").first.click()
    expect(page.get_by_text(f"Assignment # {first}", exact=True)).to_be_visible()
    page.get_by_role("link", name="Back", exact=True).click()
    expect(table(page).get_by_role("rowheader").first).to_have_text(first)
    assert query(page) == {"lead": ["Probation"], "sort": ["youth"], "page": ["2"]}

    page.get_by_role("button", name="My lists", exact=True).click()
    page.get_by_label("Save this list as").fill("Probation by name")
    page.get_by_role("button", name="Save this list").click()
    expect(page.get_by_role("button", name="Open list Probation by name")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear lead agency").click()
    total(page, "250")
    go_home(page)
    page.get_by_role("button", name="My lists", exact=True).press("Enter")
    page.get_by_role("button", name="Open list Probation by name").press("Enter")
    expect(page).to_have_url(f"{running_cts.base_url}/?lead=Probation&sort=youth")
    settle(page)

    count = int(page.get_by_text("Total: ").inner_text()[7:])
    file = fetched(page, "Excel", tmp_path / "list.xlsx")
    assert len(numbers_of(file)) == count > 25
    assert fetched(page, "PDF", tmp_path / "list.pdf").startswith(b"%PDF")
    page.get_by_role("button", name="My lists", exact=True).click()
    page.get_by_role("button", name="Remove list Probation by name").click()
    expect(page.get_by_text("You have not saved a list yet.")).to_be_visible()


def test_what_was_searched_for_is_exported_and_stands_in_no_address(
    new_page: NewPage, running_cts: RunningCts, tmp_path: Path
) -> None:
    page = arrive(new_page, running_cts, CSW)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    mine = table(page).get_by_role("row").nth(1).get_by_role("cell").nth(4).inner_text().partition(",")[0]
    page.get_by_role("textbox", name="Youth Last Name").fill(mine)
    page.get_by_role("textbox", name="Youth Last Name").press("Enter")
    expect(page.get_by_role("heading", name="Elsewhere in the county", exact=True)).to_be_visible()
    settle(page)
    listed = [int(cell) for cell in table(page).get_by_role("rowheader").all_inner_texts()]
    assert numbers_of(fetched(page, "Excel", tmp_path / "found.xlsx")) == listed
    assert asked and not any(mine.lower() in url.lower() for url in asked)
    fetch = next(url for url in asked if "/exports/" in url)
    other = arrive(new_page, running_cts, ADMIN)
    assert other.request.get(fetch).status == 404
    assert page.request.get(fetch).status == 200


def test_a_place_clicked_twice_is_one_step_back(new_page: NewPage, running_cts: RunningCts) -> None:
    """People click twice out of habit; Back, pressed once, has to lead to where they were."""
    page = arrive(new_page, running_cts, ADMIN)
    page.get_by_role("button", name="Page 2").dblclick()
    expect(page).to_have_url(f"{running_cts.base_url}/?page=2")
    settle(page)
    table(page).get_by_role("link").first.dblclick()
    expect(page.get_by_role("link", name="Back", exact=True)).to_be_visible()
    settle(page)
    page.go_back()
    expect(page).to_have_url(f"{running_cts.base_url}/?page=2")
    page.go_back()
    expect(page).to_have_url(f"{running_cts.base_url}/")
    expect(page.get_by_role("button", name="Page 1", exact=True)).to_have_attribute("aria-current", "page")


def test_the_second_half_of_a_double_click_does_not_press_what_has_come_under_the_pointer(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, ADMIN)

    def click(button: Locator, half: int) -> None:
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down(click_count=half)
        page.mouse.up(click_count=half)

    turn = page.get_by_role("button", name="Next page")
    for number in (2, 3):  # the same button, drawn anew
        click(turn, number - 1)
        expect(page).to_have_url(f"{running_cts.base_url}/?page={number}")
        settle(page)
    click(page.get_by_role("button", name="Page 1", exact=True), 2)
    click(page.get_by_role("button", name="My lists", exact=True), 2)
    settle(page)
    expect(page).to_have_url(f"{running_cts.base_url}/?page=3")
    expect(page.get_by_label("Save this list as")).to_have_count(0)
    click(page.get_by_role("button", name="Page 1", exact=True), 1)
    expect(page).to_have_url(f"{running_cts.base_url}/")


def test_a_phone_narrows_and_clears_and_an_advocate_is_offered_no_agency(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, ADMIN, "/?status=Any&lead=Probation&agency=999", size=PHONE)
    expect(page.get_by_text("Agency: not on your listing", exact=True)).to_be_visible()
    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth <= e.clientWidth")
    page.get_by_role("button", name="Clear all filters").click()
    total(page, "250")
    expect(page).to_have_url(f"{running_cts.base_url}/")
    advocate = arrive(new_page, running_cts, ADVOCATE)
    advocate.get_by_role("button", name="Filters", exact=True).click()
    expect(advocate.get_by_role("combobox", name="Agency")).to_have_count(0)
    expect(advocate.get_by_role("combobox", name="Advocate")).to_have_count(0)


def test_a_list_is_kept_under_any_name_which_is_shown_as_typed(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, ADMIN, size=PHONE)
    page.get_by_role("button", name="My lists", exact=True).click()
    # A word that cannot be broken leaves the button beside it its place; markup and a formula are names like others.
    for name in ("W" * 60, "<b>x</b> **y** $z$ [a](http://b) :red[c]", "=1+1"):
        page.get_by_label("Save this list as").fill(name)
        page.get_by_role("button", name="Save this list").click()
        opens = page.get_by_role("button", name=f"Open list {name}", exact=True)
        expect(opens).to_have_text(name)
        box = page.get_by_role("button", name=f"Remove list {name}", exact=True).bounding_box()
        assert box and box["width"] > box["height"], name
    page.get_by_label("Save this list as").fill("=1+1 ")
    page.get_by_role("button", name="Save this list").click()
    expect(page.get_by_text("You already have a list of this name.")).to_be_visible()


def test_back_leads_to_the_row_that_was_opened(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, ADMIN, "/?lead=DCFS&page=2")
    main = page.get_by_test_id("stMain")
    row = table(page).get_by_role("rowheader").nth(20).get_by_role("link")
    number = row.inner_text()

    def open_row() -> int:
        """Press the link far down; how far the page is scrolled then."""
        row.scroll_into_view_if_needed()
        down: int = main.evaluate("e => e.scrollTop")
        row.click()
        expect(page.get_by_text(f"Assignment # {number}", exact=True)).to_be_visible()
        return down

    for back in (lambda: page.get_by_role("link", name="Back", exact=True).click(), page.go_back):
        down = open_row()
        assert down > 100
        back()
        expect(page).to_have_url(f"{running_cts.base_url}/?lead=DCFS&page=2")
        # The keyboard goes on where it was, and the list stands as it was left.
        expect(row).to_be_focused()
        assert abs(main.evaluate("e => e.scrollTop") - down) < 3
    # Whoever goes there anew begins at the top.
    open_row()
    go_home(page)
    settle(page)
    assert main.evaluate("e => e.scrollTop") == 0
