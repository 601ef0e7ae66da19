"""The whole way of an account in a real browser: invited, passphrase, second factor, code, recovery code, factor taken away."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Looks
from tests.browser.people import COORDINATOR, SUPPORT, arrive, sign_out, table
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PASSPHRASE = "a kettle sings on the porch"
NEXT = "two herons stand by the weir"
NOVA = "nova.keller@agency.example"
TOPS_OF_GROUPS = """letters => letters.textContent.trim().split(" ").map((_, group) => {
    const range = document.createRange();
    range.setStart(letters.firstChild, group * 5);
    range.setEnd(letters.firstChild, group * 5 + 1);
    return Math.round(range.getBoundingClientRect().top);
})"""
"""How far down the page each group of four letters stands."""


def test_from_invitation_to_a_lost_phone(new_page: NewPage, running_cts: RunningCts, smtp_server: SmtpServer) -> None:
    looks = Looks()
    support = arrive(new_page, running_cts, SUPPORT, "/accounts")
    looks.at(support, "accounts")
    _invite(support, looks)
    nova = new_page(base_url=running_cts.base_url)
    nova.goto(_link(smtp_server, "choose your passphrase"))
    looks.at(nova, "passphrase")
    nova.get_by_label("New passphrase", exact=True).fill(PASSPHRASE)
    nova.get_by_label("New passphrase again").fill(PASSPHRASE)
    nova.get_by_role("button", name="Set passphrase").click()
    expect(nova.get_by_role("status")).to_contain_text("Your passphrase is set")
    _passphrase(nova)
    expect(nova.get_by_text("Nova Keller").first).to_be_visible()
    secret, codes = _sets_up(nova, looks)
    sign_out(nova)
    _passphrase(nova)
    looks.at(nova, "code")
    # The app shows the next code in half a minute; its clock may be that much ahead.
    nova.get_by_label("Code").fill(pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30)))
    nova.get_by_role("button", name="Sign in").click()
    expect(nova.get_by_role("link", name="Logout")).to_be_visible()
    sign_out(nova)
    _passphrase(nova)
    nova.get_by_label("Code").fill(codes[0])
    nova.get_by_role("button", name="Sign in").click()
    expect(nova.get_by_role("link", name="Logout")).to_be_visible()
    _taken_away(support, smtp_server, looks)
    # Her session ended with the factor, and her passphrase with it; another is chosen by the link.
    nova.goto("/account")
    expect(nova.get_by_label("Passphrase")).to_be_visible()
    nova.goto(_link(smtp_server, "choose your passphrase", of=4))
    nova.get_by_label("New passphrase", exact=True).fill(PASSPHRASE)
    nova.get_by_label("New passphrase again").fill(PASSPHRASE)
    nova.get_by_role("button", name="Set passphrase").click()
    nova.goto("/login?next=/account")
    _passphrase(nova)
    expect(nova.get_by_role("link", name="Set up a second factor")).to_be_visible()
    expect(table(nova, "Lately changed about your account")).to_contain_text("Technical support took the second factor")
    looks.at(nova, "account-changed")
    _changes_it(nova)
    _ended_and_taken_up_again(support, looks)
    assert looks.found == [], "\n".join(looks.found)


def test_own_sessions_are_listed_and_ended(new_page: NewPage, running_cts: RunningCts) -> None:
    here = arrive(new_page, running_cts, COORDINATOR, "/account")
    there = arrive(new_page, running_cts, COORDINATOR, "/account")
    here.reload()
    listed = table(here, "Where you are signed in")
    expect(listed.get_by_role("row")).to_have_count(3)
    looks = Looks()
    looks.at(here, "account")
    listed.get_by_role("button", name=re.compile("End the session on Chrome")).click()
    expect(here.get_by_text("That session has ended.")).to_be_visible()
    expect(listed.get_by_role("row")).to_have_count(2)
    there.goto("/account")
    expect(there.get_by_label("User name")).to_be_visible()
    assert looks.found == [], "\n".join(looks.found)


def test_forgotten_says_the_same_to_everybody(new_page: NewPage, running_cts: RunningCts) -> None:
    page = new_page(base_url=running_cts.base_url)
    answers = set()
    for name in ("scsw", "nobody.at.all"):
        page.goto("/login")
        page.get_by_role("link", name="Forgotten your passphrase?").click()
        page.get_by_label("User name").fill(name)
        page.get_by_role("button", name="Send the link").click()
        answers.add(page.get_by_role("status").inner_text())
    assert len(answers) == 1


def _invite(page: Page, looks: Looks) -> None:
    page.get_by_role("button", name="Invite a person").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Keller, Nova")
    dialog.get_by_label("User name").fill("nova")
    dialog.get_by_label("E-mail").fill(NOVA)
    dialog.get_by_role("button", name="Invite", exact=True).click()
    expect(dialog.get_by_text("Please choose a role.")).to_be_visible()
    _choose(page, "Role", "Advocate")
    expect(dialog.get_by_text("Please choose a role.")).to_have_count(0)
    dialog.get_by_role("button", name="Invite", exact=True).click()
    expect(dialog.get_by_text("An agency is needed for this role.")).to_be_visible()
    _choose(page, "Agency", "Harbor Light Advocacy")
    looks.at(page, "invite")
    dialog.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text("The e-mail with the link is on its way.")).to_be_visible()
    expect(table(page, "Accounts").get_by_role("row").filter(has_text="nova")).to_contain_text("Invited")


def _changes_it(page: Page) -> None:
    """Twice a slip, then done; each time no passphrase stays on the screen, which has a button to show it."""
    fields = [
        page.get_by_label(name, exact=True) for name in ("Present passphrase", "New passphrase", "New passphrase again")
    ]
    for typed, said in (
        ((PASSPHRASE, NEXT, f"{NEXT}s"), "The two new passphrases are not the same."),
        (("not this one at all", NEXT, NEXT), "is not right"),
        ((PASSPHRASE, NEXT, NEXT), "Your passphrase was changed."),
    ):
        for field, text in zip(fields, typed, strict=True):
            field.fill(text)
        page.get_by_role("button", name="Change passphrase").click()
        expect(page.get_by_text(said)).to_be_visible()
        for field in fields:
            expect(field).to_have_value("")


def _choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("dialog").get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(page.get_by_role("option")).to_have_count(0)


def _link(server: SmtpServer, subject: str, of: int = 1) -> str:
    """The link of the newest e-mail, when there are so many."""
    mail = server.wait_for(of, to=NOVA)[-1]
    assert subject in mail.subject and mail.recipients == (NOVA,)
    found = re.search(r"https?://\S+(/passphrase\?link=\S+)", mail.text)
    assert found
    return found[1]


def _passphrase(page: Page) -> None:
    page.get_by_label("User name").fill("nova")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()


def _sets_up(page: Page, looks: Looks) -> tuple[str, list[str]]:
    page.goto("/account")
    page.get_by_role("link", name="Set up a second factor").click()
    expect(page.get_by_role("heading", name="Set up the second factor")).to_be_visible()
    looks.at(page, "second-factor")
    secret = page.locator("code.letters").inner_text().replace(" ", "")
    tops = page.locator("code.letters").evaluate(TOPS_OF_GROUPS)
    assert len(tops) == 8 and len(set(tops[:4])) == len(set(tops[4:])) == 1 and tops[3] < tops[4], "two even lines"
    page.get_by_label("Code of the app").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".codes code")).to_have_count(10)
    looks.at(page, "recovery-codes")
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="I have kept them, go on").click()
    expect(page.get_by_text("10 recovery codes are left")).to_be_visible()
    return secret, codes


def _taken_away(page: Page, server: SmtpServer, looks: Looks) -> None:
    page.reload()
    row = table(page, "Accounts").get_by_role("row").filter(has_text="nova")
    expect(row).to_contain_text("Yes")
    row.get_by_role("button", name="Change the account nova").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Take second factor away").click()
    expect(dialog.get_by_text("Are you sure who is asking?")).to_be_visible()
    dialog.get_by_role("button", name="Back").click()
    dialog.get_by_role("button", name="Take second factor away").click()
    looks.at(page, "account-sure")
    dialog.get_by_role("button", name="Yes, take it away").click()
    expect(page.get_by_text("nova: second factor and passphrase are gone.")).to_be_visible()
    expect(row).not_to_contain_text("Yes")
    changed = ["account was changed" in mail.subject for mail in server.wait_for(4, to=NOVA)]
    assert changed == [False, True, True, False]


def _ended_and_taken_up_again(page: Page, looks: Looks) -> None:
    """Asked before it is done; what can be done with an ended account is said, and it stays in sight whatever the filter was."""
    dialog, accounts = page.get_by_role("dialog"), table(page, "Accounts")
    accounts.get_by_role("button", name="Change the account support").click()
    expect(dialog.get_by_text("Nobody changes his or her own account here.")).to_be_visible()
    looks.at(page, "account-own")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    change = accounts.get_by_role("button", name="Change the account nova")
    change.click()
    dialog.get_by_role("button", name="End account").click()
    expect(dialog.get_by_text("The person is signed out everywhere at once")).to_be_visible()
    dialog.get_by_role("button", name="Yes, end the account").click()
    expect(page.get_by_text("nova: the account has ended.")).to_be_visible()
    page.get_by_text("Ended (1)").click()
    expect(accounts.get_by_role("row")).to_have_count(2)
    change.click()
    expect(dialog.get_by_text("This account has ended: nobody can sign in with it.")).to_be_visible()
    looks.at(page, "account-ended")
    dialog.get_by_role("button", name="Take up again").click()
    expect(page.get_by_text("nova: the account is open again.")).to_be_visible()
    expect(accounts.get_by_role("row").filter(has_text="nova")).to_contain_text("Invited")
    looks.at(page, "accounts-kept-in-sight")
    page.goto("/")
    expect(page.get_by_text("In the menu above: E-mail log, Health, Accounts and Account.")).to_be_visible()
