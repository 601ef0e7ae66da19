"""A Referral comes back with a reason, is changed and sent again; it is recalled before anybody has opened it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.beforehand import submit_what_was_written
from tests.browser.looking import history
from tests.browser.mailbox import FACTS_OF, expect_mail, line_of_extract
from tests.browser.people import (
    ADMIN,
    ADMIN_SECOND,
    COLLEAGUE,
    CSW,
    SCSW,
    approve,
    arrive,
    assign_agency,
    choose,
    expect_saved,
    find_new,
    go_home,
    go_to_assignment,
    listed,
    open_assignment,
    question,
    recall,
    reject,
    sign,
    submit_to,
    table,
    write,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

REASON = "Information is missing"
TEXT = "Please say who lives in the home, and ask about pregnancy."
FAMILY = "Describe current family dynamics and family involvement"
TO_REVIEW, REJECTED = "Referral for your review", "your Referral was rejected"
PASSED_ON, TO_DECIDE = "your Referral was approved by the supervisor", "Referral for your decision"


def know_the_youth(page: Page, number: int) -> None:
    """Note from the listing whose facts no e-mail may hold."""
    FACTS_OF[number] = line_of_extract(listed(page, number).get_by_role("cell").nth(1).inner_text())


def test_rejected_by_the_supervisor_changed_and_approved(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_new(csw)
    know_the_youth(csw, number)
    submit_what_was_written(running_cts, csw, number, CSW, SCSW)
    scsw = arrive(new_page, running_cts, SCSW)
    open_assignment(scsw, number)
    sign(scsw, SCSW.name)
    reject(scsw, REASON, TEXT)
    told = [(SCSW, TO_REVIEW), (CSW, REJECTED)]
    expect_mail(smtp_server, number, *told)

    go_home(csw)
    expect(listed(csw, number)).to_contain_text("Rejected")
    expect(table(csw, "Waiting on me, oldest first")).to_contain_text("Change the Referral and send it again")
    open_assignment(csw, number)
    expect(csw.get_by_text("Rejected by Victor Daniels (supervisor) on")).to_be_visible()
    expect(csw.get_by_text(f"{REASON}: {TEXT}").first).to_be_visible()
    expect(question(csw, FAMILY)).to_have_value("Lives with an aunt, who helps.")
    write(csw, FAMILY, "Lives with an aunt and two cousins.")
    choose(csw, "Pregnant or parenting", "No")
    expect_saved(csw)
    sign(csw, CSW.name)
    submit_to(csw, SCSW.name)
    expect_mail(smtp_server, number, *told, (SCSW, TO_REVIEW))

    go_to_assignment(scsw, number)
    expect(scsw.get_by_role("heading", name="What changed since it was rejected")).to_be_visible()
    for words in ("Lives with an aunt, who helps.", "(no answer)"):
        expect(scsw.get_by_text(words, exact=True)).to_be_visible()
    # Before and after, and in the form itself.
    expect(scsw.get_by_text("Lives with an aunt and two cousins.", exact=True)).to_have_count(2)
    sign(scsw, SCSW.name)
    approve(scsw)
    told += [(SCSW, TO_REVIEW), (CSW, PASSED_ON), (ADMIN, TO_DECIDE), (ADMIN_SECOND, TO_DECIDE)]
    expect_mail(smtp_server, number, *told)
    assert "Victor Daniels (supervisor) rejected the Referral." in "\n".join(history(scsw))


def test_rejected_by_administration_goes_round_once_more(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_new(csw)
    know_the_youth(csw, number)
    submit_what_was_written(running_cts, csw, number, CSW, SCSW)
    scsw = arrive(new_page, running_cts, SCSW)
    open_assignment(scsw, number)
    sign(scsw, SCSW.name)
    approve(scsw)
    admin = arrive(new_page, running_cts, ADMIN, f"/assignment?number={number}")
    reject(admin, "Safety alerts need to be completed or clarified", "Who keeps the key of the gun cabinet?")
    told = [(SCSW, TO_REVIEW), (CSW, PASSED_ON), (ADMIN, TO_DECIDE), (ADMIN_SECOND, TO_DECIDE)]
    told += [(CSW, REJECTED), (SCSW, "Referral rejected by Administration")]
    expect_mail(smtp_server, number, *told)

    go_to_assignment(csw, number)
    expect(csw.get_by_text("Rejected by Ada Administrator (CSEC Administration) on")).to_be_visible()
    write(csw, "What the agency has to know: Firearms in home", "Locked away; the aunt keeps the key.")
    expect_saved(csw)
    sign(csw, CSW.name)
    submit_to(csw, SCSW.name)
    go_to_assignment(scsw, number)
    sign(scsw, SCSW.name)
    approve(scsw)
    go_to_assignment(admin, number)
    expect(admin.get_by_text("Firearms in home: A hunting rifle, locked away.")).to_be_visible()
    assign_agency(admin, "Open Door LA")


def test_recalled_while_nobody_has_opened_it(running_cts: RunningCts, new_page: NewPage) -> None:
    worker = arrive(new_page, running_cts, COLLEAGUE)
    # A youth who is AWOL, too old or too young needs an exception as well: another story.
    number = find_new(worker, but=("Salas", "Owens", "Page"))
    submit_what_was_written(running_cts, worker, number, COLLEAGUE, SCSW)
    recall(worker)
    write(worker, FAMILY, "Lives with a grandmother.")
    expect_saved(worker)
    sign(worker, COLLEAGUE.name)
    submit_to(worker, SCSW.name)

    scsw = arrive(new_page, running_cts, SCSW, f"/assignment?number={number}")
    expect(scsw.get_by_text("Lives with a grandmother.")).to_be_visible()
    # What was recalled unread was never rejected: no list of changes.
    expect(scsw.get_by_role("heading", name="What changed")).to_have_count(0)
    go_to_assignment(worker, number)
    expect(worker.get_by_role("button", name="Recall", exact=True)).to_have_count(0)
    worker.get_by_role("button", name="Why can't I").click()
    expect(worker.get_by_text("The reviewer has opened it, so it can no longer be recalled.")).to_be_visible()
    worker.keyboard.press("Escape")
    history(worker)
    worker.get_by_role("link", name="Who looked at this record").click()
    looks = table(worker, "Who looked at this record").get_by_role("row").filter(has_text="Victor Daniels (SCSW)")
    expect(looks.first).to_contain_text("Opened: Referral")
    worker.get_by_role("link", name="Back to the Referral").click()
    expect(worker.get_by_text("Lives with a grandmother.")).to_be_visible()
