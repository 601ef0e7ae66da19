"""Advocate Activity and Run Away Status / Misc Updates in a real browser: quick entry on a phone, month, corrections, the log."""

import re
import sqlite3
from calendar import SUNDAY, Calendar
from contextlib import closing
from datetime import date

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from cts.domain.cadence import Week, WeekState
from pages.parts.activity_cadence import week_words
from pages.parts.activity_month import duration
from tests.browser.looking import Looks
from tests.browser.people import (
    ADVOCATE,
    CSW,
    SECOND_ADVOCATE,
    Cast,
    arrive,
    choose,
    go_to_assignment,
    pick,
    press,
    question,
    table,
    write,
)
from tests.browser.service_people import today
from tests.parts.chromium import DESKTOP, PHONE, NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NOTE = "Note (at most 1,000 characters)"
WHOM = "With whom * (choose all that apply)"


@pytest.fixture(scope="module")
def served(running_cts: RunningCts) -> int:
    """The Assignment # of a youth of the demonstration whom Alan Advocate serves, and Guadalupe Harris is the CSW of."""
    statement = (
        "SELECT number FROM assignment JOIN account AS a ON a.person_id = advocate_id JOIN account AS w ON w.person_id = worker_id "
        "WHERE status = 'Approved' AND a.user_name = ? AND w.user_name = ? ORDER BY number"
    )
    path = running_cts.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        return int(connection.execute(statement, (ADVOCATE.user, CSW.user)).fetchone()[0])


def come(new_page: NewPage, cts: RunningCts, who: Cast, number: int, tab: str, size: tuple[int, int] = DESKTOP) -> Page:
    page = arrive(new_page, cts, who, f"/assignment?number={number}&tab={tab}", size)
    expect(page.get_by_role("heading", name="Client record")).to_be_visible()
    return page


def entries(page: Page) -> Locator:
    """The rows of the month's entries, newest first."""
    return table(page, f"Entries of {month_shown(page)}").locator("tbody").get_by_role("row")


def month_shown(page: Page) -> str:
    return page.get_by_role("heading", name=re.compile(r"^[A-Z][a-z]+ 20\d\d$")).inner_text()


def save(page: Page, minutes: str, note: str) -> None:
    """The rest of a visit, and Save."""
    pick(page, "Location", "School")
    page.get_by_label("Minutes *").fill(minutes)
    page.get_by_label("Minutes *").blur()
    write(page, NOTE, note)
    page.get_by_role("button", name="Save activity").click()
    expect(page.get_by_text(re.compile(r"^Saved: In-person visit, .*, Completed\.$"))).to_be_visible()


def test_a_visit_is_entered_on_a_phone_and_what_was_typed_waits_until_it_is_saved(
    running_cts: RunningCts, new_page: NewPage, served: int
) -> None:
    page = come(new_page, running_cts, ADVOCATE, served, "activity", PHONE)
    expect(page.get_by_text("communications with an advocate are privileged (Evidence Code 1038)")).to_be_visible()
    write(page, NOTE, "Met after school. <b>Calm</b>")
    page.get_by_role("button", name="Save activity").click()
    expect(page.get_by_text("Location: please choose one.")).to_be_visible()
    expect(page.get_by_text("Minutes: please say how long it took.")).to_be_visible()
    expect(question(page, NOTE)).to_have_value("Met after school. <b>Calm</b>")

    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.get_by_role("button", name="Save activity")).to_have_count(0)
    page.get_by_role("link", name="Advocate Activity", exact=True).click()
    expect(question(page, NOTE)).to_have_value("Met after school. <b>Calm</b>")
    asked: list[str] = []

    def stays(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stays)
    page.evaluate("setTimeout(() => location.reload(), 0)")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"], "leaving the page asks first"
    expect(question(page, NOTE)).to_have_value("Met after school. <b>Calm</b>")

    pick(page, "Location", "School")
    page.get_by_label("Minutes *").fill("45")
    page.get_by_label("Minutes *").blur()
    press(page, WHOM, "Caregiver")
    box = page.get_by_role("button", name="Save activity").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] > PHONE[0] * 0.8
    page.get_by_role("button", name="Save activity").dblclick()
    expect(page.get_by_text(re.compile(r"^Saved: In-person visit"))).to_be_visible()
    row = entries(page).filter(has_text="Met after school.")
    expect(row).to_have_count(1)
    for words in ("<b>Calm</b>", "45 min", "Youth, Caregiver", "In-Person · School", "Completed"):
        expect(row).to_contain_text(words)
    expect(question(page, NOTE)).to_have_value("")
    expect(page.get_by_label("Minutes *")).to_have_value("")


def test_an_entry_is_changed_and_taken_back_and_the_county_sees_what_stood_there(
    running_cts: RunningCts, new_page: NewPage, served: int
) -> None:
    page = come(new_page, running_cts, ADVOCATE, served, "activity")
    save(page, "30", "Canary one.")
    row = entries(page).filter(has_text="Canary one.")
    row.get_by_role("button", name=re.compile("^Change: ")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Minutes *").fill("0")
    dialog.get_by_label("Minutes *").blur()
    dialog.get_by_role("button", name="Save the change").click()
    expect(dialog.get_by_text("Minutes: please give a whole number from 1 to 1,440.")).to_be_visible()
    dialog.get_by_label("Minutes *").fill("35")
    dialog.get_by_label("Minutes *").blur()
    dialog.get_by_role("button", name="Save the change").click()
    expect(dialog).to_have_count(0)
    expect(row).to_have_count(2)
    expect(row.first).to_contain_text("35 min")
    expect(row.last).to_contain_text("by Alan Advocate: replaced by a corrected entry")

    row.first.get_by_role("button", name=re.compile("^Take back: ")).click()
    dialog.get_by_role("button", name="Take back").click()
    expect(dialog.get_by_text("Please give a reason.")).to_be_visible()
    dialog.get_by_label("Reason").fill("It was another youth.")
    dialog.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("The entry is taken back.")).to_be_visible()

    seen = come(new_page, running_cts, CSW, served, "activity")
    gone = entries(seen).filter(has_text="Canary one.")
    expect(gone.first).to_contain_text(
        re.compile(r"Taken back on \d\d/\d\d/\d{4} by Alan Advocate: It was another youth\.")
    )
    expect(gone.first.locator(".struck").first).to_have_css("text-decoration-line", "line-through")
    expect(seen.get_by_role("button", name="Save activity")).to_have_count(0)
    expect(seen.get_by_role("button", name=re.compile("^(Change|Take back)"))).to_have_count(0)


def test_the_method_follows_the_type_and_what_is_not_asked_is_not_shown(
    running_cts: RunningCts, new_page: NewPage, served: int
) -> None:
    page = come(new_page, running_cts, ADVOCATE, served, "activity")
    pick(page, "Type", "Phone, text or social media check-in")
    expect(question(page, "Location", "combobox")).to_have_count(0)
    expect(question(page, "Method", "combobox")).to_have_value("Telephone")
    choose(page, "Outcome", "Scheduled")
    expect(page.get_by_label("Minutes", exact=False)).to_have_count(0)
    pick(page, "Type", "Placement visit")
    expect(question(page, "Method", "combobox")).to_have_value("In-Person")


def test_months_are_turned_by_links_that_can_be_sent(running_cts: RunningCts, new_page: NewPage, served: int) -> None:
    year = today().year + 1
    page = come(new_page, running_cts, CSW, served, f"activity&month={year}-02")
    expect(page.get_by_role("heading", name=f"February {year}", exact=True)).to_be_visible()
    calendar = page.get_by_role("table", name=f"Advocate Activity in February {year}")
    expect(calendar.get_by_role("columnheader").first).to_have_text("Sunday")
    expect(calendar.get_by_role("row")).to_have_count(1 + len(Calendar(SUNDAY).monthdayscalendar(year, 2)))
    page.get_by_role("link", name=f"Previous month: January {year}").click()
    expect(page).to_have_url(f"{running_cts.base_url}/assignment?number={served}&tab=activity&month={year}-01")
    expect(page.get_by_role("heading", name=f"January {year}", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=f"February {year}", exact=True)).to_be_visible()
    page.goto(f"/assignment?number={served}&tab=activity&month=<b>")
    expect(page.get_by_role("heading", name=re.compile(r"^Entries of "))).to_be_visible()


def test_a_youth_runs_away_and_the_log_says_what_is_still_to_be_done(
    running_cts: RunningCts, new_page: NewPage, served: int
) -> None:
    page = come(new_page, running_cts, ADVOCATE, served, "summary")
    page.get_by_text("Add an update").click()
    pick(page, "Status", "AWOL/missing")
    expect(page.get_by_text("Within 24 hours: tell law enforcement and the National Center")).to_be_visible()
    write(page, "Law enforcement report #", "26-114")
    write(page, "What happened", "Did not come <i>home</i>.")
    page.get_by_role("button", name="Save update").dblclick()
    expect(page.get_by_text(re.compile(r"^Saved: AWOL/missing"))).to_be_visible()
    log = table(page, "Run Away Status / Misc Updates").locator("tbody").get_by_role("row")
    expect(log.filter(has_text="Did not come <i>home</i>.")).to_have_count(1)

    seen = come(new_page, running_cts, CSW, served, "summary")
    expect(seen.get_by_text("Not in the updates yet: NCMEC #, attorney notified")).to_be_visible()
    expect(seen.get_by_text(re.compile(r"^AWOL/missing since "))).to_be_visible()
    expect(seen.get_by_text("Add an update")).to_have_count(0)


def test_an_advocate_of_the_agency_without_the_youth_finds_nothing(
    running_cts: RunningCts, new_page: NewPage, served: int
) -> None:
    page = arrive(new_page, running_cts, SECOND_ADVOCATE, f"/assignment?number={served}&tab=activity")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    expect(page.get_by_text("New activity")).to_have_count(0)


def test_everybody_can_use_it_on_a_desk_and_on_a_phone(running_cts: RunningCts, new_page: NewPage, served: int) -> None:
    looks = Looks()
    page = come(new_page, running_cts, ADVOCATE, served, "activity")
    page.get_by_role("button", name="Save activity").click()
    expect(page.get_by_text("Not saved yet: please look at what is marked above.")).to_be_visible()
    looks.at(page, "activity")
    save(page, "20", "Canary two.")
    entries(page).first.get_by_role("button", name=re.compile("^Change: ")).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    looks.at(page, "activity-change")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    go_to_assignment(page, served)
    page.get_by_text("Add an update").click()
    pick(page, "Status", "Returned")
    expect(page.get_by_role("radiogroup", name="Return interview done *")).to_be_visible()
    looks.at(page, "updates")
    assert looks.found == [], "\n".join(looks.found)


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (
            Week(date(2026, 11, 2), date(2026, 11, 8), WeekState.MISSED),
            "No in-person contact from 11/02/2026 to 11/08/2026.",
        ),
        (
            Week(date(2026, 11, 2), date(2026, 11, 8), WeekState.MISSED, attempts=2),
            "No in-person contact from 11/02/2026 to 11/08/2026. 2 attempts.",
        ),
        (
            Week(date(2026, 11, 2), date(2026, 11, 8), WeekState.ABSENT, attempts=1, absent=True),
            "AWOL from 11/02/2026 to 11/08/2026, not counted as missed. 1 attempt.",
        ),
        (
            Week(date(2026, 11, 2), date(2026, 11, 8), WeekState.MISSED, absent=True),
            "No in-person contact from 11/02/2026 to 11/08/2026. The youth was AWOL, and no attempt or outreach is written.",
        ),
    ],
)
def test_a_week_in_words(week: Week, words: str) -> None:
    assert week_words(week) == words


def test_minutes_in_words() -> None:
    assert [duration(m) for m in (0, 45, 60, 135)] == ["0 min", "45 min", "1 h", "2 h 15 min"]
