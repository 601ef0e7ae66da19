"""What people do in CTS with mouse and keyboard, by the texts and roles they see."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Error, Locator, Page, expect

from cts.services.demonstration import PASSPHRASE
from tests.parts.chromium import DESKTOP, NewPage
from tests.parts.cts_server import RunningCts

expect.set_options(timeout=20_000)

TRIES = 10
"""How often a person opens a list again that closed before the choice was made."""


@dataclass(frozen=True)
class Cast:
    """One of the demonstration: the name CTS shows and signs with, and where its e-mails go."""

    user: str
    name: str
    email: str


CSW = Cast("csw", "Guadalupe Harris", "guadalupe.harris.1cv@dcfs.example")
COLLEAGUE = Cast("csw.colleague", "Vanessa Woods", "vanessa.woods.a0n@dcfs.example")
SCSW = Cast("scsw", "Victor Daniels", "victor.daniels.wwr@dcfs.example")
SUBSTITUTE = Cast("scsw.substitute", "Deja Moore", "deja.moore.mjt@dcfs.example")
SCSW_ELSEWHERE = Cast("scsw.elsewhere", "Esperanza Juarez", "esperanza.juarez.rfx@dcfs.example")
DPO = Cast("dpo", "Noemi Huynh", "noemi.huynh.usn@probation.example")
SDPO = Cast("sdpo", "Eric Hakobyan", "eric.hakobyan.j4t@probation.example")
ADMIN = Cast("admin", "Ada Administrator", "admin@cts.example")
ADMIN_SECOND = Cast("admin.second", "Abel Administrator", "admin.second@cts.example")
COORDINATOR = Cast("coordinator", "Carla Coordinator", "coordinator@cts.example")
OTHER_COORDINATOR = Cast("coordinator.newdawn", "Nora Coordinator", "coordinator.newdawn@cts.example")
ADVOCATE = Cast("advocate", "Alan Advocate", "advocate@cts.example")
SECOND_ADVOCATE = Cast("advocate.second", "Bea Advocate", "advocate.second@cts.example")
SUPPORT = Cast("support", "Sam Support", "support@cts.example")


# Coming and going


def arrive(new_page: NewPage, cts: RunningCts, who: Cast, path: str = "/", size: tuple[int, int] = DESKTOP) -> Page:
    """A browser of the person's own, signed in, at `path`."""
    page = new_page(size=size, base_url=cts.base_url, used=True)
    # Sent without showing the sign-in page, which other tests use with mouse and keyboard.
    form = {"user_name": who.user, "password": PASSPHRASE, "next": "/"}
    answer = page.request.post("/login", form=form, headers={"Origin": cts.base_url}, max_redirects=0)
    assert answer.status == 303, answer.text()
    page.goto(path)
    expect(page.get_by_role("link", name="Logout")).to_be_visible()
    return page


def sign_in(page: Page, who: Cast) -> None:
    """Fill the sign-in page that stands there; ends where the person wanted to go."""
    page.get_by_label("User name").fill(who.user)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Logout")).to_be_visible()


def sign_out(page: Page) -> None:
    """Follow Logout and be told so."""
    page.get_by_role("link", name="Logout").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out")


# Finding


def table(page: Page, name: str = "Assignment Listing") -> Locator:
    """A table of the Home page, by its name."""
    return page.get_by_role("table", name=name, exact=True)


def listed(page: Page, number: int) -> Locator:
    """The row of an assignment in the Assignment Listing."""
    return table(page).get_by_role("row").filter(has=page.get_by_role("link", name=f"Open assignment {number}"))


def go_home(page: Page) -> None:
    """By the menu, which a phone hides behind a button."""
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def find_new(page: Page, but: tuple[str, ...] = ()) -> int:
    """The Assignment # of the first New youth on the listing, whose row has none of the words `but`."""
    expect(table(page)).to_be_visible()
    rows = table(page).get_by_role("row").filter(has=page.get_by_text("New", exact=True))
    for row in rows.all():
        if not any(word in row.inner_text() for word in but):
            return int(row.get_by_role("rowheader").get_by_role("link").inner_text())
    raise AssertionError("No New youth on the listing")


def open_assignment(page: Page, number: int) -> None:
    """Follow the Assignment # of the listing."""
    listed(page, number).get_by_role("link").click()
    expect(page.get_by_text(f"Assignment # {number}", exact=True)).to_be_visible()


def go_to_assignment(page: Page, number: int) -> None:
    """By the link of an e-mail."""
    page.goto(f"/assignment?number={number}")
    expect(page.get_by_text(f"Assignment # {number}", exact=True)).to_be_visible()


def expect_not_found(page: Page, number: int) -> None:
    """Neither the page that stands there nor the PDF says anything, not even that there is such an assignment."""
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    expect(page.get_by_text("Section II")).to_have_count(0)
    refused = page.request.get(f"/documents/{number}/pdf")
    assert (refused.status, b"%PDF" in refused.body()) == (404, False)


def named(text: str, ending: str) -> re.Pattern[str]:
    """Exactly this text and then what `ending` allows, written so that the browser can read the expression too."""
    return re.compile("^" + re.escape(text).replace("/", r"\/") + ending)


# Writing


def question(
    where: Page | Locator, label: str, role: Literal["textbox", "radiogroup", "combobox", "group"] = "textbox"
) -> Locator:
    """The field or group of a question; required ones have an asterisk."""
    # One search of the page, not two: a long form is asked for each of its fields.
    return where.get_by_role(role, name=named(label, r"( \*)?$"))


def write(page: Page, label: str, text: str) -> None:
    """Type over what stands in a field, and leave it."""
    question(page, label).fill(text)
    question(page, label).blur()


def choose(page: Page, label: str, option: str) -> None:
    """One of a few options that are all shown."""
    group = question(page, label, "radiogroup")
    group.get_by_text(option, exact=True).click()
    expect(group.get_by_role("radio", name=option, exact=True)).to_be_checked()


def pick(where: Page | Locator, label: str, option: str) -> None:
    """One of a list that opens. A choice may have a note: "Victor Daniels (your supervisor)"."""
    field, page = question(where, label, "combobox"), where if isinstance(where, Page) else where.page
    wanted = named(option, r"( \(|$)")
    choice = page.get_by_role("option", name=wanted)
    # What was typed just before is saved now; that draws the section anew and closes the list. A person opens it again.
    for _ in range(TRIES):
        try:
            if not choice.is_visible():
                # In the middle and from the keyboard: an open list closes when the page scrolls, as for a click near its edge.
                field.evaluate("field => { field.scrollIntoView({ block: 'center' }); field.focus(); }")
                field.press("ArrowDown")
            choice.click(timeout=2_000)
            expect(field).to_have_value(wanted, timeout=2_000)
            break
        except (Error, AssertionError):
            continue
    expect(field).to_have_value(wanted)


def press(page: Page, label: str, *options: str) -> None:
    """Several of the buttons of one question."""
    for option in options:
        page.get_by_role("toolbar", name=label).get_by_role("button", name=option).click()


def write_date(page: Page, label: str, date: str) -> None:
    """Type a date as MM/DD/YYYY."""
    question(page, label, "group").get_by_role("spinbutton").first.click()
    page.keyboard.type(date.replace("/", ""))
    page.keyboard.press("Tab")


def fill_referral(page: Page, attention: str = "A school counselor called.") -> None:
    """Answer every question a Referral must answer."""
    choose(page, "New or returning to advocacy services", "New: no advocacy services before")
    write(page, "Best way to reach the youth", "By text, after school")
    pick(page, "Where the youth lives now", "Home of parent")
    choose(page, "Resides in Los Angeles County", "Yes")
    write(page, "CSW/DPO phone", "213-555-0100")
    press(page, "Court", "Dependency court")
    choose(page, "Safety alerts", "Safety alerts are present")
    page.get_by_text("Firearms in home", exact=True).click()
    write(page, "What the agency has to know: Firearms in home", "A hunting rifle, locked away.")
    choose(page, "Child Protection Hotline referral?", "No referral")
    write(page, "Describe how the youth came to the attention of DCFS/Probation", attention)
    write(page, "Describe current family dynamics and family involvement", "Lives with an aunt, who helps.")
    choose(page, "Have you spoken with the youth about advocacy services?", "Yes")
    write_date(page, "Date spoken with the youth", "11/02/2026")
    choose(page, "The youth agrees", "Yes")
    choose(page, "Have you spoken with the caregiver?", "No")
    write(page, "If the caregiver was not spoken with or does not agree, why not?", "Could not be reached.")
    choose(page, "Is the youth testifying against an exploiter?", "No")
    press(page, "Services asked for", "Assessment", "Linkage to services")
    expect_saved(page)


def expect_saved(page: Page) -> None:
    """ "Saved 10:42 AM" stands beside the title."""
    expect(page.get_by_text(re.compile(r"^Saved \d"))).to_be_visible()


# Acting


def act(page: Page, button: str) -> Locator:
    """Press a button of the bar; the dialog that opens."""
    page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def confirm(dialog: Locator, button: str, then: str) -> None:
    """Press the button of a dialog; the page says `then`."""
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog.page.get_by_text(then).first).to_be_visible()
    expect(dialog).to_have_count(0)


def sign(page: Page, name: str) -> None:
    """Sign with full name and password."""
    dialog = act(page, "Sign")
    dialog.get_by_label("Full name").fill(name)
    dialog.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    confirm(dialog, "Sign", "You signed the Referral.")


def submit_to(page: Page, supervisor: str) -> None:
    """Submit to a supervisor of the office, by name."""
    dialog = act(page, "Submit")
    pick(dialog, "Supervisor", supervisor)
    confirm(dialog, "Submit", "You submitted the Referral. Its status is Pending Supervisor Approval.")


def approve(page: Page) -> None:
    """The supervisor's approval, after signing."""
    confirm(act(page, "Approve"), "Approve", "You approved the Referral. Its status is Pending CSEC Admin Approval.")


def assign_agency(page: Page, agency: str) -> None:
    """The approval of CSEC Administration, with an agency."""
    dialog = act(page, "Approve")
    pick(dialog, "Agency", agency)
    confirm(dialog, "Approve", "You approved the Referral. Its status is Approved.")


def reject(page: Page, reason: str, text: str) -> None:
    """Send it back with a reason."""
    dialog = act(page, "Reject")
    pick(dialog, "Reason", reason)
    dialog.get_by_label("What is to be changed, or why").fill(text)
    confirm(dialog, "Reject", "You rejected the Referral; the case worker has been told.")


def recall(page: Page) -> None:
    """Take back what nobody has opened yet."""
    confirm(act(page, "Recall"), "Recall", "You recalled the Referral; you can change it.")


def acknowledge(page: Page) -> None:
    """The coordinator has read the safety alerts."""
    dialog = act(page, "Acknowledge safety alerts")
    confirm(dialog, "Acknowledge safety alerts", "You acknowledged the safety alerts.")


def assign_advocate(page: Page, name: str) -> None:
    """The coordinator assigns, or changes, the Advocate."""
    dialog = act(page, "Assign Advocate")
    pick(dialog, "Advocate", name)
    confirm(dialog, "Assign Advocate", "You assigned the Advocate.")


# Reading


def download_pdf(page: Page, to: Path) -> bytes:
    """Press PDF and keep the file."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF", exact=True).click()
    waiting.value.save_as(to)
    return to.read_bytes()
