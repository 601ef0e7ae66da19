"""The Home page in a real browser: Search, Waiting on me, Assignment Listing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import SETTLED, Looks
from tests.browser.people import (
    ADMIN,
    COLLEAGUE,
    CSW,
    OTHER_COORDINATOR,
    SCSW,
    SDPO,
    SECOND_ADVOCATE,
    SUPPORT,
    Cast,
    arrive,
    table,
)
from tests.parts.chromium import PHONE, NewPage
from tests.parts.cts_server import RunningCts

pytestmark = pytest.mark.browser

APART = """([menu, who]) => {
  const ends = [...menu.querySelectorAll("a, [data-testid=stTopNavSection]")].map((item) => item.getBoundingClientRect().right);
  const begins = [...who.querySelectorAll(".stText, a")].map((item) => item.getBoundingClientRect()).filter((box) => box.width);
  return Math.max(...ends) <= Math.min(...begins.map((box) => box.left));
}"""
"""Whether the menu ends before the person's name and Logout begin."""


@contextmanager
def database(cts: RunningCts) -> Iterator[sqlite3.Connection]:
    """The server's own database, changed beside it as an extract would."""
    with closing(sqlite3.connect(cts.database_url.removeprefix("sqlite:///"), timeout=30)) as connection, connection:
        yield connection


def expect_address(page: Page, cts: RunningCts, path: str) -> None:
    """Path and query of the page are soon these."""
    expect(page).to_have_url(cts.base_url + path)


def first_number(page: Page) -> str:
    return table(page).get_by_role("rowheader").first.inner_text()


def search_for(page: Page, **fields: str) -> None:
    """Type into the fields (last_name="rod" is Youth Last Name) and press Enter."""
    labels = {"last_name": "Youth Last Name", "referral": "Referral #", "birth_date": "Youth DOB", "pdj": "PDJ #"}
    for name, text in fields.items():
        page.get_by_role("textbox", name=labels[name]).fill(text)
        page.get_by_role("textbox", name=labels[name]).press("Enter")


def test_the_keyboard_sorts_turns_pages_and_opens_and_back_finds_all_as_it_was(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, ADMIN)
    expect(page.get_by_text("Total: 250")).to_be_visible()
    heading = table(page).get_by_role("button", name="Youth Name")
    heading.focus()
    page.keyboard.press("Enter")
    expect(table(page).get_by_role("columnheader", name="Youth Name")).to_have_attribute("aria-sort", "ascending")
    expect(heading).to_be_focused()
    page.keyboard.press("Enter")
    expect(table(page).get_by_role("columnheader", name="Youth Name")).to_have_attribute("aria-sort", "descending")
    before = first_number(page)
    page.get_by_role("button", name="Page 3").press("Enter")
    expect(table(page).get_by_role("rowheader").first).not_to_have_text(before)
    expect(page.get_by_role("button", name="Page 3")).to_be_focused()
    expect(page.get_by_role("button", name="Page 3")).to_have_attribute("aria-current", "page")
    expect_address(page, running_cts, "/?sort=-youth&page=3")

    number, steps = first_number(page), page.evaluate("history.length")
    table(page).get_by_role("link").first.press("Enter")
    expect(page.get_by_text(f"Assignment # {number}", exact=True)).to_be_visible()
    expect_address(page, running_cts, f"/assignment?number={number}")
    assert page.evaluate("history.length") == steps + 1
    assert len(page.context.pages) == 1
    page.go_back()
    expect(table(page).get_by_role("rowheader").first).to_have_text(number)
    page.reload()
    expect(table(page).get_by_role("rowheader").first).to_have_text(number)
    expect_address(page, running_cts, "/?sort=-youth&page=3")


def test_a_search_never_stands_in_the_address_and_stays_while_the_assignment_is_read(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, ADMIN)
    expect(page.get_by_text("Total: 250")).to_be_visible()
    search_for(page, last_name="RODRÍG")
    expect(page.get_by_text("Total: 4")).to_be_visible()
    expect_address(page, running_cts, "/")
    table(page).get_by_role("link").first.click()
    expect(page.get_by_text("CSEC Advocacy Referral").first).to_be_visible()
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_text("Total: 4")).to_be_visible()
    expect(page.get_by_role("textbox", name="Youth Last Name")).to_have_value("RODRÍG")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Total: 250")).to_be_visible()
    expect(page.get_by_role("textbox", name="Youth Last Name")).to_have_value("")


def test_what_cannot_be_is_said_beside_its_field_and_stays_as_typed(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, ADMIN)
    expect(page.get_by_text("Total: 250")).to_be_visible()
    page.get_by_role("textbox", name="Youth DOB").fill("02/30/2011")
    search_for(page, referral="0315-2076-8676-800205")
    expect(page.locator(".st-key-search_field_referral_number")).to_contain_text("This number has 18 digits")
    expect(page.locator(".st-key-search_field_birth_date")).to_contain_text("There is no such day")
    expect(page.get_by_role("textbox", name="Referral #")).to_be_focused()
    expect(page.get_by_role("textbox", name="Referral #")).to_have_value("0315-2076-8676-800205")
    expect(page.get_by_text("Total: 250")).to_be_visible()


def test_elsewhere_is_searched_once_for_each_press_and_logged(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, CSW)
    expect(table(page)).to_be_visible()
    with database(running_cts) as connection:
        logged = "SELECT COUNT(*) FROM access_entry WHERE action = 'search'"
        before = connection.execute(logged).fetchone()[0]
        search_for(page, last_name="price")
        elsewhere = table(page, "Elsewhere in the county")
        expect(elsewhere.get_by_role("row").filter(has_text="Price, Esperanza").first).to_contain_text("2012")
        expect(elsewhere.get_by_role("link")).to_have_count(0)
        assert not {"08/18/2012", "2012-08-18", "1486729"} & set(elsewhere.inner_text().split())
        table(page).get_by_role("button", name="Status").click()
        expect(table(page).get_by_role("columnheader", name="Status")).to_have_attribute("aria-sort", "ascending")
        assert connection.execute(logged).fetchone()[0] == before + 1
    search_for(page, last_name="qqqq")
    expect(page.get_by_text("No assignment on your listing matches.")).to_be_visible()
    expect(page.get_by_text("No advocacy services found elsewhere, under this name or a similar one.")).to_be_visible()


def test_a_new_user_finds_a_youth_by_a_misspelt_name_exchanged_names_and_an_exchanged_date(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, CSW)
    expect(table(page)).to_be_visible()
    first_name, born = (page.get_by_role("textbox", name=label) for label in ("Youth First Name", "Youth DOB"))
    search_for(page, last_name="rodrigues")
    expect(page.get_by_text("No assignment on your listing matches.")).to_be_visible()
    expect(table(page, "Similar names")).to_contain_text("Rodriguez, Esmeralda")
    expect(table(page, "Similar names elsewhere in the county").get_by_role("button").first).to_be_visible()
    first_name.fill("rodrigues")
    search_for(page, last_name="esmeralda")
    expect(table(page, "Similar names")).to_contain_text("first and last name exchanged")
    first_name.fill("")
    born.fill("01/06/2011")
    search_for(page, last_name="rodriguez")
    page.get_by_role("button", name="Search with 06/01/2011").press("Enter")
    expect(table(page)).to_contain_text("Rodriguez, Esmeralda")
    expect(born).to_have_value("06/01/2011")
    expect(page.get_by_role("button", name="Search with")).to_have_count(0)
    expect_address(page, running_cts, "/")
    table(page).get_by_role("link").first.press("Enter")
    expect(page.get_by_text("CSEC Advocacy Referral").first).to_be_visible()


@pytest.mark.parametrize("who", [ADMIN, SDPO], ids=lambda who: who.user)
def test_a_youth_is_found_by_the_pdj_number_however_it_is_grouped(
    new_page: NewPage, running_cts: RunningCts, who: Cast
) -> None:
    page = arrive(new_page, running_cts, who)
    with database(running_cts) as connection:
        number, pdj = connection.execute(
            "SELECT a.number, y.pdj_number FROM assignment AS a JOIN youth AS y ON y.id = a.youth_id JOIN account AS s "
            "ON s.person_id = a.supervisor_id WHERE a.status = 'New' AND y.pdj_number != '' AND s.user_name = ?",
            (SDPO.user,),
        ).fetchone()
    search_for(page, pdj=f" {pdj[:3].lower()}-{pdj[3:]}")
    expect(table(page).get_by_role("rowheader")).to_have_text([str(number)])


def test_a_supervisor_switches_to_the_office_and_the_link_can_be_sent(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, SCSW)
    expect(page.get_by_text("Total: 14")).to_be_visible()
    unit, office = (page.get_by_role("radio", name=name) for name in ("My unit", "Whole office"))
    unit.press("ArrowRight")
    expect(page.get_by_text("Total: 14")).to_have_count(0)
    # The keyboard's place is that of the choice also when the line was drawn anew.
    expect(office).to_be_checked()
    expect(office).to_be_focused()
    total = page.get_by_text("Total: ").inner_text()
    expect_address(page, running_cts, "/?office=all")
    again = arrive(new_page, running_cts, SCSW, "/?office=all&status=Any&page=99&sort=nonsense")
    expect(again.get_by_role("radio", name="Whole office")).to_be_checked()
    assert int(again.get_by_text("Total: ").inner_text()[7:]) >= int(total[7:])


HOSTILE = (
    "=1+1",
    "<b>bold</b><img src=x onerror=alert(1)>",
    "[x](http://evil.example)",
    "![](http://evil.example/a.png)",
)


def test_names_are_shown_as_typed_and_do_nothing(new_page: NewPage, running_cts: RunningCts) -> None:
    mine = (
        "SELECT a.youth_id FROM assignment a JOIN person p ON p.id = a.worker_id JOIN account c ON c.person_id = p.id"
        " WHERE c.user_name = ? ORDER BY a.number"
    )
    with database(running_cts) as connection:
        ids = [row[0] for row in connection.execute(mine, (COLLEAGUE.user,))][: len(HOSTILE)]
        assert ids
        for youth, name in zip(ids, HOSTILE, strict=False):
            connection.execute("UPDATE youth SET last_name = ?, first_name = ? WHERE id = ?", (name, name, youth))
    page = arrive(new_page, running_cts, COLLEAGUE)
    for name in HOSTILE[: len(ids)]:
        expect(table(page).get_by_text(f"{name}, {name}")).to_be_visible()
    assert table(page).locator("img, b, script").count() == 0
    assert {urlsplit(str(a.get_attribute("href"))).path for a in table(page).get_by_role("link").all()} == {
        "/assignment"
    }


def test_a_phone_shows_cards_that_sort_and_nothing_is_wider_than_the_screen(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, ADMIN, size=PHONE)
    expect(page.get_by_label("Sort by")).to_be_visible()
    expect(table(page).get_by_role("button", name="Youth Name")).not_to_be_in_viewport()
    before = first_number(page)
    page.get_by_label("Sort by").select_option(label="Assignment #: Z to A, high to low")
    expect(table(page).get_by_role("rowheader").first).not_to_have_text(before)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE[0]
    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_support_has_no_search_and_no_listing(new_page: NewPage, running_cts: RunningCts) -> None:
    page = arrive(new_page, running_cts, SUPPORT)
    expect(page.get_by_text("Technical support sees no youth data.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(0)


@pytest.mark.parametrize(
    ("who", "words"), [(OTHER_COORDINATOR, "assigns it to your agency"), (SECOND_ADVOCATE, "as the Advocate")]
)
def test_an_empty_listing_says_when_a_youth_appears(
    new_page: NewPage, running_cts: RunningCts, who: Cast, words: str
) -> None:
    page = arrive(new_page, running_cts, who)
    expect(page.get_by_text("Total: 0")).to_be_visible()
    expect(page.get_by_text(words)).to_be_visible()


@pytest.mark.parametrize("who", [CSW, SDPO, ADMIN], ids=lambda who: who.user)
def test_no_barrier_is_found_on_home(new_page: NewPage, running_cts: RunningCts, who: Cast) -> None:
    page = arrive(new_page, running_cts, who)
    expect(table(page)).to_be_visible()
    search_for(page, last_name="ro")
    expect(page.get_by_role("textbox", name="Youth Last Name")).to_have_value("ro")
    looks = Looks()
    looks.at(page, f"home-{who.user}-searched")
    assert looks.found == [], "\n".join(looks.found)


def test_a_long_name_never_lies_over_the_menu(new_page: NewPage, running_cts: RunningCts) -> None:
    with database(running_cts) as connection:
        named = "UPDATE person SET name = ? WHERE id = (SELECT person_id FROM account WHERE user_name = ?)"
        assert connection.execute(named, ("Maria Guadalupe Hernandez-Villanueva de la Cruz", ADMIN.user)).rowcount == 1
    page = arrive(new_page, running_cts, ADMIN)
    who, menu = page.locator(".st-key-cts_who"), page.get_by_test_id("stTopNav")
    # A desk, a window beside another one, a desk magnified, a tablet: the longest menu beside the longest name.
    for width in (1280, 1191, 1190, 1024, 1001, 1000, 900, 768):
        page.set_viewport_size({"width": width, "height": 900})
        page.locator(SETTLED).wait_for()
        page.wait_for_function(APART, arg=[menu.element_handle(), who.element_handle()], timeout=5_000)
        expect(who.get_by_role("link", name="Logout")).to_be_visible()
