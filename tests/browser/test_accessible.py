"""Every page and open dialog of every role can be used by everybody: axe (WCAG 2.1 AA) finds nothing, on a screen and on a phone.

The console stays free of errors, and nothing is asked from outside (new_page). The pictures in var/screenshots are for people to look at.
"""

import pytest
from playwright.sync_api import Page, expect

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
    act,
    arrive,
    find_new,
    go_home,
    go_to_assignment,
    open_assignment,
    question,
    sign_in,
    table,
    write,
)
from tests.browser.service_beforehand import Beforehand, OfficeDesk
from tests.parts.chromium import DESKTOP, PHONE, NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

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
    expect(menu.get_by_role("link")).to_have_text(["Home", "Attention", "Restoration Funds", "Account"])
    oversight = menu.get_by_role("button", name="Oversight")
    oversight.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem")).to_have_text(["Dashboards", "E-mail log", "Access log", "Retention", "Health"])
    expect(page.get_by_role("menuitem", name="Dashboards")).to_be_focused()
    looks.at(page, "menu-of-a-desk", sizes=(DESKTOP,))
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    expect(oversight).to_be_focused()
    for key in ("Enter", "ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_role("menuitem", name="Retention")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Retention", level=1)).to_be_visible()
    expect(page.get_by_role("menuitem")).to_have_count(0)
    support = arrive(new_page, running_cts, SUPPORT)
    short = support.get_by_role("navigation", name="App pages")
    expect(short.get_by_role("link")).to_have_text(["Home", "E-mail log", "Health", "Accounts", "Account"])
    assert looks.found == [], "\n".join(looks.found)


def test_the_way_of_a_referral(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage, looks: Looks
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    looks.at(csw, "home-csw")
    number = find_new(csw)
    # The stories go this way with mouse and keyboard; here the steps are taken behind the pages.
    with Beforehand(running_cts, smtp_server, number) as desk:
        written_and_sent(csw, desk, looks)
        scsw = arrive(new_page, running_cts, SCSW)
        sent_back_and_approved(scsw, csw, desk, looks)
        given_to_the_agency(running_cts, new_page, desk, looks)
    assert looks.found == [], "\n".join(looks.found)


def written_and_sent(csw: Page, desk: OfficeDesk, looks: Looks) -> None:
    """The Referral being written, and the case worker's dialogs."""
    open_assignment(csw, desk.number)
    looks.at(csw, "referral-new")
    csw.get_by_role("button", name="Why can't I").click()
    expect(csw.get_by_text("Your signature is needed first")).to_be_visible()
    looks.at(csw, "referral-why-not")
    csw.keyboard.press("Escape")
    write(csw, ATTENTION, "x" * 10_001)
    csw.get_by_role("button", name="Sign", exact=True).click()
    expect(csw.get_by_role("heading", name="need your attention before you can sign")).to_be_visible()
    looks.at(csw, "referral-problems")
    desk.writes("csw")
    go_to_assignment(csw, desk.number)
    look_into(csw, looks, "Sign", "dialog-sign", only=None)
    desk.signs("csw")
    go_to_assignment(csw, desk.number)
    look_into(csw, looks, "Submit", "dialog-submit")
    desk.submits("csw")
    go_to_assignment(csw, desk.number)
    look_into(csw, looks, "Recall", "dialog-recall")


def sent_back_and_approved(scsw: Page, csw: Page, desk: OfficeDesk, looks: Looks) -> None:
    """What the supervisor decides on, what the case worker gets back, and what changed."""
    looks.at(scsw, "home-scsw")
    desk.signs("scsw")
    open_assignment(scsw, desk.number)
    scsw.get_by_text("History", exact=True).click()
    looks.at(scsw, "referral-review")
    look_into(scsw, looks, "Approve", "dialog-approve")
    look_into(scsw, looks, "Reject", "dialog-reject")
    desk.rejects("scsw")
    go_to_assignment(csw, desk.number)
    looks.at(csw, "referral-rejected")
    desk.writes("csw", attention="The counselor called twice.")
    desk.signs("csw")
    desk.submits("csw")
    go_to_assignment(scsw, desk.number)
    expect(scsw.get_by_role("heading", name="What changed since it was rejected")).to_be_visible()
    looks.at(scsw, "referral-what-changed")
    desk.signs("scsw")
    desk.approves("scsw")


def given_to_the_agency(running_cts: RunningCts, new_page: NewPage, desk: OfficeDesk, looks: Looks) -> None:
    """The dialogs of CSEC Administration and the coordinator, and what the agency's people see."""
    admin = arrive(new_page, running_cts, ADMIN, f"/assignment?number={desk.number}")
    look_into(admin, looks, "Approve", "dialog-assign-agency")
    desk.approves("admin", "Harbor Light Advocacy")
    coordinator = arrive(new_page, running_cts, COORDINATOR)
    looks.at(coordinator, "home-coordinator")
    open_assignment(coordinator, desk.number)
    looks.at(coordinator, "referral-agency")
    look_into(coordinator, looks, "Acknowledge safety alerts", "dialog-acknowledge")
    desk.acknowledges("coordinator")
    go_to_assignment(coordinator, desk.number)
    look_into(coordinator, looks, "Assign Advocate", "dialog-assign-advocate")
    desk.assigns("coordinator", "advocate")
    advocate = arrive(new_page, running_cts, ADVOCATE)
    looks.at(advocate, "home-advocate")
    open_assignment(advocate, desk.number)
    looks.at(advocate, "referral-advocate")


def test_the_pages_of_administration(running_cts: RunningCts, new_page: NewPage, looks: Looks) -> None:
    page = arrive(new_page, running_cts, ADMIN)
    expect(table(page)).to_be_visible()
    looks.at(page, "home-admin")
    number = find_new(page)
    go_to_assignment(page, number)
    look_into(page, looks, "Close assignment", "dialog-close")
    for path, title in (
        ("/load-extract", "Load extract"),
        ("/email-log", "E-mail log"),
        ("/places", "Offices and agencies"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        looks.at(page, path[1:])
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
