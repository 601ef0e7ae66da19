"""Home by the keyboard alone, and on a phone: what a button opens is next, and what a search found is seen."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import ADMIN, arrive
from tests.pages.test_home import search_for
from tests.parts.chromium import PHONE, NewPage
from tests.parts.cts_server import RunningCts

pytestmark = pytest.mark.browser

MOST_FIELDS = 8
"""No panel has more."""


def test_what_a_button_opens_is_next_for_the_keyboard(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, ADMIN)
    for name, first, following in (("Filters", "Lead agency", "My lists"), ("My lists", "Save this list as", "Export")):
        button = page.get_by_role("button", name=name)
        button.press("Enter")
        inside = page.get_by_test_id("stPopoverBody")
        expect(inside.get_by_label(first)).to_be_visible()
        page.keyboard.press("Tab")
        expect(inside.get_by_label(first)).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(button).to_be_focused()
        for _ in range(MOST_FIELDS):
            page.keyboard.press("Tab")
            if not inside.locator(":focus").count():
                break
        expect(page.get_by_role("button", name=following)).to_be_focused()
        button.focus()
        page.keyboard.press("Escape")
        expect(inside).to_have_count(0)


def test_what_a_search_found_is_said_and_seen_at_once_on_a_phone(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, ADMIN, size=PHONE)
    expect(page.get_by_role("heading", name="Waiting on me")).to_be_visible()
    search_for(page, last_name="RODRÍG")
    expect(page.get_by_role("status").filter(has_text="Found: on your listing 4")).to_be_visible()
    expect(page.get_by_text("Total: 4")).to_be_in_viewport()
    waits, listing = (
        page.get_by_role("heading", name=name).bounding_box() for name in ("Waiting on me", "Assignment L")
    )
    assert waits and listing and waits["y"] > listing["y"]
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("Found: on")).to_have_count(0)
