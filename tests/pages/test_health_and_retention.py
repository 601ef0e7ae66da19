"""The pages Health and Retention in a real browser: who has them, what is done there, without a barrier."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.looking import Looks
from tests.browser.people import ADMIN, ADMIN_SECOND, CSW, SUPPORT, arrive, table
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def due(running_cts: RunningCts) -> RunningCts:
    """The demonstration, where four closed assignments are long over, one was marked a month ago, and one flag disagrees."""
    cts = running_cts
    with closing(sqlite3.connect(cts.var_dir / "cts.sqlite", isolation_level=None, timeout=30)) as connection:
        closed = [n for (n,) in connection.execute("SELECT number FROM assignment WHERE status = 'Flag ended' LIMIT 4")]
        assert len(closed) == 4
        connection.execute(
            "UPDATE assignment SET closed_at = '2020-01-01 18:00:00.000000' WHERE status = 'Flag ended' AND number <= ?",
            [max(closed)],
        )
        connection.execute("UPDATE assignment SET flag_ended_on = NULL WHERE number = ?", [closed[3]])
    assert cts.run_command("purge", "--mark").returncode == 0
    with closing(sqlite3.connect(cts.var_dir / "cts.sqlite", isolation_level=None, timeout=30)) as connection:
        connection.execute(
            "UPDATE purge_mark SET marked_at = '2025-01-01 18:00:00.000000', marked_by ="
            " (SELECT person_id FROM account WHERE user_name = 'admin') WHERE assignment_id ="
            " (SELECT id FROM assignment WHERE number = ?)",
            [closed[0]],
        )
    return cts


def test_what_is_wrong_is_found_when_asked(new_page: NewPage, due: RunningCts) -> None:
    looks = Looks()
    page = arrive(new_page, due, SUPPORT, "/health")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("Not so: Flag and status agree")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("To mend it: Load the newest extract again.")).to_be_visible()
    expect(table(page, "Found by: Flag and status agree").get_by_role("row")).to_have_count(2)
    expect(page.get_by_text(re.compile("asked for by Sam Support: 1 check found"))).to_be_visible()
    apart = table(page, "Not checked here")
    expect(apart).to_contain_text("A backup was made")
    expect(apart).to_contain_text("The demonstration holds nothing that could be lost.")
    page.get_by_text(re.compile("checks found nothing wrong")).click()
    expect(table(page, "Checks that found nothing wrong")).not_to_contain_text("A backup was made")
    looks.at(page, "health-wrong")
    assert looks.found == [], "\n".join(looks.found)
    page = arrive(new_page, due, CSW, "/health")
    expect(page.get_by_text(re.compile("This page is for CSEC Administration and"))).to_be_visible()


def test_a_second_person_purges_what_the_first_marked(new_page: NewPage, due: RunningCts) -> None:
    looks = Looks()
    page = arrive(new_page, due, ADMIN, "/retention")
    rows = table(page, "Due to be purged").get_by_role("row")
    expect(page.get_by_role("button", name=re.compile("Purge assignment"))).to_have_count(0)
    number = rows.filter(has_text="Marked").get_by_role("rowheader").first.inner_text()
    looks.at(page, "retention")

    page = arrive(new_page, due, ADMIN_SECOND, "/retention")
    page.get_by_role("button", name=f"Purge assignment {number}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone.")
    looks.at(page, "retention-purge")
    dialog.get_by_role("button", name="Purge").click()
    expect(page.get_by_text(f"Assignment {number} is purged.")).to_be_visible()
    expect(table(page, "Certificates of purge")).to_contain_text(number)
    answer = page.request.get(f"{due.base_url}/certificates/{number}/pdf")
    assert answer.status == 200 and answer.body().startswith(b"%PDF")
    page.goto(f"/assignment?number={number}")
    expect(page.get_by_text(f"The record of assignment {number} was purged")).to_be_visible()
    assert looks.found == [], "\n".join(looks.found)
    page = arrive(new_page, due, SUPPORT, "/retention")
    expect(page.get_by_text("This page is for CSEC Administration.")).to_be_visible()
    assert page.request.get(f"{due.base_url}/certificates/{number}/pdf").status == 404


def test_a_hold_stands_on_the_record(new_page: NewPage, due: RunningCts) -> None:
    page = arrive(new_page, due, ADMIN, "/retention")
    page.get_by_role("button", name="Mark assignment").first.click()
    expect(page.get_by_text(re.compile("is marked. Somebody else"))).to_be_visible()
    number = table(page, "Due to be purged").get_by_role("row").nth(1).get_by_role("rowheader").first.inner_text()
    page.get_by_role("button", name="Place a legal hold").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Place the hold").click()
    expect(dialog.get_by_text(re.compile("write the Assignment #.*say why the record is held"))).to_be_visible()
    dialog.get_by_label("Reason").fill("Asked for by **counsel**.")
    dialog.get_by_label("Assignment #").fill("99999")
    dialog.get_by_role("button", name="Place the hold").click()
    expect(dialog.get_by_text("There is no such record")).to_be_visible()
    expect(dialog.get_by_label("Reason")).to_have_value("Asked for by **counsel**.")
    dialog.get_by_label("Assignment #").fill(number)
    looks = Looks()
    looks.at(page, "retention-hold")
    dialog.get_by_role("button", name="Place the hold").click()
    expect(page.get_by_text("The hold is placed.")).to_be_visible()
    page.goto(f"/assignment?number={number}")
    expect(
        page.get_by_text(re.compile(f"Legal hold on assignment {number}.*Asked for by \\*\\*counsel\\*\\*"))
    ).to_be_visible()
    looks.at(page, "record-held")
    assert looks.found == [], "\n".join(looks.found)
