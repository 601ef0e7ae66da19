"""kill -9 in the middle of typing and of submitting: what was acknowledged is there, and the page goes on or says what to do."""

import threading
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.beforehand import write_beforehand
from tests.browser.keeping import in_another_tab
from tests.browser.looking import history
from tests.browser.mailbox import mail_about
from tests.browser.people import (
    CSW,
    SCSW,
    SCSW_ELSEWHERE,
    act,
    arrive,
    expect_saved,
    find_new,
    go_to_assignment,
    open_assignment,
    pick,
    question,
    sign,
    submit_to,
    table,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import StartCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ATTENTION = "Describe how the youth came to the attention of DCFS/Probation"
LOST_CONNECTION = (
    "WebSocket connection to",
    "Failed to load resource",
    "when disconnected from server",
    "No response received when attempting to reach",
    "Is Streamlit still running?",
)
"""What Chromium and Streamlit write to the console, which nobody but programmers read, while nobody answers."""


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    start_cts: StartCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    cts = start_cts(**smtp_server.settings())
    csw = arrive(new_page, cts, CSW)
    for piece in LOST_CONNECTION:
        new_page.allow(piece)
    number = find_new(csw)
    open_assignment(csw, number)

    question(csw, ATTENTION).press_sequentially("A nurse called")
    expect_saved(csw)
    question(csw, ATTENTION).press_sequentially(" and wrote")
    cts.kill()
    expect(csw.get_by_role("alert")).to_contain_text("CTS does not answer at the moment. What was saved is kept.")
    expect(csw.get_by_text("Streamlit")).to_have_count(0)
    cts.start()
    # The page finds the server again by itself; the words typed in the last moment stand there and are saved.
    expect(csw.get_by_role("alert")).to_have_count(0)
    expect(question(csw, ATTENTION)).to_be_enabled()
    expect_in_draft(csw, "A nurse called and wrote")
    question(csw, ATTENTION).press_sequentially(" a letter")
    again = expect_in_draft(csw, "A nurse called and wrote a letter")
    csw.close()

    write_beforehand(cts, number, CSW)
    again.reload()
    sign(again, CSW.name)
    submit_while_killed(again, cts.kill)
    cts.start()
    settled = again.context.new_page()
    go_to_assignment(settled, number)
    lines = history(settled)
    submitted = sum("submitted" in line for line in lines)
    assert sum("signed" in line for line in lines) == 1
    # Either it was done whole, or nothing of it was and the person presses again.
    if submitted == 0:
        submit_to(settled, SCSW.name)
    expect(settled.get_by_text("Pending Supervisor Approval", exact=True).first).to_be_visible()
    smtp_server.wait_for(1, to=SCSW.email)
    settled.wait_for_timeout(3_000)
    # At least once: a server killed between sending and noting it sends again.
    assert {mail.recipients for mail in mail_about(smtp_server, number)} == {(SCSW.email,)}


def expect_in_draft(page: Page, text: str) -> Page:
    """What another tab shows; the saving comes after a pause."""
    expect(question(page, ATTENTION)).to_have_value(text)
    return in_another_tab(page, ATTENTION, text)


def submit_while_killed(page: Page, kill: object) -> None:
    """Press Submit, and kill the server in the same moment."""
    dialog = act(page, "Submit")
    pick(dialog, "Supervisor", SCSW.name)
    killer = threading.Timer(0.02, kill)  # type: ignore[arg-type]
    killer.start()
    # The server may be gone before the button is reached; the page has disabled it then.
    with suppress(Error):
        dialog.get_by_role("button", name="Submit", exact=True).click(timeout=5_000)
    killer.join()


def test_a_reason_in_a_dialog_and_a_search_are_not_lost_when_the_server_is_started_anew(
    start_cts: StartCts, new_page: NewPage
) -> None:
    cts = start_cts()
    listing = table(arrive(new_page, cts, CSW))
    name = listing.get_by_role("row").nth(1).get_by_role("cell").nth(4).inner_text().partition(",")[0]
    page = arrive(new_page, cts, SCSW_ELSEWHERE)
    for piece in LOST_CONNECTION:
        new_page.allow(piece)
    question(page, "Youth Last Name").fill(name)
    question(page, "Youth Last Name").press("Enter")
    found = page.get_by_role("status").filter(has_text="Found: on your listing")
    expect(found).to_be_visible()
    way_in = page.get_by_role("button", name="Open in an emergency").first
    title = str(way_in.get_attribute("aria-label")).replace("Open in an emergency: ", "Open ") + " in an emergency?"
    way_in.click()
    why = page.get_by_role("dialog").get_by_label("Why do you need to see this record now?")
    why.fill("She called me from a motel.")
    cts.kill()
    expect(page.get_by_role("alert")).to_contain_text("CTS does not answer at the moment.")
    cts.start()
    closed = page.get_by_role("alert").filter(
        has_text=f"CTS was started anew, which has closed “{title}”. Nothing was sent."
    )
    expect(closed).to_be_visible(timeout=30_000)
    expect(found).to_be_visible()
    expect(question(page, "Youth Last Name")).to_have_value(name)
    way_in.click()
    expect(why).to_have_value("She called me from a motel.")
    expect(closed).to_have_count(0)
    page.get_by_role("dialog").get_by_label("What is the emergency?").click()
    page.get_by_role("option").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Open the record").click()
    expect(page.get_by_text("Opened in an emergency: you can read this record until")).to_be_visible()
