"""Every page and open dialog of every role can be used by everybody: axe (WCAG 2.1 AA) finds nothing, on a screen and on a phone.

The console stays free of errors, and nothing is asked from outside (new_page). The pictures in var/screenshots are for people to look at.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.beforehand import write_beforehand
from tests.browser.looking import Looks
from tests.browser.people import (
    ADMIN,
    ADVOCATE,
    COORDINATOR,
    CSW,
    DPO,
    SCSW,
    SDPO,
    SUPPORT,
    Cast,
    acknowledge,
    act,
    approve,
    arrive,
    assign_advocate,
    assign_agency,
    find_new,
    go_home,
    go_to_assignment,
    open_assignment,
    question,
    reject,
    sign,
    sign_in,
    submit_to,
    table,
    write,
)
from tests.parts.chromium import DESKTOP, PHONE, NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ATTENTION = "Describe how the youth came to the attention of DCFS/Probation"


@pytest.fixture
def looks() -> Looks:
    return Looks()


def look_into(page: Page, looks: Looks, button: str, name: str, only: str | None = "[role=dialog]") -> None:
    """Open the dialog of a button, look at it, and cancel. The page behind it was looked at before."""
    dialog = act(page, button)
    looks.at(page, name, only=only)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)


def test_barriers_are_seen(running_cts: RunningCts, new_page: NewPage, looks: Looks) -> None:
    page = new_page(base_url=running_cts.base_url)
    page.goto("/login")
    page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    page.evaluate(
        "document.querySelector('main').append(Object.assign(new Image(), {src: '/assets/logo.svg', width: 2000}))"
    )
    looks.at(page, "sign-in-with-barriers")
    found = "\n".join(looks.found)
    for barrier in ("color-contrast", "image-alt", "wider than the screen"):
        assert barrier in found


def test_the_menu_of_a_phone(running_cts: RunningCts, new_page: NewPage, looks: Looks) -> None:
    page = arrive(new_page, running_cts, ADMIN, size=PHONE)
    page.get_by_role("button", name="Open sidebar").or_(page.get_by_test_id("stExpandSidebarButton")).first.click()
    expect(page.get_by_role("link", name="Offices and agencies")).to_be_visible()
    looks.at(page, "menu-of-a-phone", sizes=(PHONE,))
    page.get_by_role("link", name="Offices and agencies").click()
    expect(page.get_by_role("heading", name="Offices and agencies", level=1)).to_be_visible()
    assert looks.found == [], "\n".join(looks.found)


def test_the_menu_of_a_desk_by_keyboard(running_cts: RunningCts, new_page: NewPage, looks: Looks) -> None:
    page = arrive(new_page, running_cts, ADMIN)
    menu = page.get_by_role("navigation", name="App pages")
    expect(menu.get_by_role("link")).to_have_text(["Home", "Restoration Funds", "Account"])
    oversight = menu.get_by_role("button", name="Oversight")
    oversight.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem")).to_have_text(["E-mail log", "Access log", "Retention", "Health"])
    expect(page.get_by_role("menuitem", name="E-mail log")).to_be_focused()
    looks.at(page, "menu-of-a-desk", sizes=(DESKTOP,))
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    expect(oversight).to_be_focused()
    for key in ("Enter", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_role("menuitem", name="Retention")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Retention", level=1)).to_be_visible()
    expect(page.get_by_role("menuitem")).to_have_count(0)
    support = arrive(new_page, running_cts, SUPPORT)
    short = support.get_by_role("navigation", name="App pages")
    expect(short.get_by_role("link")).to_have_text(["Home", "E-mail log", "Health", "Accounts", "Account"])
    assert looks.found == [], "\n".join(looks.found)


def test_the_way_of_a_referral(running_cts: RunningCts, new_page: NewPage, looks: Looks) -> None:
    csw = arrive(new_page, running_cts, CSW)
    looks.at(csw, "home-csw")
    number = find_new(csw)
    open_assignment(csw, number)
    looks.at(csw, "referral-new")
    csw.get_by_role("button", name="Why can't I").click()
    expect(csw.get_by_text("Your signature is needed first")).to_be_visible()
    looks.at(csw, "referral-why-not")
    csw.keyboard.press("Escape")
    write(csw, ATTENTION, "x" * 10_001)
    csw.get_by_role("button", name="Sign", exact=True).click()
    expect(csw.get_by_role("heading", name="need your attention before you can sign")).to_be_visible()
    looks.at(csw, "referral-problems")
    write_beforehand(running_cts, number, CSW)
    go_to_assignment(csw, number)
    look_into(csw, looks, "Sign", "dialog-sign", only=None)
    sign(csw, CSW.name)
    look_into(csw, looks, "Submit", "dialog-submit")
    submit_to(csw, SCSW.name)
    look_into(csw, looks, "Recall", "dialog-recall")

    scsw = arrive(new_page, running_cts, SCSW)
    looks.at(scsw, "home-scsw")
    open_assignment(scsw, number)
    sign(scsw, SCSW.name)
    scsw.get_by_text("History", exact=True).click()
    looks.at(scsw, "referral-review")
    look_into(scsw, looks, "Approve", "dialog-approve")
    look_into(scsw, looks, "Reject", "dialog-reject")
    reject(scsw, "Information is missing", "Please say more.")
    go_to_assignment(csw, number)
    looks.at(csw, "referral-rejected")
    write(csw, ATTENTION, "The counselor called twice.")
    sign(csw, CSW.name)
    submit_to(csw, SCSW.name)
    go_to_assignment(scsw, number)
    expect(scsw.get_by_role("heading", name="What changed since it was rejected")).to_be_visible()
    looks.at(scsw, "referral-what-changed")
    sign(scsw, SCSW.name)
    approve(scsw)

    admin = arrive(new_page, running_cts, ADMIN, f"/assignment?number={number}")
    look_into(admin, looks, "Approve", "dialog-assign-agency")
    assign_agency(admin, "Harbor Light Advocacy")
    coordinator = arrive(new_page, running_cts, COORDINATOR)
    looks.at(coordinator, "home-coordinator")
    open_assignment(coordinator, number)
    looks.at(coordinator, "referral-agency")
    look_into(coordinator, looks, "Acknowledge safety alerts", "dialog-acknowledge")
    acknowledge(coordinator)
    look_into(coordinator, looks, "Assign Advocate", "dialog-assign-advocate")
    assign_advocate(coordinator, ADVOCATE.name)
    advocate = arrive(new_page, running_cts, ADVOCATE)
    looks.at(advocate, "home-advocate")
    open_assignment(advocate, number)
    looks.at(advocate, "referral-advocate")
    assert looks.found == [], "\n".join(looks.found)


def test_the_pages_of_administration(running_cts: RunningCts, new_page: NewPage, looks: Looks) -> None:
    page = arrive(new_page, running_cts, ADMIN)
    expect(table(page)).to_be_visible()
    looks.at(page, "home-admin")
    number = find_new(page)
    go_to_assignment(page, number)
    look_into(page, looks, "Close assignment", "dialog-close")
    for title in ("Load extract", "E-mail log", "Offices and agencies"):
        page.get_by_role("link", name=title).first.click()
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        looks.at(page, title.lower().replace(" ", "-"))
    assert looks.found == [], "\n".join(looks.found)


def test_sign_in_and_search_and_what_they_say(running_cts: RunningCts, new_page: NewPage, looks: Looks) -> None:
    page = new_page(base_url=running_cts.base_url)
    page.goto("/login?ended=1")
    looks.at(page, "sign-in")
    sign_in(page, SCSW)
    question(page, "Referral #").fill("123")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("must have 19")).to_be_visible()
    looks.at(page, "search-problem")
    question(page, "Referral #").fill("")
    question(page, "Youth Last Name").fill("Powell")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(table(page, "Elsewhere in the county")).to_be_visible()
    looks.at(page, "search-elsewhere")
    page.goto("/assignment?number=99999")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    looks.at(page, "not-found")
    assert looks.found == [], "\n".join(looks.found)


@pytest.mark.parametrize("who", [DPO, SDPO, SUPPORT], ids=lambda who: str(who.user))
def test_home_and_account_of_the_others(running_cts: RunningCts, new_page: NewPage, looks: Looks, who: Cast) -> None:
    page = arrive(new_page, running_cts, who, "/account")
    expect(page.get_by_role("heading", name="Account")).to_be_visible()
    looks.at(page, f"account-{who.user}")
    go_home(page)
    looks.at(page, f"home-{who.user}")
    assert looks.found == [], "\n".join(looks.found)
