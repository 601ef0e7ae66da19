"""County Login in a real browser, with a real OpenID Connect provider on loopback."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from cts.services.demonstration import PASSPHRASE
from tests.browser.people import CSW, SUPPORT, arrive
from tests.parts.chromium import DESKTOP, PHONE, NewPage, Screenshot
from tests.parts.cts_server import RunningCts
from tests.parts.identity_provider import new_provider, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]


@pytest.fixture(scope="module")
def county_cts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCts]:
    """A CTS with County Login, and the County's provider beside it."""
    provider = new_provider()
    cts = RunningCts(tmp_path_factory.mktemp("county"), provider.settings() | {"CTS_COUNTY_HOST": "127.0.0.1"})
    cts.demonstrate()
    with running(provider, cts.base_url, by_county_host(cts)):
        cts.start()
        yield cts
        cts.stop()


def by_county_host(cts: RunningCts) -> str:
    return f"http://127.0.0.1:{cts.port}"


def at_county(page: Page, who: str) -> None:
    """Type a County number at the County's own page, unless the County still knows the browser."""
    page.get_by_label("County number").fill(who)
    page.get_by_role("button", name="Continue").click()


def ask(page: Page, what: str, passphrase: str = PASSPHRASE) -> None:
    """From the page Account: connect or disconnect, which asks the passphrase."""
    page.get_by_role("link", name=what).click()
    page.get_by_label("Your passphrase").fill(passphrase)
    page.get_by_role("button", name=what).click()


def connect(page: Page, who: str) -> None:
    ask(page, "Connect my County account")
    at_county(page, who)


def test_a_worker_connects_signs_in_and_disconnects(
    county_cts: RunningCts, new_page: NewPage, take_screenshot: Screenshot
) -> None:
    page = arrive(new_page, county_cts, CSW, "/account")
    connect(page, "c-1007")
    expect(page.get_by_text("Your County account is connected. Next time")).to_be_visible()
    take_screenshot(page, "county-connected")
    new_page.leave(page)

    for size in (DESKTOP, PHONE):
        page = new_page(size=size, base_url=county_cts.base_url)
        page.goto("/account?from=mail")
        take_screenshot(page, "county-sign-in")
        page.get_by_role("link", name="County Login").click()
        at_county(page, "c-1007")
        expect(page.get_by_role("link", name="Logout")).to_be_visible()
        assert urlsplit(page.url).path + "?" + urlsplit(page.url).query == "/account?from=mail"
        expect(page.get_by_text(CSW.name).last).to_be_visible()
        assert "county" not in str([c["name"] for c in page.context.cookies(county_cts.base_url)])
        page.get_by_role("link", name="Logout").click()
        expect(page.get_by_role("status")).to_contain_text("You are signed out")
    page = arrive(new_page, county_cts, CSW, "/account")
    ask(page, "Disconnect my County account")
    expect(page.get_by_role("link", name="Connect my County account")).to_be_visible()
    new_page.leave(page)

    stranger = new_page(base_url=county_cts.base_url)
    new_page.allow("status of 403")
    stranger.goto("/login/county")
    at_county(stranger, "c-1007")
    expect(stranger.get_by_role("alert")).to_contain_text("CTS has no account that is connected")
    assert [c for c in stranger.context.cookies(county_cts.base_url) if c["name"].startswith("__Host-cts")] == []


def test_one_county_account_is_one_person(
    county_cts: RunningCts, new_page: NewPage, take_screenshot: Screenshot
) -> None:
    support = arrive(new_page, county_cts, SUPPORT, "/account")
    connect(support, "c-2000")
    expect(support.get_by_text("Your County account is connected. Next time")).to_be_visible()
    # Under the County's own host name County Login comes first, and begins when the person chooses it.
    inside = new_page(base_url=by_county_host(county_cts), size=PHONE)
    inside.goto("/account")
    expect(inside.get_by_role("link", name="County Login")).to_be_focused()
    expect(inside.get_by_label("User name")).to_be_hidden()
    take_screenshot(inside, "county-host")
    inside.get_by_role("link", name="County Login").click()
    at_county(inside, "c-2000")
    expect(inside.get_by_role("heading", name="Account")).to_be_visible()
    worker = arrive(new_page, county_cts, CSW, "/account")
    connect(worker, "c-2000")
    expect(worker.get_by_text("connected with another account of CTS already")).to_be_visible()


def test_turning_back_at_the_county_and_a_planted_answer_sign_nobody_in(
    county_cts: RunningCts, new_page: NewPage
) -> None:
    page = new_page(base_url=county_cts.base_url)
    new_page.allow("status of 401")
    page.goto("/login/county?next=https%3A%2F%2Felsewhere.example%2F")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("County Login did not work this time.")
    expect(page.locator("input[name=next]")).to_have_value("/")

    # The attacker's own answer, with a code that is good, opened in another browser (login CSRF).
    attacker = new_page(base_url=county_cts.base_url)
    attacker.goto("/login/county")
    on = attacker.request.post(attacker.url, form={"who": "c-666"}, max_redirects=0).headers["location"]
    planted = attacker.request.get(on, max_redirects=0).headers["location"]
    assert parse_qs(urlsplit(planted).query)["code"]
    victim = new_page(base_url=county_cts.base_url)
    new_page.allow("status of 401")
    victim.goto(planted)
    expect(victim.get_by_role("alert")).to_contain_text("County Login did not work this time.")
    # And in a browser that has an attempt of its own.
    victim.goto("/login/county")
    victim.goto(planted)
    expect(victim.get_by_role("alert")).to_contain_text("County Login did not work this time.")


def test_a_link_elsewhere_signs_nobody_in(county_cts: RunningCts) -> None:
    status, headers, _ = county_cts.get("/login/county?next=%2Faccount", {"Sec-Fetch-Site": "cross-site"})
    assert (status, headers["location"]) == (303, "/login?next=%2Faccount")
    assert county_cts.get("/login/county", {"Sec-Fetch-Site": "same-origin"})[1]["location"].startswith(
        "http://localhost:"
    )


def test_connecting_is_a_post_of_the_very_session(county_cts: RunningCts, new_page: NewPage) -> None:
    page = arrive(new_page, county_cts, CSW, "/account")
    new_page.allow("status of 400")
    ask(page, "Connect my County account", "not the passphrase")
    expect(page.get_by_role("alert")).to_contain_text("The passphrase is not right.")
    page.goto("/account")
    foreign = {"Origin": "https://elsewhere.example"}
    assert page.request.post("/account/county", headers=foreign, max_redirects=0).status == 403
    ask(page, "Connect my County account")
    page.get_by_label("County number").wait_for()
    # Signed out and in again in another tab: the answer comes to another session than the one that asked.
    ours = {"Origin": county_cts.base_url}
    assert page.request.post("/logout", headers=ours, max_redirects=0).status == 303
    form = {"user_name": SUPPORT.user, "password": PASSPHRASE, "next": "/"}
    assert page.request.post("/login", form=form, headers=ours, max_redirects=0).status == 303
    at_county(page, "c-3000")
    expect(page.get_by_text("The County's page did not confirm who you are.")).to_be_visible()


def test_without_an_issuer_there_is_no_such_page(running_cts: RunningCts) -> None:
    assert running_cts.get("/login/county")[0] == 404
    assert running_cts.get("/login/county/back?code=x&state=y")[0] == 404
