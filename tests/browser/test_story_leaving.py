"""Somebody leaves, and an agency's contract ends: what is shown before, what is pressed, and who has the work afterwards."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from cts.services.fetching import today_of
from tests.browser.people import (
    ADMIN,
    COLLEAGUE,
    CSW,
    OTHER_COORDINATOR,
    SCSW,
    SUPPORT,
    arrive,
    listed,
    pick,
    question,
    table,
)
from tests.parts.chromium import PHONE, NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def numbers(page: Page, name: str) -> list[int]:
    """The Assignment # of every row of a table."""
    links = table(page, name).get_by_role("link")
    expect(links.first).to_be_visible()
    return [int(text) for text in links.all_inner_texts()]


def one_youth_goes_to_a_colleague(cts: RunningCts) -> None:
    """While somebody looks at the preview, as an extract would have it."""
    person = "(SELECT person_id FROM account WHERE user_name = ?)"
    one = f"(SELECT max(number) FROM assignment WHERE status = 'New' AND worker_id = {person})"
    with closing(sqlite3.connect(cts.var_dir / "cts.sqlite", timeout=30)) as database, database:
        goes = f"UPDATE assignment SET worker_id = {person} WHERE number = {one}"
        assert database.execute(goes, (COLLEAGUE.user, CSW.user)).rowcount == 1


def test_an_account_ends_after_a_preview_and_a_colleague_takes_the_youth(
    running_cts: RunningCts, new_page: NewPage
) -> None:
    page = arrive(new_page, running_cts, SUPPORT, "/accounts")
    table(page, "Accounts").get_by_role("button", name=f"Change the account {CSW.user}", exact=True).click()
    dialog = page.get_by_role("dialog")
    role, email = question(dialog, "Role", "combobox").input_value(), question(dialog, "E-mail").input_value()
    dialog.get_by_role("button", name="End account").click()
    goes = dialog.get_by_text(f"as case worker: to {SCSW.name}, who then chooses a colleague")
    expect(goes).to_be_visible()
    one_youth_goes_to_a_colleague(running_cts)
    before = goes.inner_text()
    dialog.get_by_role("button", name="Yes, end the account").click()
    expect(dialog.get_by_text("what this person holds has changed since you looked")).to_be_visible()
    expect(goes).not_to_have_text(before)
    dialog.get_by_role("button", name="Back").click()
    expect(question(dialog, "Role", "combobox")).to_have_value(role)
    expect(question(dialog, "E-mail")).to_have_value(email)
    dialog.get_by_role("button", name="End account").click()
    dialog.get_by_role("button", name="Yes, end the account").click()
    expect(page.get_by_text("the account has ended")).to_be_visible()

    page = arrive(new_page, running_cts, SCSW, "/attention?office=all")
    expect(page.get_by_role("heading", name="Case worker has left", exact=True)).to_be_visible()
    waiting = numbers(page, "Case worker has left")
    row = table(page, "People and agencies").get_by_role("row").filter(has_text="Case worker has left")
    expect(row.get_by_role("link")).to_have_text(str(len(waiting)))
    pick(page, "Colleague", f"{COLLEAGUE.name}, unit 1912A-02")
    page.get_by_role("button", name="Give to this colleague").click()
    expect(page.get_by_text("a case worker again")).to_be_visible()
    expect(page.get_by_role("heading", name="Case worker has left", exact=True)).to_have_count(0)

    home = arrive(new_page, running_cts, COLLEAGUE, "/")
    for number in waiting:
        expect(listed(home, number)).to_have_count(1)


def test_the_youth_of_an_agency_go_on_with_another_one(running_cts: RunningCts, new_page: NewPage) -> None:
    ended = today_of(datetime.now(UTC)) - timedelta(days=1)
    with closing(sqlite3.connect(running_cts.var_dir / "cts.sqlite", timeout=30)) as database, database:
        database.execute("update agency set contract_end_on = ? where name like 'Harbor%'", (ended.isoformat(),))
    page = arrive(new_page, running_cts, ADMIN, "/attention", size=PHONE)
    expect(page.get_by_text("Harbor Light Advocacy: ended 1 day ago")).to_be_visible()
    pick(page, "Assign the youth of", "Harbor Light Advocacy")
    expect(table(page, "Youth of the agency")).to_be_visible()
    going = numbers(page, "Youth of the agency")
    pick(page, "Agency", "New Dawn Youth Alliance")
    question(page, "Why, for the history").fill("The contract has ended.")
    page.get_by_role("button", name=f"Assign all {len(going)}").click()
    expect(page.get_by_text("went to the other agency")).to_be_visible()

    listing = arrive(new_page, running_cts, ADMIN, "/?attention=alerts-open")
    expect(listing.get_by_text("Attention: Safety alerts not acknowledged", exact=True)).to_be_visible()
    for number in going:
        expect(listed(listing, number)).to_contain_text("New Dawn Youth Alliance")
    listing.get_by_role("button", name="Clear attention").click()
    expect(listing.get_by_text("Attention: Safety alerts not acknowledged", exact=True)).to_have_count(0)
    home = arrive(new_page, running_cts, OTHER_COORDINATOR, "/")
    expect(listed(home, going[0])).to_have_count(1)
