"""Who of an office acts: a substitute for an absent supervisor, two at once, nobody of another office; and the Probation path."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.beforehand import submit_what_was_written
from tests.browser.looking import history
from tests.browser.mailbox import FACTS_OF, expect_mail, line_of_extract
from tests.browser.people import (
    ADMIN,
    ADMIN_SECOND,
    COLLEAGUE,
    CSW,
    DPO,
    OTHER_COORDINATOR,
    SCSW,
    SCSW_ELSEWHERE,
    SDPO,
    SUBSTITUTE,
    act,
    approve,
    arrive,
    assign_agency,
    confirm,
    download_pdf,
    expect_not_found,
    fill_referral,
    find_new,
    go_home,
    listed,
    open_assignment,
    pick,
    question,
    sign,
    submit_to,
    table,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

TO_REVIEW, TO_DECIDE = "Referral for your review", "Referral for your decision"
PASSED_ON = "your Referral was approved by the supervisor"


def know_the_youth(page: Page, number: int) -> dict[str, str]:
    """The youth's line of the extract, found by the Referral # of the listing."""
    FACTS_OF[number] = line_of_extract(listed(page, number).get_by_role("cell").nth(1).inner_text())
    return FACTS_OF[number]


def test_a_substitute_acts_and_another_office_finds_nothing(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage, tmp_path: Path
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_new(csw)
    youth = know_the_youth(csw, number)
    submit_what_was_written(running_cts, csw, number, CSW, SCSW)

    stranger = arrive(new_page, running_cts, SCSW_ELSEWHERE)
    finds_nothing(stranger, number, youth)

    substitute = arrive(new_page, running_cts, SUBSTITUTE)
    expect(table(substitute, "Waiting on me, oldest first")).to_contain_text("for any supervisor of the office")
    expect(listed(substitute, number)).to_have_count(0)
    substitute.get_by_text("Whole office", exact=True).click()
    open_assignment(substitute, number)
    sign(substitute, SUBSTITUTE.name)
    expect(substitute.get_by_text("acting for Victor Daniels").first).to_be_visible()
    approve(substitute)
    assert history(substitute)[-1] == "Deja Moore (supervisor, acting for Victor Daniels) approved the Referral."
    download_pdf(substitute, tmp_path / "referral.pdf")
    text = " ".join(paper.extract_text() for paper in PdfReader(tmp_path / "referral.pdf").pages)
    assert "acting for Victor Daniels" in " ".join(text.split())
    told = [(SCSW, TO_REVIEW), (CSW, PASSED_ON), (ADMIN, TO_DECIDE), (ADMIN_SECOND, TO_DECIDE)]
    expect_mail(smtp_server, number, *told)


def finds_nothing(page: Page, number: int, youth: dict[str, str]) -> None:
    """Not by listing, switch, search, link or PDF; the search says the minimum, without a way to open it."""
    expect(table(page)).to_be_visible()
    page.get_by_text("Whole office", exact=True).click()
    expect(listed(page, number)).to_have_count(0)
    question(page, "Youth Last Name").fill(youth["last_name"])
    question(page, "Youth First Name").fill(youth["first_name"])
    page.get_by_role("button", name="Search", exact=True).click()
    elsewhere = table(page, "Elsewhere in the county")
    row = elsewhere.get_by_role("row").filter(has_text=youth["first_name"])
    born = youth["birth_date"][:4]
    name = f"{youth['last_name']}, {youth['first_name']}"
    for words in (name, born, "Pending Supervisor Approval", "Pasadena", "Guadalupe Harris"):
        expect(row.first).to_contain_text(words)
    expect(elsewhere.get_by_role("link")).to_have_count(0)
    shown = elsewhere.inner_text()
    assert not [key for key in ("client_id", "state_id", "referral_id", "birth_date") if youth[key] in shown]
    assert str(number) not in shown
    # Names typed into the search stand in no address.
    assert youth["last_name"] not in page.url and youth["first_name"] not in page.url
    page.goto(f"/assignment?number={number}")
    expect_not_found(page, number)


def test_of_two_supervisors_at_once_one_wins_and_the_other_reads_why(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    worker = arrive(new_page, running_cts, COLLEAGUE)
    number = find_new(worker, but=("Salas", "Owens", "Page"))
    know_the_youth(worker, number)
    submit_what_was_written(running_cts, worker, number, COLLEAGUE, SCSW)
    own, other = (arrive(new_page, running_cts, who, f"/assignment?number={number}") for who in (SCSW, SUBSTITUTE))
    sign(own, SCSW.name)
    sign(other, SUBSTITUTE.name)
    yes, no = act(own, "Approve"), act(other, "Reject")
    pick(no, "Reason", "Other")
    no.get_by_label("What is to be changed, or why").fill("Too slow.")
    confirm(yes, "Approve", "You approved the Referral.")
    confirm(no, "Reject", "Nothing was changed by you: this Referral changed since you opened it.")
    said = other.get_by_text("Victor Daniels (supervisor) approved the Referral at").first
    expect(said).to_contain_text("It is now Pending CSEC Admin Approval. Please read it again.")
    expect(other.get_by_role("button", name="Reject", exact=True)).to_have_count(0)
    told = [(SCSW, TO_REVIEW), (COLLEAGUE, PASSED_ON), (ADMIN, TO_DECIDE), (ADMIN_SECOND, TO_DECIDE)]
    expect_mail(smtp_server, number, *told)
    decisions = [line for line in history(other) if "approved" in line or "rejected" in line]
    assert decisions == ["Victor Daniels (supervisor) approved the Referral."]


def test_the_probation_path(running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage) -> None:
    dpo = arrive(new_page, running_cts, DPO)
    expect(table(dpo).get_by_role("columnheader", name="PDJ #")).to_be_visible()
    # A youth of nearly 21 would one day be too old for this story.
    number = find_new(dpo, but=("Bui", "Porter"))
    youth = know_the_youth(dpo, number)
    expect(listed(dpo, number)).to_contain_text(youth["pdj_number"])
    open_assignment(dpo, number)
    expect(dpo.get_by_text("Probation", exact=True).first).to_be_visible()
    fill_referral(dpo)
    sign(dpo, DPO.name)
    submit_to(dpo, SDPO.name)

    sdpo = arrive(new_page, running_cts, SDPO)
    open_assignment(sdpo, number)
    sign(sdpo, SDPO.name)
    expect(sdpo.get_by_text("Eric Hakobyan, Supervising Deputy Probation Officer")).to_be_visible()
    approve(sdpo)
    # A supervisor of DCFS is nobody to this youth.
    expect_not_found(arrive(new_page, running_cts, SCSW, f"/assignment?number={number}"), number)

    admin = arrive(new_page, running_cts, ADMIN, f"/assignment?number={number}")
    assign_agency(admin, "New Dawn Youth Alliance")
    told = [(SDPO, TO_REVIEW), (DPO, PASSED_ON), (ADMIN, TO_DECIDE), (ADMIN_SECOND, TO_DECIDE)]
    told += [(who, "Referral approved, assigned to an agency") for who in (DPO, SDPO)]
    told += [(OTHER_COORDINATOR, "new assignment for your agency")]
    expect_mail(smtp_server, number, *told)
    go_home(dpo)
    expect(listed(dpo, number)).to_contain_text("New Dawn Youth Alliance")
