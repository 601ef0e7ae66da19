"""Rows of a form in a browser: goals, items and receipts as cards; nothing typed is lost, whoever else writes."""

import io
import re
import sqlite3
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.keeping import kept_at
from tests.browser.looking import Looks
from tests.browser.people import ADMIN, ADVOCATE, CSW, arrive
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def number(running_cts: RunningCts) -> Iterator[int]:
    """The youth of the demonstration who is in phase 2, with an approved Restoration Fund Request."""
    with sqlite3.connect(running_cts.var_dir / "cts.sqlite") as database:
        found = database.execute(
            "select a.number from assignment a join document d on d.assignment_id = a.id "
            "where d.kind = 'Restoration Fund Request' and d.status = 'Approved'"
        ).fetchone()
    yield found[0]


def plan(number: int) -> str:
    return f"/assignment?number={number}&tab=plan&item=plan-2"


def funds(number: int) -> str:
    return f"/assignment?number={number}&tab=requests&item=funds-1"


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def cell(page: Page, row: str, label: str) -> Locator:
    return card(page, row).get_by_role("textbox", name=label)


def saved(page: Page) -> None:
    """What was typed has reached the server."""
    page.wait_for_timeout(300)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    expect(page.get_by_text(re.compile("^Saved "))).to_be_visible()


def test_a_text_is_kept_by_whoever_goes_to_another_phase_at_once(
    running_cts: RunningCts, new_page: NewPage, number: int
) -> None:
    page = arrive(new_page, running_cts, ADVOCATE, plan(number))
    warnings = page.get_by_role("textbox", name="Warnings")
    way = page.get_by_role("table", name="Phases of the Advocacy Plan").get_by_role("link", name="Phase 1")
    expect(way).to_be_visible()
    for turn in range(3):
        warnings.fill(f"Typed, then away {turn}")
        way.click()
        expect(page.get_by_role("heading", name="Advocacy Plan: Phase 1")).to_be_visible()
        page.goto(plan(number))
        expect(warnings).to_have_value(f"Typed, then away {turn}")


def test_a_goal_is_added_removed_and_brought_back_to_its_place(
    running_cts: RunningCts, new_page: NewPage, number: int
) -> None:
    page = arrive(new_page, running_cts, ADVOCATE, plan(number))
    expect(card(page, "Goal 2")).to_be_visible()
    page.get_by_role("button", name="Add a goal").click()
    expect(cell(page, "Goal 3", "Goal *")).to_be_focused()
    cell(page, "Goal 3", "Goal *").fill("Learn to ride the bus")
    cell(page, "Goal 3", "Action Step *").fill("Ride once a week together")
    cell(page, "Goal 3", "Team Member *").fill("Alan Advocate")
    cell(page, "Goal 3", "Team Member *").blur()
    saved(page)
    card(page, "Goal 2").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Goal 2 was removed.")).to_be_visible()
    expect(cell(page, "Goal 2", "Goal *")).to_have_value("Learn to ride the bus")
    page.get_by_role("button", name="Undo").click()
    expect(cell(page, "Goal 2", "Goal *")).to_have_value("Know whom to call at night")
    expect(cell(page, "Goal 3", "Action Step *")).to_have_value("Ride once a week together")
    saved(page)
    page.reload()
    expect(cell(page, "Goal 2", "Goal *")).to_have_value("Know whom to call at night")
    expect(cell(page, "Goal 3", "Goal *")).to_have_value("Learn to ride the bus")
    # A row that was added and left empty is not there any more.
    page.get_by_role("button", name="Add a goal").click()
    expect(card(page, "Goal 4")).to_be_visible()
    page.reload()
    expect(card(page, "Goal 3")).to_be_visible()
    expect(card(page, "Goal 4")).to_have_count(0)


def test_two_tabs_that_write_rows_lose_nothing(running_cts: RunningCts, new_page: NewPage, number: int) -> None:
    one = arrive(new_page, running_cts, ADVOCATE, plan(number))
    other = one.context.new_page()
    other.goto(one.url)
    expect(card(other, "Goal 2")).to_be_visible()
    cell(one, "Goal 1", "Goal *").fill("Attend school every day")
    cell(one, "Goal 1", "Goal *").blur()
    saved(one)
    cell(other, "Goal 1", "Team Member *").fill("Alan Advocate and the aunt")
    cell(other, "Goal 1", "Team Member *").blur()
    saved(other)
    other.get_by_role("button", name="Add a person").click()
    cell(other, "Person 2", "Name *").fill("Grandmother")
    cell(other, "Person 2", "Name *").blur()
    saved(other)
    one.get_by_role("button", name="Add a person").click()
    cell(one, "Person 2", "Name *").fill("Older brother")
    cell(one, "Person 2", "Name *").blur()
    saved(one)
    for page in (one, other):
        page.reload()
        expect(cell(page, "Goal 1", "Goal *")).to_have_value("Attend school every day")
        expect(cell(page, "Goal 1", "Team Member *")).to_have_value("Alan Advocate and the aunt")
        people = [cell(page, f"Person {n}", "Name *").input_value() for n in (1, 2, 3)]
        assert sorted(people) == ["Grandmother", "Maternal aunt", "Older brother"]


def test_a_cell_typed_in_the_last_moment_is_kept_and_a_removed_row_stays_away(
    running_cts: RunningCts, new_page: NewPage, number: int
) -> None:
    page = arrive(new_page, running_cts, ADVOCATE, plan(number))
    url, context = page.url, page.context
    cell(page, "Goal 1", "Action Step *").fill("Typed, then closed at once")
    page.close(run_before_unload=True)
    page = kept_at(
        url, context.new_page(), lambda page: cell(page, "Goal 1", "Action Step *"), "Typed, then closed at once"
    )
    page.get_by_role("button", name="Add a professional").click()
    cell(page, "Professional 2", "Name *").fill("Somebody")
    cell(page, "Professional 2", "Name *").blur()
    expect(cell(page, "Professional 2", "Name *")).to_have_value("Somebody")
    card(page, "Professional 2").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Professional 2 was removed.")).to_be_visible()
    page.close(run_before_unload=True)
    page = context.new_page()
    page.goto(url)
    expect(card(page, "Professional 1")).to_be_visible()
    expect(card(page, "Professional 2")).to_have_count(0)


def test_what_is_missing_in_a_row_leads_to_its_very_cell(
    running_cts: RunningCts, new_page: NewPage, number: int
) -> None:
    page = arrive(new_page, running_cts, ADVOCATE, plan(number))
    page.get_by_role("button", name="Add a long-term goal").click()
    cell(page, "Goal 2", "Action Step *").fill("")
    cell(page, "Goal 2", "Action Step *").blur()
    saved(page)
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("heading", name="need your attention before you can submit")).to_be_in_viewport()
    # The empty row that was added asks for nothing.
    expect(page.get_by_role("link", name=re.compile("Long-term goal 2"))).to_have_count(0)
    page.get_by_role("link", name="Goal 2, Action Step", exact=True).click()
    expect(cell(page, "Goal 2", "Action Step *")).to_be_focused()
    page.keyboard.type("Try the numbers out together")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Goal 2, Action Step", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Safety Plan", exact=True).click()
    expect(page.get_by_role("textbox", name="Safety Plan *")).to_be_focused()


def test_money_is_judged_while_typing_rests_and_added_up_and_a_receipt_is_kept(
    running_cts: RunningCts, new_page: NewPage, number: int
) -> None:
    page = arrive(new_page, running_cts, ADVOCATE, funds(number))
    expect(card(page, "Item 1").get_by_text("Winter coat")).to_be_visible()
    expect(card(page, "Item 1").get_by_role("button", name="Remove")).to_have_count(0)
    cost = cell(page, "Item 1", "Actual Cost *")
    for typed in ("12x", "-3", "900000"):
        cost.fill("")
        cost.press_sequentially(typed)
        expect(card(page, "Item 1").get_by_text(re.compile("^Actual Cost: "))).to_be_visible()
    cost.fill("1,234.50")
    cost.blur()
    expect(card(page, "Item 1").get_by_text(re.compile("^Actual Cost: "))).to_have_count(0)
    expect(page.get_by_text("Total Actual Cost $1,234.50")).to_be_visible()
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    files = card(page, "Receipt 1").locator("input[type=file]")
    files.set_input_files({"name": "coat *receipt*.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    expect(card(page, "Receipt 1").get_by_role("button", name="Replace")).to_be_visible()
    cell(page, "Receipt 1", "Amount *").fill("1234.5")
    cell(page, "Receipt 1", "Amount *").blur()
    expect(page.get_by_text("Total Amount $1,234.50")).to_be_visible()
    page.reload()
    expect(card(page, "Receipt 1").get_by_text("coat receipt.png")).to_be_visible()
    answer = page.request.get(card(page, "Receipt 1").get_by_role("link", name="Open").get_attribute("href") or "")
    assert (answer.status, answer.body()) == (200, picture.getvalue())
    # Not submitted yet: the case worker reads the request as it was approved.
    reader = arrive(new_page, running_cts, CSW, funds(number))
    expect(reader.get_by_text("Actual costs and receipts are being written down by Alan Advocate.")).to_be_visible()
    expect(reader.get_by_role("table", name="Item(s) Requested").get_by_text("Winter coat")).to_be_visible()
    expect(reader.get_by_text("$1,234.50")).to_have_count(0)


def test_every_document_is_without_barriers_on_a_desk_and_on_a_phone(
    running_cts: RunningCts, new_page: NewPage, number: int
) -> None:
    looks = Looks()
    for who in (ADVOCATE, CSW, ADMIN):
        page = arrive(new_page, running_cts, who, plan(number))
        for name, path in (("plan", plan(number)), ("plan-1", plan(number)[:-1] + "1"), ("funds", funds(number))):
            page.goto(path)
            expect(page.get_by_role("link", name="PDF", exact=True)).to_be_visible()
            looks.at(page, f"{name}-{who.user}")
    assert looks.found == []
