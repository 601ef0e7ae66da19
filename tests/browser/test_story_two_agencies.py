"""Who of the agencies reads what: nothing of another agency's youth, nothing for an Advocate replaced today, the safety gate."""

import io
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cts.domain.addresses import Tab
from tests.browser.people import (
    ADVOCATE,
    COORDINATOR,
    CSW,
    OTHER_COORDINATOR,
    SECOND_ADVOCATE,
    Cast,
    acknowledge,
    arrive,
    assign_advocate,
    expect_not_found,
    find_new,
    go_home,
    listed,
    pick,
    question,
    table,
    write,
)
from tests.browser.service_beforehand import Beforehand
from tests.browser.service_people import (
    Post,
    a_picture_of,
    cell,
    find_served,
    go_to,
    know_the_youth,
    open_waiting,
    settle,
    submit,
    write_cell,
)
from tests.cast import ANSWERS
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

RIVAL = Cast("advocate.newdawn", "Cora Advocate", "advocate.newdawn@cts.example")
ITEMS = {Tab.PLAN: "plan-1", Tab.REQUESTS: "funds-1", Tab.SUMMARY: "summary-1", Tab.REFERRAL: "referral-1"}
PAPERS = ("pdf", "plan/1/pdf", "plan/2/pdf", "funds/1/pdf", "summary/1/pdf", "termination/1/pdf")
DRAFTS = {"": "attention", "/plan/2": "strengths", "/funds/1": "justification", "/summary/1": "therapist"}
HIDDEN = "Shown after the safety alerts are acknowledged"
PHONE, ADDRESS = "213-555-0177", "Aunt Rosa, aunt, 213-555-0178"
WHEREABOUTS = ANSWERS | {
    "youth_phone": PHONE,
    "caregiver": ADDRESS,
    "alerts_stated": "present",
    "alerts": {"6403": "A hunting rifle, locked away."},
}


def add_a_document(page: Page, number: int, kind: str, name: str) -> str:
    """Upload a picture to the Documents tab; its address."""
    go_to(page, number, "documents")
    pick(page, "Kind of document", kind)
    file: Any = {"name": name, "mimeType": "image/png", "buffer": a_picture_of("navy")}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_test_id("stFileChip")).to_have_count(1)
    expect(page.get_by_test_id("stFileChipIconSpinner")).to_have_count(0)
    page.get_by_role("button", name="Add documents").click()
    link = page.get_by_role("link", name=f"{kind}: {name}")
    expect(link).to_be_visible()
    return str(link.get_attribute("href"))


def finds_nothing(page: Page, number: int, name: str, file: str) -> None:
    """Not by any tab, document, PDF, file or draft of the record; nothing can be added to it."""
    for tab in Tab:
        page.goto(f"/assignment?number={number}&tab={tab}&item={ITEMS.get(tab, '')}")
        expect(page.get_by_role("heading", name="Not found")).to_be_visible()
        expect(page.get_by_text(name)).to_have_count(0)
        expect(page.locator("input[type=file]")).to_have_count(0)
    addresses = [f"/documents/{number}/{paper}" for paper in PAPERS] + [f"/records/{number}/pdf", file]
    for address in addresses:
        refused = page.request.get(address)
        assert (refused.status, b"%PDF" in refused.body(), b"PNG" in refused.body()) == (404, False, False), address
    headers = {"Origin": page.url.split("/assignment")[0]}
    for document, asked in DRAFTS.items():
        words = {"question": asked, "text": "Written by a stranger"}
        refused = page.request.post(f"/drafts/{number}{document}", data=words, headers=headers)
        assert refused.status == 409 and name not in refused.text(), document


def searches_for(page: Page, last_name: str, first_name: str) -> None:
    """Type a name into the Search of the Home page."""
    go_home(page)
    question(page, "Youth Last Name").fill(last_name)
    question(page, "Youth First Name").fill(first_name)
    question(page, "Status", "combobox").select_option("Any")
    page.get_by_role("button", name="Search", exact=True).click()
    settle(page)


def test_another_agency_finds_nothing_of_a_youth(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number, other = find_served(csw), find_new(csw)
    youth, others = know_the_youth(csw, number), know_the_youth(csw, other)
    file = add_a_document(csw, number, "Court document", "order.png")
    with Beforehand(running_cts, smtp_server, other) as desk:
        desk.brings_to_administration()
        desk.approves("admin", "New Dawn Youth Alliance")
        desk.acknowledges(OTHER_COORDINATOR.user)
        desk.assigns(OTHER_COORDINATOR.user, RIVAL.user)

    name = f"{youth['last_name']}, {youth['first_name']}"
    for who in (RIVAL, OTHER_COORDINATOR):
        page = arrive(new_page, running_cts, who)
        expect(listed(page, other)).to_be_visible()
        expect(listed(page, number)).to_have_count(0)
        searches_for(page, others["last_name"], others["first_name"])
        expect(listed(page, other)).to_be_visible()
        searches_for(page, youth["last_name"], youth["first_name"])
        expect(page.get_by_text("No assignment on your listing matches.")).to_be_visible()
        expect(table(page, "Elsewhere in the county")).to_have_count(0)
        expect(page.get_by_text(name)).to_have_count(0)
        # From the record of an own youth, too, no other number leads anywhere.
        go_to(page, other, "plan")
        finds_nothing(page, number, name, file)
    own = arrive(new_page, running_cts, ADVOCATE, f"/assignment?number={other}")
    expect_not_found(own, other)
    go_to(own, number, "plan", "plan-2")
    expect(question(own, "Strengths")).to_be_visible()
    written = own.locator("textarea").evaluate_all("fields => fields.map((field) => field.value)")
    assert written and "Written by a stranger" not in written


def test_an_advocate_replaced_today_reads_nothing_today(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_served(csw)
    youth = know_the_youth(csw, number)
    post = Post(smtp_server, number)
    alan = arrive(new_page, running_cts, ADVOCATE, f"/assignment?number={number}&tab=plan&item=plan-2")
    write(alan, "Warnings", "Alan wrote this in the morning.")
    write_cell(alan, "Goal 1", "Action Step", "Meet at the bus stop on Tuesdays")
    settle(alan)
    reading = arrive(new_page, running_cts, ADVOCATE, f"/assignment?number={number}&tab=requests")
    expect(table(reading, "Requests")).to_be_visible()

    coordinator = arrive(new_page, running_cts, COORDINATOR, f"/assignment?number={number}&tab=referral")
    assign_advocate(coordinator, SECOND_ADVOCATE.name)
    post.brings(
        (ADVOCATE, "passed to another Advocate"),
        (SECOND_ADVOCATE, "you are the Advocate"),
        (CSW, "an Advocate has been assigned"),
    )
    name = f"{youth['last_name']}, {youth['first_name']}"
    question(alan, "Warnings").fill("Alan writes on.")
    question(alan, "Warnings").blur()
    reading.locator(".st-key-cts_tabs").get_by_role("link", name="History", exact=True).click()
    for page in (alan, reading):
        expect(page.get_by_role("heading", name="No longer open to you")).to_be_visible()
        expect(page.get_by_text(name)).to_have_count(0)
        expect(page.get_by_text("Draws every day")).to_have_count(0)
    finds_nothing(reading, number, name, f"/documents/{number}/plan/2/pdf")
    go_home(reading)
    expect(listed(reading, number)).to_have_count(0)

    bea = arrive(new_page, running_cts, SECOND_ADVOCATE)
    open_waiting(bea, number, "Advocacy Plan (Phase 2)", "Finish and submit the Advocacy Plan")
    expect(question(bea, "Warnings")).to_have_value("Alan wrote this in the morning.")
    expect(cell(bea, "Goal 1", "Action Step")).to_have_value("Meet at the bus stop on Tuesdays")
    for label in ("Priority Needs", "Current Safety Concerns", "Safety Plan", "Coping Skills"):
        write(bea, label, "Bea went on with it.")
    submit(bea, "Advocacy Plan", "Pending Approval (case worker)")
    post.brings((CSW, "Advocacy Plan (Phase 2) for your review"))


def test_whereabouts_are_shown_once_the_alerts_are_acknowledged(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_new(csw)
    placement = know_the_youth(csw, number)["placement_type"]
    with Beforehand(running_cts, smtp_server, number) as desk:
        desk.writes(CSW.user, **WHEREABOUTS)
        desk.signs(CSW.user)
        desk.submits(CSW.user)
        desk.signs("scsw")
        desk.approves("scsw")
        desk.approves("admin", "Harbor Light Advocacy")

    page = arrive(new_page, running_cts, COORDINATOR, f"/assignment?number={number}")
    secret = (PHONE, ADDRESS, "Text after school", placement)
    reads(page, number, "summary", HIDDEN, without=secret)
    reads(page, number, "referral", HIDDEN, without=secret)
    for tab in set(Tab) - {Tab.SUMMARY, Tab.REFERRAL}:
        reads(page, number, tab, "", without=secret)
    assert [words for words in secret if words in whole_record(page, number)] == []
    page.goto(f"/assignment?number={number}&tab=summary")
    page.get_by_role("link", name="Open the Referral").click()
    acknowledge(page)
    assign_advocate(page, ADVOCATE.name)
    assert PHONE in whole_record(page, number)
    for who in (COORDINATOR, ADVOCATE):
        page = arrive(new_page, running_cts, who)
        reads(page, number, "summary", placement, without=(HIDDEN,))
        reads(page, number, "referral", PHONE, without=(HIDDEN,))
        expect(page.get_by_text(ADDRESS).first).to_be_visible()


def whole_record(page: Page, number: int) -> str:
    """The text of the PDF of the whole record."""
    answer = page.request.get(f"/records/{number}/pdf")
    assert answer.status == 200
    return " ".join(" ".join(paper.extract_text() for paper in PdfReader(io.BytesIO(answer.body())).pages).split())


def reads(page: Page, number: int, tab: str, text: str, without: tuple[str, ...]) -> None:
    """A tab of the record says this, and none of those."""
    go_to(page, number, tab)
    settle(page)
    expect(page.get_by_text(text or f"Assignment # {number}").first).to_be_visible()
    for words in without:
        expect(page.get_by_text(words)).to_have_count(0)
