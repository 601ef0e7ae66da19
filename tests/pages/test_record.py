"""The client record in a real browser: every tab for each role, on a desk and on a phone, and nothing of it for others."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from cts.domain.addresses import TAB_TITLES, Tab
from cts.domain.vocabulary import Document, Status
from cts.services.timeline import LOOKS_SHOWN
from db.models import Assignment, Youth
from db.session import close_database, open_database, writing
from tests.browser.looking import Looks
from tests.browser.people import (
    ADVOCATE,
    COLLEAGUE,
    COORDINATOR,
    CSW,
    DPO,
    SCSW,
    SCSW_ELSEWHERE,
    SECOND_ADVOCATE,
    Cast,
    arrive,
    go_home,
    go_to_assignment,
    listed,
    table,
)
from tests.browser.service_beforehand import OfficeDesk, people_of_office
from tests.browser.service_people import name_other_worker
from tests.cast import Cast as People
from tests.parts.chromium import DESKTOP, PHONE, NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@dataclass(frozen=True)
class Served:
    """Assignments of the case worker: served and dual, at the agency without an Advocate, terminated. `name` is the first one's youth."""

    first: int
    waiting: int
    ended: int
    name: str


@pytest.fixture(scope="module")
def served(running_cts: RunningCts) -> Iterator[Served]:
    open_database(running_cts.database_url)
    people, numbers, name = _county()
    desks = [OfficeDesk(people, number) for number in numbers]
    desks[0].brings_to_advocate()
    desks[0].plan().brings_to_approval()
    desks[0].starts("advocate", Document.FUNDS).brings_to_approval()
    desks[1].brings_to_agency()
    desks[2].brings_to_advocate()
    desks[2].brings_to_end_of_service()
    close_database()
    yield Served(*numbers, name)


def _county() -> tuple[People, list[int], str]:
    """The people of the demonstration, and three New youth of the case worker whom nothing keeps from being referred."""
    people = people_of_office()
    with writing() as session:
        mine = (Assignment.worker_id == people.people[CSW.user].person_id, Assignment.status == Status.NEW)
        rows = session.execute(select(Assignment, Youth).join(Youth).where(*mine).order_by(Assignment.number)).all()
        chosen = list({youth.id: (assignment, youth) for assignment, youth in reversed(rows)}.values())[:3]
        for place, (assignment, youth) in enumerate(chosen):
            youth.birth_date = youth.birth_date.replace(year=2012, day=1)
            youth.sensitivity, assignment.awol_code = "N", "N"
            assignment.dual = place == 0
        return people, [a.number for a, _ in chosen], f"{chosen[0][1].last_name}, "


def tab(page: Page, title: str) -> Locator:
    return page.locator(".st-key-cts_tabs").get_by_role("link", name=title, exact=True)


def here(page: Page) -> Locator:
    return page.locator(".st-key-cts_tabs [aria-current]")


def open_tab(page: Page, number: int, which: Tab, item: str = "") -> None:
    page.goto(f"/assignment?number={number}&tab={which}" + (f"&item={item}" if item else ""))
    expect(here(page)).to_have_text(TAB_TITLES[which])


def test_the_listing_opens_the_record_and_every_tab_is_a_link_with_one_step_back(
    new_page: NewPage, running_cts: RunningCts, served: Served
) -> None:
    page = arrive(new_page, running_cts, CSW)
    listed(page, served.first).get_by_role("link").click()
    expect(page.get_by_role("heading", name="Client record", level=1)).to_be_visible()
    expect(page.get_by_text(served.name).first).to_be_visible()
    expect(here(page)).to_have_text("Client Summary")
    assert page.title() == "Assignment - CTS"
    steps = page.evaluate("history.length")
    for which, title in list(TAB_TITLES.items())[1:]:
        tab(page, title).click()
        expect(here(page)).to_have_text(title)
        expect(page).to_have_url(re.compile(rf"/assignment\?number={served.first}&tab={which}$"))
    assert page.evaluate("history.length") == steps + len(TAB_TITLES) - 1
    page.go_back()
    expect(here(page)).to_have_text("Referral")
    page.reload()
    expect(here(page)).to_have_text("Referral")


def test_an_unknown_tab_is_the_first_and_an_unknown_document_is_said(
    new_page: NewPage, running_cts: RunningCts, served: Served
) -> None:
    page = arrive(new_page, running_cts, CSW, f"/assignment?number={served.first}&tab=nonsense")
    expect(here(page)).to_have_text("Client Summary")
    for which, item in ((Tab.PLAN, "plan-3"), (Tab.PLAN, "funds-1"), (Tab.REQUESTS, "funds-77"), (Tab.HISTORY, "x")):
        open_tab(page, served.first, which, item)
        expect(page.get_by_text("There is no such document in this record.")).to_be_visible()
    open_tab(page, served.first, Tab.PLAN, "plan-1")
    expect(page.get_by_role("heading", name="Advocacy Plan: Phase 1")).to_be_visible()
    expect(page.get_by_text("There is no such document")).to_have_count(0)


def test_the_phase_being_worked_on_stands_below_the_guides_table(
    new_page: NewPage, running_cts: RunningCts, served: Served
) -> None:
    page = arrive(new_page, running_cts, SCSW, f"/assignment?number={served.first}&tab=plan")
    phases = table(page, "Phases of the Advocacy Plan")
    expect(page.get_by_role("heading", name="Advocacy Plan: Phase 2")).to_be_visible()
    expect(phases.get_by_role("columnheader")).to_have_text(
        ["Plan Type", "Start Date", "Projected End Date", "Actual End Date", "Completed", "Status"]
    )
    # Of what the Advocate still writes only the facts are the county's to read: no title stands above nothing.
    unread = "Strengths, warnings and needs; Goals; Safety; Support Systems and Professionals"
    expect(page.get_by_text(f"Nothing has been submitted of: {unread}.")).to_be_visible()
    for title in unread.split("; "):
        expect(page.get_by_role("heading", name=title, exact=True)).to_have_count(0)
        expect(page.get_by_role("link", name=title, exact=True)).to_have_count(0)
    expect(page.get_by_role("heading", name="Phase", exact=True)).to_be_visible()
    phases.get_by_role("link", name="Phase 1").click()
    expect(page.get_by_role("heading", name="Advocacy Plan: Phase 1")).to_be_visible()
    expect(page.get_by_text("Curious, and good with younger children.")).to_be_visible()
    expect(page.get_by_role("heading", name="Goals", exact=True)).to_be_visible()


def test_the_advocate_begins_one_request_by_a_double_click_and_is_told_why_not_another(
    new_page: NewPage, running_cts: RunningCts, served: Served
) -> None:
    page = arrive(new_page, running_cts, ADVOCATE, f"/assignment?number={served.first}&tab=requests")
    requests = table(page, "Requests")
    expect(requests.get_by_role("rowheader")).to_have_count(1)
    page.get_by_role("button", name="Start a Restoration Fund Request").dblclick()
    expect(page.get_by_role("heading", name=re.compile("^Restoration Fund Request"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"item=funds-2$"))
    expect(page.get_by_text("Restoration Fund Request 2 was begun and is still empty: write it first.")).to_be_visible()
    page.reload()
    expect(requests.get_by_role("rowheader")).to_have_count(2)
    case_worker = arrive(new_page, running_cts, CSW, f"/assignment?number={served.first}&tab=requests")
    expect(table(case_worker, "Requests").get_by_role("rowheader")).to_have_count(2)
    expect(case_worker.get_by_role("button", name="Start")).to_have_count(0)


def test_who_looked_stands_for_the_county_and_not_for_the_agency(
    new_page: NewPage, running_cts: RunningCts, served: Served
) -> None:
    page = arrive(new_page, running_cts, CSW, f"/assignment?number={served.first}&tab=history")
    looks = table(page, "Who looked at this record")
    expect(looks.get_by_role("row").nth(1)).to_contain_text("Opened: History tab")
    with closing(sqlite3.connect(running_cts.database_url.removeprefix("sqlite:///"), timeout=30)) as connection:
        count = "SELECT COUNT(*) FROM access_entry WHERE action = 'open history'"
        columns = "id, at, actor_id, action, outcome, assignment_id, parties, reason, address, session_hash, details"
        same = f"SELECT -?, {columns[4:]} FROM access_entry WHERE action = 'open history'"
        for place in range(LOOKS_SHOWN):  # below the numbers that the server gives
            connection.execute(f"INSERT INTO access_entry ({columns}) {same} LIMIT 1", (place + 1,))
        connection.commit()
        page.reload()
        expect(page.get_by_text(f"Newest first. {LOOKS_SHOWN} of")).to_be_visible()
        before = connection.execute(count).fetchone()
        page.get_by_role("button", name=f"Show {LOOKS_SHOWN} more").click()
        expect(page.get_by_text(f"Newest first. {LOOKS_SHOWN} of")).to_have_count(0)
        expect(looks.get_by_role("row")).not_to_have_count(LOOKS_SHOWN + 1)
        assert connection.execute(count).fetchone() == before, "a rerun is not a look"
    for who in (COORDINATOR, ADVOCATE):
        agency = arrive(new_page, running_cts, who, f"/assignment?number={served.first}&tab=history")
        expect(table(agency, f"Assignment {served.first}, newest first")).to_be_visible()
        expect(agency.get_by_role("heading", name="Who looked at this record")).to_have_count(0)
        expect(agency.get_by_text("submitted the Referral")).to_have_count(0)


def test_the_worker_of_the_other_department_is_named_and_finds_the_youth_on_the_listing(
    new_page: NewPage, running_cts: RunningCts, served: Served
) -> None:
    page = arrive(new_page, running_cts, CSW, f"/assignment?number={served.first}")
    name_other_worker(page, "Probation", DPO)
    expect(page.get_by_text(f"For Probation, {DPO.name} reads along and is told.")).to_be_visible()
    other = arrive(new_page, running_cts, DPO)
    expect(listed(other, served.first)).to_contain_text("dual, led by the other department")
    listed(other, served.first).get_by_role("link").click()
    expect(here(other)).to_have_text("Client Summary")
    expect(other.get_by_role("button", name="Change")).to_have_count(0)


def test_what_waits_opens_its_very_document(new_page: NewPage, running_cts: RunningCts, served: Served) -> None:
    page = arrive(new_page, running_cts, ADVOCATE)
    name = f"Open assignment {served.first}, Advocacy Plan (Phase 2)"
    waiting = table(page, "Waiting on me, oldest first")
    if page.get_by_text(re.compile("^Show all")).count():
        page.get_by_text(re.compile("^Show all")).click()
    waiting.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name="Advocacy Plan: Phase 2")).to_be_visible()
    expect(here(page)).to_have_text("Advocacy Plan")


def test_a_terminated_youth_keeps_the_record_and_a_way_back(
    new_page: NewPage, running_cts: RunningCts, served: Served
) -> None:
    page = arrive(new_page, running_cts, CSW, f"/assignment?number={served.ended}&tab=termination")
    expect(page.get_by_role("heading", name="Termination Report", exact=True)).to_be_visible()
    page.get_by_role("link", name="Open the Referral").click()
    expect(page.get_by_role("button", name="Refer again")).to_be_visible()


@pytest.mark.parametrize("who", [COLLEAGUE, SCSW_ELSEWHERE, SECOND_ADVOCATE], ids=lambda who: who.user)
def test_nothing_of_it_for_others_by_any_tab(
    new_page: NewPage, running_cts: RunningCts, served: Served, who: Cast
) -> None:
    page = arrive(new_page, running_cts, who, f"/assignment?number={served.first}")
    # The record is refused before a tab is chosen; one of the three tries all of them nevertheless.
    for which in Tab if who is COLLEAGUE else (Tab.SUMMARY, Tab.HISTORY):
        page.goto(f"/assignment?number={served.first}&tab={which}")
        expect(page.get_by_role("heading", name="Not found")).to_be_visible()
        expect(page.get_by_text(served.name)).to_have_count(0)
    go_home(page)


@pytest.mark.parametrize("who", [ADVOCATE, CSW], ids=lambda who: who.user)
def test_no_barrier_on_any_tab(new_page: NewPage, running_cts: RunningCts, served: Served, who: Cast) -> None:
    """As the one who writes sees them, and as one who reads: all others see what one of the two sees, or less."""
    page, looks = arrive(new_page, running_cts, who), Looks()
    for which in Tab:
        open_tab(page, served.first, which)
        looks.at(page, f"record-{which}-{who.user}")
    go_to_assignment(page, served.waiting) if who is not ADVOCATE else open_tab(page, served.ended, Tab.TERMINATION)
    looks.at(page, f"record-other-{who.user}", sizes=(DESKTOP, PHONE))
    assert looks.found == [], "\n".join(looks.found)
