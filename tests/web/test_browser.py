"""The sign-in and the gate in a real browser: nothing blocked by the policy, nothing on the console, nothing from outside."""

import pytest
from playwright.sync_api import Page, expect

from pages.shell.signed_in import WATCH_EVERY_SECONDS
from tests.parts.chromium import DESKTOP, PHONE, NewPage, Screenshot
from tests.web.site import COOKIE, Site

pytestmark = pytest.mark.browser


def sign_in(page: Page, site: Site, path: str = "/", name: str = "ana") -> None:
    page.goto(site.base_url + path)
    page.get_by_label("User name").fill(name)
    page.get_by_label("Passphrase").fill(site.passwords[name])
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_signs_in_by_a_deep_link_and_out(
    site: Site, new_page: NewPage, size: tuple[int, int], take_screenshot: Screenshot
) -> None:
    page = new_page(size)
    page.goto(site.base_url + "/account?from=mail")
    expect(page.get_by_label("User name")).to_be_focused()
    take_screenshot(page, "sign-in")
    new_page.allow("status of 401")  # the browser itself notes the refused form
    page.get_by_label("User name").fill("ana")
    page.get_by_label("Passphrase").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    expect(page.get_by_label("Passphrase")).to_be_focused()
    take_screenshot(page, "sign-in-refused")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Passphrase").fill(site.passwords["ana"])
    page.keyboard.press("Enter")
    # A phone's header has no room for the name.
    expect(page.get_by_role("link", name="Logout")).to_be_visible()
    assert page.url == site.base_url + "/account?from=mail"
    assert "Streamlit" not in page.title()
    page.get_by_role("link", name="Logout").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out")


def test_the_policy_blocks_nothing_and_scripts_see_no_cookie(site: Site, new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script(
        "window.blocked = []; addEventListener('securitypolicyviolation', e => blocked.push(e.blockedURI))"
    )
    sign_in(page, site)
    expect(page.get_by_text("Ana Tester").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("blocked") == []
    assert COOKIE not in page.evaluate("document.cookie")
    [cookie] = [c for c in page.context.cookies() if c["name"] == COOKIE]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (True, True, "Lax", "/")
    # What the policy is for: a script that got into the page does not run.
    new_page.allow("Content Security Policy")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))"
    )
    assert page.evaluate("window.ran === undefined && blocked.length") == 1


def test_signing_out_in_one_tab_clears_the_other_without_a_click(site: Site, new_page: NewPage) -> None:
    first = new_page()
    first.clock.install()
    sign_in(first, site, "/account")
    expect(first.get_by_text("Ana Tester").first).to_be_visible()
    second = first.context.new_page()
    second.goto(site.base_url + "/account")
    expect(second.get_by_text("Ana Tester").first).to_be_visible()
    second.get_by_role("link", name="Logout").click()
    expect(second.get_by_role("status")).to_contain_text("You are signed out")
    first.clock.fast_forward(1_000 * (WATCH_EVERY_SECONDS + 1))
    expect(first.get_by_role("status")).to_contain_text("Your session has ended")
    assert first.url == site.base_url + "/login?ended=1&next=%2Faccount"
    first.go_back()
    expect(first.get_by_text("Ana Tester")).to_have_count(0)


def test_works_on_the_loopback_address_too(site: Site, new_page: NewPage) -> None:
    page = new_page()
    page.goto(site.base_url.replace("localhost", "127.0.0.1") + "/account")
    page.get_by_label("User name").fill("ben")
    page.get_by_label("Passphrase").fill(site.passwords["ben"])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ben Tester").first).to_be_visible()
