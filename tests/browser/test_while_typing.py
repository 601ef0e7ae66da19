"""What happens around a field while somebody writes in it takes nothing from them: no letter, no cursor, no open list."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.beforehand import write_beforehand
from tests.browser.keeping import in_another_tab
from tests.browser.people import (
    CSW,
    SCSW,
    arrive,
    choose,
    expect_saved,
    find_new,
    go_to_assignment,
    question,
    sign,
    submit_to,
    write,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]

CAREGIVER = "Caregiver (name, relationship, phone)"
FAMILY = "Describe current family dynamics and family involvement"


def refused_for_one_answer(cts: RunningCts, new_page: NewPage) -> Page:
    """A Referral that cannot be signed yet: the list of problems stands above the form, with one answer in it."""
    page = arrive(new_page, cts, CSW)
    number = find_new(page)
    write_beforehand(cts, number, CSW, but=("in_county",))
    go_to_assignment(page, number)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="1 answer needs your attention before you can sign")).to_be_visible()
    return page


def test_a_text_being_typed_stays_when_the_list_of_problems_above_it_goes(
    running_cts: RunningCts, new_page: NewPage
) -> None:
    page = refused_for_one_answer(running_cts, new_page)
    field = question(page, CAREGIVER)
    field.evaluate("element => { element.stood_here_before = true }")
    choose(page, "Resides in Los Angeles County", "Yes")
    field.fill("An aunt")
    # What is typed is not sent yet: that takes a pause of 1.5 seconds, or leaving the field.
    expect(page.get_by_role("heading", name="needs your attention")).to_have_count(0)
    assert field.evaluate("element => element.stood_here_before"), "the browser built the form anew"
    expect(field).to_be_focused()
    expect(field).to_have_value("An aunt")
    page.keyboard.type(", on weekends")
    field.blur()
    expect_saved(page)
    expect(field).to_have_value("An aunt, on weekends")
    page.reload()
    expect(question(page, CAREGIVER)).to_have_value("An aunt, on weekends")
    expect(
        question(page, "Resides in Los Angeles County", "radiogroup").get_by_role("radio", name="Yes")
    ).to_be_checked()


def test_a_text_is_kept_when_the_page_is_closed_before_a_busy_server_took_it(
    running_cts: RunningCts, new_page: NewPage
) -> None:
    page = arrive(new_page, running_cts, CSW)
    number = find_new(page)
    go_to_assignment(page, number)
    expect(question(page, FAMILY)).to_be_enabled()
    later = page.context.new_page()
    with running_cts.held_up():
        question(page, FAMILY).fill("Typed, and closed while the server was busy")
        # Longer than the pause after which the text is sent, and than what is told again in any case.
        page.wait_for_timeout(4_500)
        page.close(run_before_unload=True)
        later.wait_for_timeout(1_000)
    later.goto(f"{running_cts.base_url}/assignment?number={number}")
    in_another_tab(later, FAMILY, "Typed, and closed while the server was busy")


def test_a_list_stays_open_while_the_text_before_it_is_saved(running_cts: RunningCts, new_page: NewPage) -> None:
    page = arrive(new_page, running_cts, CSW)
    number = find_new(page)
    go_to_assignment(page, number)
    question(page, "Best way to reach the youth").fill("By text")
    field = question(page, "Where the youth lives now", "combobox")
    field.focus()
    field.press("ArrowDown")
    option = page.get_by_role("option", name="Home of parent")
    expect(option).to_be_visible()
    expect_saved(page)
    page.wait_for_timeout(1_000)
    expect(option).to_be_visible()
    option.click()
    expect(field).to_have_value("Home of parent")


def test_two_windows_that_answer_one_question_lose_neither_answer(running_cts: RunningCts, new_page: NewPage) -> None:
    first = arrive(new_page, running_cts, CSW)
    number = find_new(first)
    go_to_assignment(first, number)
    second = first.context.new_page()
    go_to_assignment(second, number)
    write(first, FAMILY, "An hour of work. ![x](http://outside.example/x.gif)")
    expect_saved(first)
    write(second, FAMILY, "Typed in the second window.")
    banner = second.locator(".st-key-cts_displaced")
    expect(banner).to_contain_text("Another window answered the same question since you opened this page.")
    expect(banner).to_contain_text(f"{FAMILY}: An hour of work. ![x](http://outside.example/x.gif)")
    expect(question(second, FAMILY)).to_have_value("Typed in the second window.")
    third = in_another_tab(second, FAMILY, "Typed in the second window.")
    expect(third.locator(".st-key-cts_displaced")).to_have_count(0)


def test_a_first_answer_that_is_refused_is_said_and_can_be_copied(running_cts: RunningCts, new_page: NewPage) -> None:
    page = arrive(new_page, running_cts, CSW)
    number = find_new(page)
    write_beforehand(running_cts, number, CSW)
    go_to_assignment(page, number)
    second = page.context.new_page()
    go_to_assignment(second, number)
    sign(second, CSW.name)
    submit_to(second, SCSW.name)
    write(page, FAMILY, "Typed after it was submitted.")
    lost = page.locator(".st-key-cts_lost")
    expect(lost).to_contain_text("What you typed last was not saved. Copy it before you leave this page.")
    expect(lost).to_contain_text(f"{FAMILY}: Typed after it was submitted.")
    expect(page.get_by_text("Pending Supervisor Approval", exact=True)).to_be_visible()
