"""Break-glass and the access log in a real browser: opened for a reason, ended without a click, reviewed, looked at."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Page, expect

from pages.shell.signed_in import WATCH_EVERY_SECONDS
from tests.browser.looking import Looks
from tests.browser.people import ADMIN, CSW, SCSW_ELSEWHERE, SUPPORT, act, arrive, table
from tests.browser.service_people import settle
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WHY = "She called me from a motel and is in danger."


@contextmanager
def database(cts: RunningCts) -> Iterator[sqlite3.Connection]:
    path = cts.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        yield connection


@pytest.fixture(scope="module")
def served(running_cts: RunningCts) -> tuple[int, str, str]:
    """Number and name of a youth on Guadalupe Harris's caseload, far from Esperanza Juarez's office."""
    with database(running_cts) as connection:
        found = connection.execute(
            "SELECT a.number, y.last_name, y.first_name FROM assignment a JOIN youth y ON y.id = a.youth_id"
            " JOIN account u ON u.person_id = a.worker_id WHERE u.user_name = 'csw' AND y.sensitivity = 'N'"
            " AND a.status = 'Approved' ORDER BY a.number LIMIT 1"
        ).fetchone()
        number, last_name, first_name = found
    return number, last_name, first_name


def finds(page: Page, last_name: str) -> None:
    page.get_by_label("Youth Last Name").fill(last_name)
    page.get_by_role("button", name="Search").click()
    expect(table(page, "Elsewhere in the county")).to_be_visible()


def comes_back_without_being_asked_again(page: Page, number: int, last_name: str) -> None:
    """By Home, and by another search."""
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("link", name=f"Assignment {number}", exact=True).click()
    expect(page.get_by_role("heading", name="Client record")).to_be_visible()
    page.get_by_role("link", name="Home", exact=True).click()
    finds(page, last_name)
    expect(page.get_by_role("button", name=f"Open in an emergency: assignment {number}")).to_have_count(0)
    page.get_by_role("link", name=f"Open assignment {number}", exact=True).click()
    expect(page.get_by_role("heading", name="Client record")).to_be_visible()


def test_opened_for_a_reason_ended_without_a_click_and_reviewed(
    new_page: NewPage, running_cts: RunningCts, served: tuple[int, str, str]
) -> None:
    number, last_name, _ = served
    looks = Looks()
    page = arrive(new_page, running_cts, SCSW_ELSEWHERE)
    finds(page, last_name)
    dialog = act(page, f"Open in an emergency: assignment {number}")
    expect(dialog.get_by_text(re.compile(f"^{last_name}, .*, born in [0-9]{{4}}[.] "))).to_be_visible()
    dialog.get_by_role("button", name="Open the record").click()
    expect(dialog.get_by_text("Choose what the emergency is.")).to_be_visible()
    looks.at(page, "emergency", only="[role=dialog]")
    dialog.get_by_label("What is the emergency?").click()
    page.get_by_role("option", name="The youth is in danger now").click()
    dialog.get_by_label("Why do you need to see this record now?").fill(WHY)
    dialog.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("heading", name="Client record")).to_be_visible()
    expect(page.get_by_text("Opened in an emergency: you can read this record until")).to_be_visible()
    looks.at(page, "emergency-record")
    comes_back_without_being_asked_again(page, number, last_name)
    page.clock.install()
    page.reload()
    expect(page.get_by_text("Opened in an emergency: you can read this record until")).to_be_visible()
    settle(page)
    with database(running_cts) as connection:
        connection.execute("UPDATE emergency_access SET ends_at = opened_at")
        connection.commit()
    page.clock.fast_forward(1_000 * (WATCH_EVERY_SECONDS + 1))
    expect(page.get_by_role("heading", name="Emergency access has ended")).to_be_visible()
    expect(page.get_by_text(last_name)).to_have_count(0)

    admin = arrive(new_page, running_cts, ADMIN)
    expect(admin.get_by_role("heading", name="Waiting on me (1)")).to_be_visible()
    looks.at(admin, "home-with-a-review")
    admin.get_by_role("link", name="1 record opened in an emergency waits for your review").click()
    expect(admin.get_by_role("heading", name="Waiting for review (1)")).to_be_visible()
    looks.at(admin, "emergency-to-review")
    row = table(admin, "Emergency access to review, oldest first")
    expect(row).to_contain_text(WHY)
    review = act(admin, re.compile(f"Review: assignment {number}"))
    review.get_by_role("button", name="Save the review").click()
    expect(review.get_by_text("Choose whether it was justified.")).to_be_visible()
    looks.at(admin, "emergency-review", only="[role=dialog]")
    review.get_by_text("Justified", exact=True).click()
    review.get_by_label("What you found").fill("She was found in time.")
    review.get_by_role("button", name="Save the review").click()
    expect(admin.get_by_text("The review is saved: justified.")).to_be_visible()
    expect(admin.get_by_role("heading", name="Waiting for review (0)")).to_be_visible()
    expect(table(admin, "Emergency access reviewed, newest first")).to_contain_text("She was found in time.")

    worker = arrive(new_page, running_cts, CSW, f"/assignment?number={number}&tab=history")
    looked = table(worker, "Who looked at this record").get_by_role("row").filter(has_text="Esperanza Juarez (SCSW)")
    expect(looked.first).to_contain_text("Refused; nothing was shown")
    expect(looked.filter(has_text="emergency access").first).to_contain_text("Opened: Client Summary")
    assert looks.found == [], "\n".join(looks.found)


def test_the_log_is_filtered_and_names_no_youth(
    new_page: NewPage, running_cts: RunningCts, served: tuple[int, str, str]
) -> None:
    number, last_name, first_name = served
    looks = Looks()
    page = arrive(new_page, running_cts, ADMIN, "/access-log")
    log = table(page, "Access log")
    expect(log.get_by_role("row").nth(1)).to_contain_text("Read access log")
    looks.at(page, "access-log")
    page.get_by_label("Assignment #").fill("12a")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("An assignment # has digits only.")).to_be_visible()
    expect(log).to_have_count(0)
    page.get_by_label("Assignment #").fill(str(number))
    page.get_by_role("button", name="Filter").click()
    expect(log.get_by_role("row").nth(1)).to_contain_text(f"Assignment {number}")
    expect(log.get_by_text("Start server")).to_have_count(0)
    shown = log.inner_text()
    assert last_name not in shown and first_name not in shown
    page.get_by_role("button", name="Clear").click()
    expect(log.get_by_text("Start server").first).to_be_visible()
    page.get_by_role("link", name="Unusual viewing").click()
    expect(page.get_by_text("Each line says what was counted")).to_be_visible()
    looks.at(page, "unusual-viewing")
    table(page, "Unusual viewing, newest day first").get_by_role(
        "link", name=re.compile("Entries of Esperanza Juarez")
    ).first.click()
    expect(page).to_have_url(re.compile(r"/access-log\?person=\d+$"))
    expect(page.get_by_text("Entries of Esperanza Juarez only")).to_be_visible()
    expect(log.get_by_role("row").filter(has_text="Ada Administrator")).to_have_count(0)
    looks.at(page, "access-log-of-one")
    page.get_by_role("button", name="Clear").click()
    expect(log.get_by_role("row").filter(has_text="Ada Administrator").first).to_be_visible()
    expect(page).to_have_url(re.compile("/access-log$"))
    assert looks.found == [], "\n".join(looks.found)


def test_on_a_referral_alone_it_stands_below_the_head_beside_the_sections(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, SCSW_ELSEWHERE)
    with database(running_cts) as connection:
        (number,) = connection.execute("SELECT number FROM assignment WHERE status = 'New' LIMIT 1").fetchone()
        connection.execute(
            "INSERT INTO emergency_access (assignment_id, person_id, role, reason_code, reason_text, finding, review_note, opened_at,"
            " ends_at) SELECT a.id, p.person_id, 'SCSW', 'danger', '', '', '', '2026-01-01 00:00:00', '2036-01-01 00:00:00'"
            " FROM assignment a, account p"
            " WHERE a.number = ? AND p.user_name = 'scsw.elsewhere'",
            [number],
        )
        connection.commit()
    page.goto(f"/assignment?number={number}")
    words = page.get_by_text("Opened in an emergency: you can read this record until")
    expect(words).to_be_visible()
    head, banner, first = (
        part.bounding_box() or {}
        for part in (
            page.locator(".st-key-cts_head"),
            words,
            page.get_by_role("link", name="Section I: Type of referral"),
        )
    )
    assert head["y"] + head["height"] <= min(banner["y"], first["y"])
    assert first["x"] + first["width"] <= banner["x"]


def test_technical_support_does_not_open_the_log(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, SUPPORT, "/access-log")
    expect(page.get_by_text("This page is for CSEC Administration.")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
