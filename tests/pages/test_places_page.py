"""Offices and agencies in a real browser: what the end of a contract means is shown first, and nobody saves over what somebody else kept."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from cts.services.fetching import today_of
from tests.browser.looking import SETTLED, Looks
from tests.browser.people import (
    ADMIN,
    ADMIN_SECOND,
    COORDINATOR,
    Cast,
    act,
    arrive,
    confirm,
    pick,
    question,
    table,
    write,
    write_date,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = pytest.mark.browser

HARBOR, NEW_DAWN = "Harbor Light Advocacy", "New Dawn Youth Alliance"
MEANWHILE = "Somebody else has changed this meanwhile. Nothing is saved; it stands here now as it is kept."


def us(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def kept(page: Page, agency: str) -> Locator:
    """The row of the agency in the table."""
    return table(page, "Agencies").get_by_role("row").filter(has_text=agency)


def form_of(new_page: NewPage, cts: RunningCts, who: Cast, agency: str) -> Page:
    """The agency chosen, its form on the page."""
    page = arrive(new_page, cts, who, "/places")
    pick(page, "Change an agency, or add one", agency)
    expect(question(page, "Agency name")).to_have_value(agency)
    return page


def ask_end(page: Page, last: date) -> Locator:
    """Type the last day, and save: the dialog that asks first."""
    write_date(page, "Last day of the contract, if any", us(last))
    return act(page, "Save agency")


def test_the_end_of_a_contract_is_shown_left_and_saved(running_cts: RunningCts, new_page: NewPage) -> None:
    looks = Looks()
    passed = today_of(datetime.now(UTC)) - timedelta(days=1)
    agency = arrive(new_page, running_cts, COORDINATOR)
    page = form_of(new_page, running_cts, ADMIN, HARBOR)
    dialog = ask_end(page, passed)
    expect(dialog).to_contain_text(
        f"The last day, {us(passed)}, has passed: 3 people of the agency lose access at once"
    )
    expect(dialog).to_contain_text(re.compile(r"2 assignments in service there; 0 other open assignments\."))
    expect(dialog).to_contain_text("Nothing is saved yet.")
    looks.at(page, "end of a contract")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Save agency")).to_be_focused()
    act(page, "Save agency").get_by_role("button", name="Back").click()
    expect(dialog).to_have_count(0)
    page.locator(SETTLED).wait_for()
    expect(kept(page, HARBOR)).to_contain_text("no end")
    agency.reload()
    expect(agency.get_by_role("heading", name="Home")).to_be_visible()

    confirm(act(page, "Save agency"), "Yes, save the contract", "The agency is saved.")
    expect(kept(page, HARBOR)).to_contain_text(us(passed))
    agency.goto("/")
    expect(agency.get_by_label("User name")).to_be_visible()
    new_page.allow("status of 401")
    assert looks.found == []


def test_of_two_who_change_an_agency_at_once_the_second_takes_nothing_back(
    running_cts: RunningCts, new_page: NewPage
) -> None:
    soon, later = (today_of(datetime.now(UTC)) + timedelta(days=days) for days in (20, 80))

    first = form_of(new_page, running_cts, ADMIN, NEW_DAWN)
    second = form_of(new_page, running_cts, ADMIN_SECOND, NEW_DAWN)
    asked = ask_end(second, later)
    confirm(ask_end(first, soon), "Yes, save the contract", "The agency is saved.")
    asked.get_by_role("button", name="Yes, save the contract").click()
    expect(second.get_by_text(MEANWHILE)).to_be_visible()
    expect(kept(second, NEW_DAWN)).to_contain_text(us(soon))

    # Whoever only corrects a name on a page that was opened before leaves the end as the other has set it.
    stale = form_of(new_page, running_cts, ADMIN_SECOND, NEW_DAWN)
    confirm(ask_end(first, soon - timedelta(days=1)), "Yes, save the contract", "The agency is saved.")
    write(stale, "Short name", "ND")
    stale.get_by_role("button", name="Save agency").click()
    expect(stale.get_by_text(MEANWHILE)).to_be_visible()
    expect(kept(stale, NEW_DAWN)).to_contain_text(us(soon - timedelta(days=1)))
    expect(question(stale, "Short name")).to_have_value("NDY")
    write(stale, "Short name", "ND")
    stale.get_by_role("button", name="Save agency").click()
    expect(stale.get_by_text("The agency is saved.")).to_be_visible()
    expect(kept(stale, NEW_DAWN)).to_contain_text(re.compile(r"AllianceND01"))
    expect(kept(stale, NEW_DAWN)).to_contain_text(us(soon - timedelta(days=1)))
