"""Forms and dialogs of the client record, as on every page: axe (WCAG 2.1 AA) finds nothing, on a screen and on a phone.

Its tabs, as each role reads them, are looked at in tests/pages/test_record.py.
"""

import pytest
from playwright.sync_api import Page, expect

from cts.domain.vocabulary import Document
from tests.browser.looking import Looks
from tests.browser.people import ADVOCATE, COORDINATOR, CSW, DPO, act, arrive, pick
from tests.browser.service_beforehand import Beforehand
from tests.browser.service_people import add_row, find_served, go_to
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def look_into(page: Page, looks: Looks, button: str, name: str) -> None:
    """Open the dialog of a button, look at it, and cancel."""
    dialog = act(page, button)
    looks.at(page, name)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)


def test_forms_and_dialogs_of_the_advocate(running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage) -> None:
    looks, page = Looks(), arrive(new_page, running_cts, CSW)
    number = find_served(page)
    with Beforehand(running_cts, smtp_server, number) as desk:
        report = desk.starts(ADVOCATE.user, Document.TERMINATION)
        report.writes_whole()
        report.writes(ADVOCATE.user, terminated_on=report.today.isoformat())
    page = arrive(new_page, running_cts, ADVOCATE, f"/assignment?number={number}&tab=plan&item=plan-2")
    add_row(page, "Add a goal", "Goal 3")
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("heading", name="need your attention before you can submit")).to_be_visible()
    looks.at(page, "record-plan-problems")
    go_to(page, number, "requests", "funds-1")
    look_into(page, looks, "Withdraw", "record-dialog-withdraw")
    go_to(page, number, "termination")
    look_into(page, looks, "Submit", "record-dialog-check-list")
    go_to(page, number, "summary")
    page.get_by_text("Add an update", exact=True).click()
    pick(page, "Status", "AWOL/missing")
    expect(page.get_by_text("Within 24 hours")).to_be_visible()
    page.get_by_role("button", name="Save update").click()
    looks.at(page, "record-update")
    assert looks.found == [], "\n".join(looks.found)


def test_dialogs_of_those_who_decide(running_cts: RunningCts, new_page: NewPage) -> None:
    looks, dpo = Looks(), arrive(new_page, running_cts, DPO)
    number = find_served(dpo)
    go_to(dpo, number, "plan")
    look_into(dpo, looks, "Approve", "record-dialog-approve")
    look_into(dpo, looks, "Reject", "record-dialog-reject")
    coordinator = arrive(new_page, running_cts, COORDINATOR, f"/assignment?number={number}&tab=referral")
    look_into(coordinator, looks, "Assign Advocate", "record-dialog-change-advocate")
    assert looks.found == [], "\n".join(looks.found)
