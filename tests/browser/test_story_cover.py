"""A week of absence: a colleague covers for a case worker, two supervisors share what waits, and after Friday nothing is left open."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from pages.shell.signed_in import WATCH_EVERY_SECONDS
from tests.browser.beforehand import write_beforehand
from tests.browser.looking import Looks, history
from tests.browser.people import (
    COLLEAGUE,
    CSW,
    SCSW,
    SUBSTITUTE,
    act,
    approve,
    arrive,
    confirm,
    download_pdf,
    expect_not_found,
    find_new,
    listed,
    open_assignment,
    pick,
    sign,
    submit_to,
    table,
    write_date,
)
from tests.browser.service_people import today
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ACTING = f"case worker, acting for {CSW.name}"


def us(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def a_week_later(cts: RunningCts, days: int) -> None:
    """Friday has passed: every cover was for days that much earlier."""
    moved = f"update cover set first_on = date(first_on, '-{days} days'), last_on = date(last_on, '-{days} days')"
    with closing(sqlite3.connect(cts.var_dir / "cts.sqlite", timeout=30)) as database, database:
        assert database.execute(moved).rowcount == 1


def test_a_week_of_absence(running_cts: RunningCts, new_page: NewPage, tmp_path: Path) -> None:
    looks = Looks()
    absent = arrive(new_page, running_cts, CSW)
    number = find_new(absent)
    first = today()
    last = first + timedelta(days=4)
    absent.get_by_role("link", name="Absence and cover").click()
    looks.at(absent, "absence and cover")
    dialog = act(absent, "Name who covers for you")
    looks.at(absent, "who covers")
    pick(dialog, "Who covers?", COLLEAGUE.name)
    write_date(absent, "Last day", "12/31/2099")
    dialog.get_by_role("button", name="Set the cover").click()
    expect(dialog.get_by_text("At most 92 days at a time")).to_be_visible()
    write_date(absent, "Last day", us(last))
    said = f"{COLLEAGUE.name} covers for {CSW.name} from {us(first)} to {us(last)}."
    confirm(dialog, "Set the cover", said)
    expect(table(absent, "Who covers for whom")).to_contain_text(us(last))

    cover = arrive(new_page, running_cts, COLLEAGUE)
    expect(cover.get_by_text(f"You cover for {CSW.name} until {us(last)}.")).to_be_visible()
    expect(listed(cover, number)).to_contain_text(f"Covered for {CSW.name}")
    write_beforehand(running_cts, number, CSW)
    open_assignment(cover, number)
    expect(cover.get_by_text(f"You cover for {CSW.name}:")).to_be_visible()
    sign(cover, COLLEAGUE.name)
    signed = f"{COLLEAGUE.name}, Children's Social Worker, acting for {CSW.name}"
    expect(cover.get_by_text(signed)).to_be_visible()
    submit_to(cover, SCSW.name)
    assert history(cover)[-1] == f"{COLLEAGUE.name} ({ACTING}) submitted the Referral to {SCSW.name}."

    own = arrive(new_page, running_cts, SCSW, f"/assignment?number={number}")
    own.get_by_role("button", name="Claim", exact=True).click()
    expect(own.get_by_text("You claimed the Referral.")).to_be_visible()
    looks.at(own, "claimed")
    substitute = arrive(new_page, running_cts, SUBSTITUTE)
    expect(table(substitute, "Waiting on me, oldest first")).to_contain_text(f"Claimed by {SCSW.name} since")
    substitute.goto(f"/assignment?number={number}")
    expect(substitute.get_by_text(f"Claimed by {SCSW.name} since")).to_be_visible()
    expect(substitute.get_by_role("button", name="Sign", exact=True)).to_have_count(0)
    dialog = act(substitute, "Take over")
    looks.at(substitute, "take over")
    confirm(dialog, "Take over", f"You took the Referral over from {SCSW.name}.")
    sign(substitute, SUBSTITUTE.name)
    approve(substitute)
    download_pdf(substitute, tmp_path / "referral.pdf")
    text = " ".join(" ".join(paper.extract_text() for paper in PdfReader(tmp_path / "referral.pdf").pages).split())
    assert f"acting for {CSW.name}" in text and f"acting for {SCSW.name}" in text

    a_week_later(running_cts, days=7)
    # The open page is cleared without a click, by the check that watches the session.
    gone = cover.get_by_role("heading", name="No longer open to you")
    expect(gone).to_be_visible(timeout=(WATCH_EVERY_SECONDS + 20) * 1000)
    expect(cover.get_by_text("or a cover ended")).to_be_visible()
    cover.reload()
    expect_not_found(cover, number)
    cover.goto("/")
    expect(listed(cover, number)).to_have_count(0)
    expect(cover.get_by_text("You cover for")).to_have_count(0)
    assert looks.found == []
