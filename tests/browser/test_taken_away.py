"""A right or a session that is taken away while a page stands open: what is pressed then does nothing, and the screen is cleared."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from pages.shell.signed_in import WATCH_EVERY_SECONDS
from tests.browser.looking import Looks
from tests.browser.people import (
    ADMIN,
    CSW,
    act,
    arrive,
    expect_saved,
    find_new,
    listed,
    open_assignment,
    pick,
    question,
    sign_in,
    write,
)
from tests.browser.service_people import settle
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]


def in_database(cts: RunningCts, statement: str, *values: object) -> list[tuple[object, ...]]:
    """What a database administrator types."""
    with closing(sqlite3.connect(cts.var_dir / "cts.sqlite", timeout=30)) as database, database:
        return database.execute(statement, values).fetchall()


def test_a_button_drawn_for_a_title_that_was_taken_away_does_nothing(
    running_cts: RunningCts, new_page: NewPage
) -> None:
    page = arrive(new_page, running_cts, ADMIN, "/places")
    pick(page, "Change an agency, or add one", "Harbor Light Advocacy")
    # The form of the agency, not the one that stood there before: what is typed into that goes with it.
    expect(question(page, "Agency name")).to_have_value("Harbor Light Advocacy")
    question(page, "Short name").fill("AFA")
    drawn = page.get_by_role("button", name="Save agency").element_handle()
    in_database(running_cts, "update person set role = 'CSW' where email = ?", ADMIN.email)
    try:
        # At once: within seconds the page finds out by itself, and the button is gone.
        drawn.evaluate("button => button.click()")
        expect(page.get_by_role("button", name="Data and places")).to_have_count(0)
        expect(page.get_by_text("This page is for CSEC Administration.")).to_be_visible()
        expect(page.get_by_role("button", name="Save agency")).to_have_count(0)
        assert in_database(running_cts, "select 1 from agency where short_name = 'AFA'") == []
    finally:
        in_database(running_cts, "update person set role = 'CSEC Administration' where email = ?", ADMIN.email)


def elsewhere(cts: RunningCts, new_page: NewPage) -> None:
    """Signed out everywhere, on another device."""
    other = arrive(new_page, cts, CSW, "/account")
    other.get_by_role("button", name="Sign out everywhere").click()
    expect(other.get_by_role("status")).to_contain_text("You are signed out")


def earlier(column: str, back: timedelta) -> Callable[[RunningCts, NewPage], None]:
    """So much time has gone by for every session."""
    moved = f"update sign_in_session set {column} = datetime({column}, '-{int(back.total_seconds())} seconds')"

    def end(cts: RunningCts, _: NewPage) -> None:
        in_database(cts, moved)

    return end


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(elsewhere, id="elsewhere"),
        pytest.param(earlier("last_active_at", timedelta(minutes=31)), id="idle"),
        pytest.param(earlier("created_at", timedelta(hours=13)), id="old"),
    ],
)
def test_a_session_that_is_over_clears_the_screen_and_keeps_the_draft(
    running_cts: RunningCts,
    new_page: NewPage,
    request: pytest.FixtureRequest,
    end: Callable[[RunningCts, NewPage], None],
) -> None:
    name = request.node.callspec.id
    page = new_page(base_url=running_cts.base_url)
    page.clock.install()
    page.goto("/")
    sign_in(page, CSW)
    number = find_new(page)
    youth = listed(page, number).get_by_role("cell").nth(4).inner_text()
    open_assignment(page, number)
    expect(page.get_by_text(youth).first).to_be_visible()
    write(page, "Preferred name", name)
    expect_saved(page)
    settle(page)
    end(running_cts, new_page)
    # Nobody touches the screen; some time goes by.
    page.clock.fast_forward(1_000 * (WATCH_EVERY_SECONDS + 1))
    expect(page.get_by_role("status")).to_contain_text("A draft is as it was last saved")
    expect(page.get_by_text(youth)).to_have_count(0)
    page.go_back()
    expect(page.get_by_text(youth)).to_have_count(0)
    page.goto(f"/assignment?number={number}")
    sign_in(page, CSW)
    expect(question(page, "Preferred name")).to_have_value(name)


def test_before_a_session_ends_the_page_says_so_and_whoever_is_at_work_stays(
    running_cts: RunningCts, new_page: NewPage
) -> None:
    page = new_page(base_url=running_cts.base_url)
    page.clock.install()
    page.goto("/")
    sign_in(page, ADMIN)
    page.goto("/retention")
    expect(page.get_by_role("heading", name="Retention")).to_be_visible()
    stay = page.get_by_role("button", name="Stay signed in")
    look_again = 1_000 * (WATCH_EVERY_SECONDS + 1)
    nearly = earlier("last_active_at", timedelta(minutes=28, seconds=30))

    def warned() -> None:
        settle(page)
        nearly(running_cts, new_page)
        page.clock.fast_forward(look_again)
        expect(page.get_by_role("alert").filter(has_text="Nothing was done here for a while.")).to_be_visible()

    expect(stay).to_have_count(0)
    warned()
    looks = Looks()
    looks.at(page, "session-ends")
    stay.click()
    expect(stay).to_have_count(0)
    page.clock.fast_forward(look_again)
    settle(page)
    expect(stay).to_have_count(0)
    # Above a dialog it is read and pressed too; what is typed in the dialog, which the server does not hear of otherwise, counts as well.
    dialog = act(page, "Place a legal hold")
    warned()
    looks.at(page, "session-ends-dialog", only="#cts-session-ends")
    stay.click()
    expect(stay).to_have_count(0)
    expect(dialog).to_be_visible()
    warned()
    dialog.get_by_label("Reason").press_sequentially("Asked for")
    expect(stay).to_have_count(0)
    expect(dialog.get_by_label("Reason")).to_have_value("Asked for")
    # The end of the day comes whatever is done.
    earlier("created_at", timedelta(hours=11, minutes=58, seconds=30))(running_cts, new_page)
    page.clock.fast_forward(look_again)
    expect(page.get_by_role("alert").filter(has_text="as every session does after 12 hours")).to_be_visible()
    expect(stay).to_have_count(0)
    assert looks.found == [], "\n".join(looks.found)
