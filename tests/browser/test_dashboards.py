"""The dashboards in a browser: each section on a screen and on a phone, numbers followed to their lists, whose numbers chosen."""

import re
from datetime import UTC, datetime
from io import BytesIO
from random import Random

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cts.domain.boards import SECTION_TITLES, Section
from db.session import close_database, open_database
from tests.browser.looking import SETTLED, Looks, words_on
from tests.browser.people import ADMIN, COORDINATOR, CSW, SCSW, arrive, table
from tests.browser.service_beforehand import people_of_office
from tests.cast import Cast as People
from tests.parts.chromium import NewPage
from tests.parts.county import fill_county
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ALIASES = {
    "substitute": "scsw.substitute",
    "elsewhere": "scsw.elsewhere",
    "csw_elsewhere": "csw",
    "advocate_second": "advocate.second",
    "rival_advocate": "advocate",
}


@pytest.fixture(scope="module")
def county(running_cts: RunningCts) -> RunningCts:
    """A year and a half of random documents beside the demonstration."""
    open_database(running_cts.database_url)
    known = people_of_office()
    people = known.people | {alias: known.people[user] for alias, user in ALIASES.items()}
    agencies = dict(zip(("Harbor Light Advocacy", "New Dawn, Inc."), sorted(known.agencies.values()), strict=False))
    fill_county(People(people, agencies), Random(5), 120, datetime.now(UTC))
    close_database()
    return running_cts


def goes_to(page: Page, section: Section) -> None:
    """One of the sections, by its tab."""
    title = SECTION_TITLES[section]
    if section is not Section.PENDING:
        page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator(".st-key-cts_tabs [aria-current]")).to_have_text(title)
    page.locator(SETTLED).wait_for()


def number_of(text: str | None) -> int:
    """The first number of a text."""
    found = re.search(r"[\d,]+", text or "")
    assert found, text
    return int(found.group().replace(",", ""))


def test_every_section_can_be_read_by_everybody(county: RunningCts, new_page: NewPage) -> None:
    looks = Looks()
    page = arrive(new_page, county, ADMIN, "/dashboards")
    for section in Section:
        goes_to(page, section)
        expect(page.get_by_role("table").first).to_be_visible()
        charts = page.locator(".js-plotly-plot")
        expect(charts.first).to_be_visible()
        looks.at(page, f"dashboards-{section}")
    page.goto("/stays?state=ended&document=referral")
    expect(table(page, "Documents behind a number")).to_be_visible()
    looks.at(page, "dashboards-list")
    assert looks.found == [], "\n".join(looks.found)


def test_numbers_are_followed_to_their_lists_and_back(county: RunningCts, new_page: NewPage) -> None:
    page = arrive(new_page, county, ADMIN, "/dashboards")
    tile = page.get_by_role("link", name=re.compile(r"^[\d,]+: documents waiting$"))
    waiting = number_of(tile.text_content())
    tile.click()
    expect(page.get_by_role("heading", name="Documents behind a number", level=1)).to_be_visible()
    expect(page.get_by_text(f"Total: {waiting:,} documents")).to_be_visible()
    listed = table(page, "Documents behind a number")
    expect(listed.get_by_role("row")).to_have_count(26)
    listed.get_by_role("button", name=re.compile("Assignment #")).click()
    expect(listed.get_by_role("columnheader", name=re.compile("Assignment #"))).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(page).to_have_url(re.compile("sort=number"))
    page.get_by_role("link", name="Back to Dashboards").click()
    expect(tile).to_have_text(f"{waiting:,}")

    page.get_by_role("combobox", name=re.compile("Whose numbers")).click()
    page.get_by_role("option", name="Harbor Light Advocacy").click()
    expect(page).to_have_url(re.compile("of=agency-"))
    expect(tile).not_to_have_text(f"{waiting:,}")
    goes_to(page, Section.YOUTH)
    active = page.get_by_role("link", name=re.compile("assignments in service"))
    number = number_of(active.text_content())
    expect(page).to_have_url(re.compile("of=agency-"))
    assert active.get_attribute("href") and 0 < number < waiting
    goes_to(page, Section.TERMINATIONS)
    cell = page.get_by_role("table", name="Terminations: By month").get_by_role("link").first
    ended = number_of(cell.text_content())
    cell.click()
    expect(page.get_by_text(re.compile(rf"^Total: {ended} document"))).to_be_visible()
    expect(listed.get_by_role("row")).to_have_count(ended + 1)


def test_a_supervisor_and_a_coordinator_read_their_own_and_a_worker_none(county: RunningCts, new_page: NewPage) -> None:
    for who, place in ((SCSW, "Pasadena"), (COORDINATOR, "Harbor Light Advocacy")):
        page = arrive(new_page, county, who, "/dashboards?of=office-1901A")
        expect(page.get_by_text(f"Numbers of {place}.")).to_be_visible()
        expect(page.get_by_role("combobox")).to_have_count(0)
        expect(page.get_by_role("table").first).to_be_visible()
        assert "South County" not in words_on(page)
    page = arrive(new_page, county, CSW, "/dashboards")
    expect(page.get_by_text("This page is not for CSW.")).to_be_visible()


def test_what_is_printed_is_not_cut_off_at_the_right(county: RunningCts, new_page: NewPage) -> None:
    page = arrive(new_page, county, ADMIN, f"/dashboards?section={Section.REFERRALS}")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    page.locator(SETTLED).wait_for()
    rows = page.get_by_role("table").first.get_by_role("rowheader")
    expect(rows).to_have_count(12)
    months = rows.all_inner_texts()
    paper = PdfReader(BytesIO(page.pdf(format="Letter", prefer_css_page_size=True))).pages
    assert paper[0].mediabox.width > paper[0].mediabox.height
    printed = " ".join(" ".join(sheet.extract_text() for sheet in paper).split())
    # Each once below the chart and once in the table: what lies beyond the edge of the paper is not printed at all.
    assert [month for month in months if printed.count(month) < 2] == []
