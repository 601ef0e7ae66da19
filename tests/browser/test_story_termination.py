"""Time by hand: an extension moves the end of the service; a youth who ran away is terminated, and referred again."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import words_on
from tests.browser.people import (
    ADMIN,
    ADMIN_SECOND,
    ADVOCATE,
    COORDINATOR,
    CSW,
    SCSW,
    act,
    arrive,
    choose,
    confirm,
    expect_not_found,
    go_home,
    listed,
    pick,
    question,
    write,
    write_date,
)
from tests.browser.service_people import (
    Post,
    add_row,
    approve_it,
    begin,
    cell,
    choose_cell,
    find_served,
    follow,
    go_to,
    may_not,
    open_waiting,
    submit,
    today,
    us,
    write_cell,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

EXTENSION, REPORT = "Extension Request", "Termination Report"
EFFORTS = "If youth ran away or refused services, document efforts made to engage youth"
STAYED_AWAY = "Called on eleven days; left word with the aunt and at the drop-in center."


def meter(page: Page) -> str:
    """What stands beside the youth's name about the twelve months."""
    words: str = page.locator(".st-key-cts_record_head .meter").inner_text()
    return words


def ends_on(page: Page) -> date:
    """The day the meter says the service ends."""
    found = re.search(r"ends (\d\d)/(\d\d)/(\d{4})", meter(page))
    assert found is not None, meter(page)
    month, day, year = (int(part) for part in found.groups())
    return date(year, month, day)


def test_an_extension_moves_the_end_of_the_service(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_served(csw)
    post = Post(smtp_server, number)
    advocate = arrive(new_page, running_cts, ADVOCATE)
    begin(advocate, number, "requests", "Start an Extension Request")
    end = ends_on(advocate)
    later = end + timedelta(days=90)
    asks_for_time(advocate, end, later)
    submit(advocate, EXTENSION, "Pending Pre-Approval")
    [to_csw] = post.brings((CSW, f"{EXTENSION} 1 for your review"))
    follow(csw, to_csw)
    approve_it(csw, EXTENSION, "Pending CSEC Admin Approval")
    post.brings(*((who, f"{EXTENSION} 1 for your decision") for who in (ADMIN, ADMIN_SECOND)))
    admin = arrive(new_page, running_cts, ADMIN)
    open_waiting(admin, number, f"{EXTENSION} 1", "Approve or reject the Extension Request")
    assert ends_on(admin) == end
    approve_it(admin, EXTENSION, "Approved")
    post.brings(*((who, f"{EXTENSION} 1 approved") for who in (ADVOCATE, CSW)))
    for page in (admin, csw, advocate):
        go_to(page, number, "requests")
        expect(page.get_by_text(f"ends {us(later)}; extended from {us(end + timedelta(days=1))}")).to_be_visible()
        assert ends_on(page) == later


def asks_for_time(page: Page, end: date, later: date) -> None:
    """From the day after; longer than six months is refused."""
    expect(cell(page, "Goal 1", "Goal")).to_have_value("Finish tenth grade with the class")
    write_date(page, "To", us(end + timedelta(days=300)))
    write(page, "Reason for the extension", "The clinic has only just begun.")
    choose(page, "The youth agrees", "Yes")
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("heading", name="1 answer needs your attention before you can submit")).to_be_visible()
    expect(page.get_by_text("One request extends the service by at most 6 months.").first).to_be_visible()
    write_date(page, "To", us(later))
    # A date is taken when its calendar closes.
    question(page, "Reason for the extension").click()
    expect(page.get_by_role("heading", name="1 answer needs your attention")).to_have_count(0)


def test_a_youth_who_ran_away_is_terminated_and_referred_again(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_served(csw)
    post = Post(smtp_server, number)
    advocate = arrive(new_page, running_cts, ADVOCATE)
    tells_that_the_youth_is_missing(advocate, number)
    begin(advocate, number, "termination", "Start the Termination Report")
    writes_the_report(advocate)
    submit(advocate, REPORT, "Pending Approval (case worker)")
    post.brings((CSW, f"{REPORT} for your review"))
    open_waiting(csw, number, REPORT, "Approve or reject the Termination Report")
    expect(csw.get_by_text(STAYED_AWAY)).to_be_visible()
    approve_it(csw, REPORT, "Pending Approval (supervisor)")
    [to_scsw] = post.brings((SCSW, f"{REPORT} for your review"))
    scsw = arrive(new_page, running_cts, SCSW)
    follow(scsw, to_scsw)
    dialog = act(scsw, "Approve")
    expect(dialog.get_by_text("Advocacy Plan (Phase 2) is")).to_be_visible()
    confirm(dialog, "Approve", f"You approved the {REPORT}. Its status is Approved.")
    expect(scsw.get_by_text("Terminated", exact=True)).to_be_visible()
    post.brings(*((who, f"{REPORT} approved") for who in (ADVOCATE, CSW)))

    again = refers_again(csw, number)
    assert again > number
    reads_and_writes_nothing(advocate, number, again)
    reads_and_writes_nothing(arrive(new_page, running_cts, COORDINATOR), number, again)
    post.brings()


def tells_that_the_youth_is_missing(page: Page, number: int) -> None:
    """The case worker and all others of the record read it at once."""
    go_to(page, number, "summary")
    page.get_by_text("Add an update", exact=True).click()
    pick(page, "Status", "AWOL/missing")
    write(page, "What happened", "Did not come home from school.")
    page.get_by_role("button", name="Save update").click()
    expect(page.get_by_text(f"AWOL/missing since {us(today())}")).to_be_visible()


def writes_the_report(page: Page) -> None:
    """The reason asks for the efforts, and only then; without them nothing is sent."""
    expect(cell(page, "Goal 1", "Long-Term Goal")).to_have_value("Finish tenth grade with the class")
    write_date(page, "Date of Termination", us(today()))
    pick(page, "Reason for Termination", "Graduated / goals met")
    expect(question(page, EFFORTS)).to_have_count(0)
    pick(page, "Reason for Termination", "AWOL, unable to engage")
    choose_cell(page, "Goal 1", "Goal Achieved", "No")
    write_cell(page, "Goal 1", "If No, Why?", "Left school in the middle of the year.")
    add_row(page, "Add a resource", "Resource 1")
    write_cell(page, "Resource 1", "Name of Community Resource", "Drop-in center")
    write_cell(page, "Resource 1", "Description of Resource", "Meals, a shower, somebody to talk to at any hour.")
    write_cell(page, "Resource 1", "Resource Contact Info", "213-555-0133")
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("heading", name="1 answer needs your attention before you can submit")).to_be_visible()
    page.get_by_role("link", name=EFFORTS, exact=True).click()
    expect(question(page, EFFORTS)).to_be_focused()
    write(page, EFFORTS, STAYED_AWAY)
    expect(page.get_by_role("heading", name="1 answer needs your attention")).to_have_count(0)


def refers_again(page: Page, number: int) -> int:
    """The case worker finds the closed youth's way back; the new assignment stands New on the listing."""
    go_to(page, number, "termination")
    page.get_by_role("link", name="Open the Referral").click()
    dialog = act(page, "Refer again")
    dialog.get_by_role("button", name="Refer again", exact=True).click()
    said = page.get_by_text(re.compile(r"^The youth is referred again: assignment \d+\.$")).first
    expect(said).to_be_visible()
    found = re.search(r"\d+", said.inner_text())
    assert found is not None
    go_home(page)
    expect(listed(page, int(found[0]))).to_contain_text("New")
    expect(listed(page, number)).to_have_count(0)
    return int(found[0])


def reads_and_writes_nothing(page: Page, number: int, again: int) -> None:
    """What the agency wrote stays readable; no button, field or address takes another word, and the new number is nobody's."""
    go_to(page, number, "plan", "plan-1")
    expect(page.get_by_text("Draws every day; keeps appointments; trusts the aunt.")).to_be_visible()
    may_not(page, "Submit", "Withdraw")
    go_to(page, number, "termination")
    expect(page.get_by_text(STAYED_AWAY)).to_be_visible()
    may_not(page, "Submit", "Withdraw", "Start the Termination Report")
    for tab, button in (
        ("summary", "Save update"),
        ("activity", "Save activity"),
        ("requests", f"Start an {EXTENSION}"),
    ):
        go_to(page, number, tab)
        expect(page.get_by_role("heading", level=2).first).to_be_visible()
        expect(page.get_by_role("button", name=button)).to_have_count(0)
    headers = {"Origin": page.url.split("/assignment")[0]}
    for document, text in (("plan/2", "warnings"), ("termination/1", "efforts"), ("summary/1", "therapist")):
        words = {"question": text, "text": "Written afterwards"}
        refused = page.request.post(f"/drafts/{number}/{document}", data=words, headers=headers)
        assert refused.status == 409
    go_to(page, number, "history")
    expect(page.get_by_text(f"Assignment {number}").first).to_be_visible()
    assert str(again) not in words_on(page)
    page.goto(f"/assignment?number={again}")
    expect_not_found(page, again)
