"""The guide's first story: a New youth's Referral is written, approved twice, given to an agency, and an Advocate serves."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.keeping import kept_at
from tests.browser.looking import history
from tests.browser.mailbox import FACTS_OF, expect_mail, line_of_extract
from tests.browser.people import (
    ADMIN,
    ADMIN_SECOND,
    ADVOCATE,
    COLLEAGUE,
    COORDINATOR,
    CSW,
    OTHER_COORDINATOR,
    SCSW,
    SECOND_ADVOCATE,
    acknowledge,
    approve,
    arrive,
    assign_advocate,
    assign_agency,
    download_pdf,
    expect_not_found,
    expect_saved,
    fill_referral,
    find_new,
    go_home,
    listed,
    open_assignment,
    pick,
    question,
    sign,
    sign_out,
    submit_to,
    table,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ATTENTION = "Describe how the youth came to the attention of DCFS/Probation"
WHEREABOUTS = "By text, after school"
TO_REVIEW = "Referral for your review"


def test_from_a_new_youth_to_the_advocate(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage, tmp_path: Path
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_new(csw)
    FACTS_OF[number] = line_of_extract(listed(csw, number).get_by_role("cell").nth(1).inner_text())
    open_assignment(csw, number)
    csw = writes_with_a_closed_tab_in_between(csw, number)
    pick(csw, "Gender identity, as offered by the youth", "Gender non-binary")
    sign(csw, CSW.name)
    submit_to(csw, SCSW.name)
    told = [(SCSW, TO_REVIEW)]
    expect_mail(smtp_server, number, *told)

    scsw = arrive(new_page, running_cts, SCSW, f"/assignment?number={number}")
    expect(scsw.get_by_text("A school counselor called.")).to_be_visible()
    expect(scsw.get_by_role("button", name="Approve")).to_have_count(0)
    sign(scsw, SCSW.name)
    approve(scsw)
    told += [(CSW, "your Referral was approved by the supervisor")]
    told += [(who, "Referral for your decision") for who in (ADMIN, ADMIN_SECOND)]
    expect_mail(smtp_server, number, *told)

    admin = arrive(new_page, running_cts, ADMIN)
    waiting = table(admin, "Waiting on me, oldest first")
    waiting.get_by_role("link", name=f"Open assignment {number}").click()
    assign_agency(admin, "Harbor Light Advocacy")
    told += [(who, "Referral approved, assigned to an agency") for who in (CSW, SCSW)]
    told += [(COORDINATOR, "new assignment for your agency")]
    expect_mail(smtp_server, number, *told)

    coordinator = arrive(new_page, running_cts, COORDINATOR)
    coordinator_acknowledges_and_assigns(coordinator, number)
    told += [(ADVOCATE, "you are the Advocate"), (CSW, "an Advocate has been assigned")]
    expect_mail(smtp_server, number, *told)

    advocate = arrive(new_page, running_cts, ADVOCATE)
    open_assignment(advocate, number)
    advocate.get_by_role("link", name="Referral", exact=True).click()
    expect(advocate.get_by_text("Gender non-binary")).to_be_visible()
    expect(advocate.get_by_text(WHEREABOUTS)).to_be_visible()
    for page, name in ((csw, "csw"), (scsw, "scsw"), (admin, "admin"), (advocate, "advocate")):
        page.goto(f"/assignment?number={number}&tab=referral")
        read_the_pdf(page, tmp_path / f"{name}.pdf", private=name != "admin")
    expect(csw.get_by_role("heading", name="CSEC Advocacy Referral")).to_be_visible()
    assert history(csw) == EVERYTHING
    assert history(advocate) == EVERYTHING[-3:]
    expect_mail(smtp_server, number, *told)
    sign_out(advocate)


EVERYTHING = [
    "CWS/CMS flagged the youth; the assignment was added to the caseload of the worker named.",
    "Guadalupe Harris (case worker) began to write the Referral.",
    "Guadalupe Harris (case worker) signed the Referral.",
    "Guadalupe Harris (case worker) submitted the Referral to Victor Daniels.",
    "Victor Daniels (supervisor) signed the Referral.",
    "Victor Daniels (supervisor) approved the Referral.",
    "Ada Administrator (CSEC Administration) approved the Referral and assigned it to Harbor Light Advocacy.",
    "Carla Coordinator (agency coordinator) acknowledged the safety alerts.",
    "Carla Coordinator (agency coordinator) assigned Alan Advocate as the Advocate.",
]


def writes_with_a_closed_tab_in_between(page: Page, number: int) -> Page:
    """Typed without leaving the field; the tab is closed in the middle of a sentence; everything is there in a new one."""
    question(page, ATTENTION).press_sequentially("The youth told a nurse that")
    expect_saved(page)
    question(page, ATTENTION).press_sequentially(" somebody")
    url, again = page.url, page.context.new_page()
    page.close(run_before_unload=True)
    kept_at(url, again, lambda page: question(page, ATTENTION), "The youth told a nurse that somebody")
    fill_referral(again)
    return again


def coordinator_acknowledges_and_assigns(page: Page, number: int) -> None:
    """Whereabouts appear once the safety alerts are acknowledged; what the youth said of gender stays with others."""
    open_assignment(page, number)
    expect(page.get_by_text("Shown after the safety alerts are acknowledged").first).to_be_visible()
    expect(page.get_by_text(WHEREABOUTS)).to_have_count(0)
    expect(page.get_by_role("button", name="Assign Advocate")).to_have_count(0)
    acknowledge(page)
    expect(page.get_by_text(WHEREABOUTS)).to_be_visible()
    assign_advocate(page, ADVOCATE.name)
    expect(page.get_by_text("Gender non-binary")).to_have_count(0)
    go_home(page)
    expect(listed(page, number)).to_contain_text("Alan Advocate")


def read_the_pdf(page: Page, to: Path, private: bool) -> None:
    """The PDF of an approved Referral, as this person may see it."""
    assert download_pdf(page, to).startswith(b"%PDF")
    text = "\n".join(paper.extract_text() for paper in PdfReader(to).pages)
    assert "Guadalupe Harris" in text and "Victor Daniels" in text and "A school counselor called." in text
    assert "NOT APPROVED" not in text
    assert ("Gender non-binary" in text) is private


def test_those_who_may_not_read_it_get_neither_page_nor_pdf(running_cts: RunningCts, new_page: NewPage) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = int(table(csw).get_by_role("rowheader").last.get_by_role("link").inner_text())
    assert csw.request.get(f"/documents/{number}/pdf").status == 200
    for who in (COLLEAGUE, OTHER_COORDINATOR, SECOND_ADVOCATE):
        expect_not_found(arrive(new_page, running_cts, who, f"/assignment?number={number}"), number)
