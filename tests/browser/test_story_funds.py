"""Restoration Funds by hand: asked, pre-approved, approved, spent, the receipts sent back and put right, reimbursed."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import ADMIN, ADMIN_SECOND, ADVOCATE, CSW, act, arrive, confirm, table, write
from tests.browser.service_people import (
    Post,
    a_picture_of,
    add_row,
    approve_it,
    begin,
    card,
    cell,
    find_served,
    follow,
    hand_in,
    may_not,
    open_waiting,
    remove_row,
    row_of,
    send_back,
    submit,
    today,
    us,
    what_changed,
    write_cell,
    write_date_cell,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

FUNDS, ONE = "Restoration Fund Request", "Restoration Fund Request 2"
"""The demonstration's youth has an approved request already; this story tells of the second."""
REASON, TEXT = (
    "Receipts are missing or cannot be accepted",
    "The tablet was bought before it was approved, and stands here twice.",
)
ALARMS = ["Overspending", "Receipt dated before approval", "Same receipt twice", "Same receipt twice"]
YESTERDAY = today() - timedelta(days=1)


def test_from_the_draft_to_the_money_with_every_alarm_on_the_way(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_served(csw)
    post = Post(smtp_server, number)
    advocate = arrive(new_page, running_cts, ADVOCATE)
    begin(advocate, number, "requests", "Start a Restoration Fund Request")
    asks_for_money(advocate)
    submit(advocate, FUNDS, "Pending Pre-Approval")
    post.brings((CSW, f"{ONE} for your review"))
    open_waiting(csw, number, ONE, "Pre-approve or reject the Restoration Fund Request")
    approve_it(csw, FUNDS, "Pending CSEC Admin Approval")
    [to_admin, _] = post.brings(*((who, f"{ONE} for your decision") for who in (ADMIN, ADMIN_SECOND)))
    admin = arrive(new_page, running_cts, ADMIN)
    follow(admin, to_admin)
    approve_it(admin, FUNDS, "Approved")
    post.brings(*((who, f"{ONE} approved") for who in (ADVOCATE, CSW)))

    open_waiting(advocate, number, ONE, "Buy what was approved, then submit the receipts")
    spends_too_much(advocate)
    submit(advocate, FUNDS, "Receipts Submitted")
    [to_admin, _] = post.brings(*((who, f"{ONE}, receipts to check") for who in (ADMIN, ADMIN_SECOND)))
    follow(admin, to_admin)
    sees_what_does_not_fit(admin)
    send_back(admin, FUNDS, REASON, TEXT, status="Approved")
    [to_advocate] = post.brings((ADVOCATE, f"{ONE}, receipts rejected"))

    follow(advocate, to_advocate)
    puts_it_right(advocate)
    submit(advocate, FUNDS, "Receipts Submitted")
    post.brings(*((who, f"{ONE}, receipts to check") for who in (ADMIN, ADMIN_SECOND)))
    open_waiting(admin, number, ONE, "Check the receipts, then reimburse")
    assert "Receipts: Receipt 1, Receipt Date" in [words[0] for words in what_changed(admin)]
    expect(table(admin, "What does not fit")).to_have_count(0)
    says = "You marked the Restoration Fund Request as reimbursed. Its status is Reimbursed."
    confirm(act(admin, "Mark as reimbursed"), "Mark as reimbursed", says)
    post.brings(*((who, f"{ONE} reimbursed") for who in (ADVOCATE, CSW)))
    figures = row_of(admin, "Ledger of Restoration Funds", "Request 2").get_by_role("cell").all_inner_texts()[-4:]
    assert figures == ["$1,280.00", "$1,280.00", "$1,210.50", "$1,210.50"]
    may_not(admin, "Mark as reimbursed", "Reject")


def asks_for_money(page: Page) -> None:
    """Two items with what they will cost; nothing is asked about receipts yet."""
    write_cell(page, "Item 1", "Item Requested", "Tablet for school")
    write_cell(page, "Item 1", "Quantity", "1")
    write_cell(page, "Item 1", "Projected Cost", "1,250.00")
    add_row(page, "Add an item", "Item 2")
    write_cell(page, "Item 2", "Item Requested", "Cover")
    write_cell(page, "Item 2", "Quantity", "2")
    write_cell(page, "Item 2", "Projected Cost", "30")
    write(page, "Justification", "The homework of the class is done on a tablet.")
    write(page, "Other funding tried", "The school has none to lend.")
    write(page, "Goal of the Case Plan or Advocacy Plan it serves", "Attend school four days a week")
    expect(page.get_by_text("Total Projected Cost $1,280.00")).to_be_visible()
    expect(card(page, "Receipt 1")).to_have_count(0)


def spends_too_much(page: Page) -> None:
    """More than approved; a receipt of the day before; its photograph handed in a second time under another name."""
    expect(cell(page, "Item 1", "Projected Cost")).to_have_count(0)
    write_cell(page, "Item 1", "Actual Cost", "1,300")
    write_cell(page, "Item 2", "Actual Cost", "10.50")
    hand_in(page, "Receipt 1", "Tablet", YESTERDAY, "1,300", "white")
    add_row(page, "Add a receipt", "Receipt 2")
    hand_in(page, "Receipt 2", "Cover", today(), "10.50", "white")
    expect(page.get_by_text("Total Amount $1,310.50")).to_be_visible()


def sees_what_does_not_fit(page: Page) -> None:
    """Each alarm stands in the ledger, with the request it is about; the receipts can be looked at."""
    alarms = table(page, "What does not fit").get_by_role("row").filter(has_text="Request 2")
    expect(alarms).to_have_count(len(ALARMS))
    assert sorted(row.get_by_role("cell").first.inner_text() for row in alarms.all()) == ALARMS
    expect(alarms.filter(has_text="Overspending")).to_contain_text("$30.50 more than approved")
    expect(alarms.filter(has_text="before approval")).to_contain_text(f'Receipt "Tablet" of {us(YESTERDAY)}')
    receipt = table(page, "Receipts").get_by_role("link").first.get_attribute("href")
    assert page.request.get(receipt or "").body() == a_picture_of("white")
    page.goto("/restoration-funds")
    listed = row_of(page, "Restoration Fund Requests", "Request 2")
    for alarm in set(ALARMS):
        expect(listed).to_contain_text(alarm)
    listed.get_by_role("link").click()
    expect(page.get_by_role("button", name="Mark as reimbursed")).to_be_visible()


def puts_it_right(page: Page) -> None:
    """The reason stands beside the form; the costs and the day are corrected, the second photograph is another one."""
    expect(page.get_by_text("Rejected by Ada Administrator (CSEC Administration) on")).to_be_visible()
    expect(page.get_by_text(f"{REASON}: {TEXT}").first).to_be_visible()
    write_cell(page, "Item 1", "Actual Cost", "1,200")
    write_date_cell(page, "Receipt 1", "Receipt Date", today())
    write_cell(page, "Receipt 1", "Amount", "1,200")
    remove_row(page, "Receipt 2")
    add_row(page, "Add a receipt", "Receipt 2")
    hand_in(page, "Receipt 2", "Cover", today(), "10.50", "grey")
