"""What is chosen on a page stands in its address: a reload, Back and a link show the same. Names that are typed do not stand there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import ADMIN, CSW, SUPPORT, arrive, table
from tests.pages.test_home import expect_address
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = pytest.mark.browser


def choose(page: Page, label: str, option: str) -> None:
    """One of a list to choose from."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_back_pressed_at_once_takes_back_what_was_chosen_a_moment_ago(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, CSW, "/?status=Any")
    column = table(page).get_by_role("columnheader", name="Youth Name")
    column.get_by_role("button").click()
    expect(column).to_have_attribute("aria-sort", "ascending")
    page.go_back()
    expect(column).not_to_have_attribute("aria-sort", "ascending")
    expect_address(page, running_cts, "/?status=Any")


def test_of_two_choices_made_quickly_none_undoes_the_other(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, SUPPORT, "/accounts")
    page.get_by_role("radio", name="Active").check()
    choose(page, "Role", "Advocate")
    expect_address(page, running_cts, "/accounts?state=Active&role=Advocate")
    expect(table(page, "Accounts").get_by_role("row").filter(has_text="Olga Office")).to_have_count(0)


def test_an_account_list_is_found_again_without_the_name_that_was_typed(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, SUPPORT, "/accounts?role=Advocate&page=1")
    rows = table(page, "Accounts").get_by_role("row")
    expect(page.get_by_role("combobox", name="Role")).to_have_value("Advocate")
    expect(rows).not_to_have_count(0)
    several = rows.count()
    page.get_by_label("Name, user name").fill("Alan")
    page.get_by_label("Name, user name").press("Enter")
    expect(rows).to_have_count(2)
    expect_address(page, running_cts, "/accounts?role=Advocate")
    page.reload()
    expect(rows).to_have_count(several)
    choose(page, "Role", "All roles")
    expect_address(page, running_cts, "/accounts")
    page.go_back()
    expect(page.get_by_role("combobox", name="Role")).to_have_value("Advocate")
    expect(rows).to_have_count(several)


def test_the_state_of_the_email_log_is_in_the_address(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, SUPPORT, "/email-log")
    page.get_by_role("radio", name="Could not be delivered").check()
    expect_address(page, running_cts, "/email-log?state=Could+not+be+delivered")
    page.reload()
    expect(page.get_by_text("No e-mail is in this state: Could not be delivered.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("radio", name="All")).to_be_checked()
    page.goto("/email-log?state=nonsense&page=zero")
    expect(page.get_by_role("radio", name="All")).to_be_checked()


def test_the_filter_of_the_access_log_is_in_the_address_but_for_the_name(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, ADMIN, "/access-log")
    log = table(page, "Access log")
    page.get_by_label("Person").fill("Ada Administrator")
    choose(page, "What", "Sign in")
    choose(page, "Outcome", "Done")
    page.get_by_role("group", name="From day").get_by_role("spinbutton").first.click()
    page.keyboard.type("01312026")
    page.get_by_role("button", name="Filter").click()
    expect_address(page, running_cts, "/access-log?action=sign+in&outcome=done&first=2026-01-31")
    expect(log.get_by_role("row").nth(1)).to_contain_text("Ada Administrator")
    page.reload()
    expect(page.get_by_role("combobox", name="What")).to_have_value("Sign in")
    expect(page.get_by_label("Person")).to_have_value("")
    page.go_back()
    expect(page.get_by_role("combobox", name="What")).to_have_value("Everything")
    expect(log.get_by_text("Start server").first).to_be_visible()
    page.goto("/access-log?action=no+such&outcome=nonsense&first=2026-02-30&before=x&number=1x")
    expect(page.get_by_text("No entry fits.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Outcome")).to_have_value("Any")


def test_from_older_entries_one_comes_to_the_newest(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, ADMIN, "/access-log?before=3")
    rows = table(page, "Access log").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("button", name="Older")).to_have_count(0)
    for button in ("Newer", "Newest"):
        page.get_by_role("button", name=button).click()
        expect_address(page, running_cts, "/access-log")
        expect(rows.nth(1)).to_contain_text("Read access log")
        page.go_back()
        expect(rows).to_have_count(3)
