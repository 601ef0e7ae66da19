"""The second factor over HTTP: the cookie of a sign-in that waits for its code opens nothing at all."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pyotp
import pytest
from websockets.exceptions import InvalidStatus

from cts.web.cookie import WAITING
from cts.web.paths import PAGES
from tests.web.site import COOKIE, Site, start_site
from tests.web.test_passphrase_page import post


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """CSEC Administration, the role of ana and ben, must have a second factor."""
    started = start_site(tmp_path_factory.mktemp("guarded"), CTS_SECOND_FACTOR_ROLES="CSEC Administration")
    yield started
    started.cts.stop()


def waiting_cookie(site: Site, name: str, expected: str) -> str:
    status, headers, _ = site.post_login(name, site.passwords[name], "/account")
    assert (status, headers["location"]) == (303, f"{expected}?next=%2Faccount")
    found = re.search(rf"{WAITING}=([^;]+)", headers["set-cookie"])
    assert found
    return found[1]


def ask(
    site: Site, method: str, path: str, waiting: str, body: str = "", **headers: str
) -> tuple[int, dict[str, str], str]:
    kind = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": site.base_url,
        "Cookie": f"{WAITING}={waiting}",
    }
    return site.ask(method, path, headers={**kind, **headers}, body=body)


def test_nothing_opens_before_the_factor_is_set_up_and_its_code_is_typed(guarded: Site) -> None:
    value = waiting_cookie(guarded, "ana", "/second-factor")
    for page in sorted(PAGES):
        assert ask(guarded, "GET", f"/{page}", value)[0] == 303
    assert ask(guarded, "GET", "/session", value)[0] == 401
    assert guarded.ask("GET", "/account", value)[0] == 303, "nor as the cookie of a session"
    with pytest.raises(InvalidStatus):
        guarded.socket(value)
    with pytest.raises(InvalidStatus):
        guarded.socket("", Cookie=f"{WAITING}={value}")
    status, headers, body = ask(guarded, "GET", "/second-factor", value)
    assert (status, headers["cache-control"]) == (200, "no-store")
    sealed = re.search(r'name="sealed" value="([^"]+)"', body)
    letters = re.search(r'class="letters">([^<]+)<', body)
    assert sealed and letters
    secret = letters[1].replace(" ", "")
    code = pyotp.TOTP(secret).now()
    fields = {"sealed": sealed[1], "code": code, "next": "/account"}
    assert post(guarded, "/second-factor", **fields)[0] == 303, "without the cookie: back to sign-in"
    evil = ask(guarded, "POST", "/second-factor", value, f"code={code}", Origin="https://evil.example")
    assert evil[0] == 403
    wrong = ask(guarded, "POST", "/second-factor", value, f"sealed={sealed[1]}&code=000000")
    assert (wrong[0], secret in wrong[2].replace(" ", "")) == (400, True)
    status, headers, body = ask(
        guarded, "POST", "/second-factor", value, f"sealed={sealed[1]}&code={code}&next=//evil.example"
    )
    assert (status, len(re.findall(r"<code>[A-Z2-9]{5}-[A-Z2-9]{5}</code>", body))) == (200, 10)
    assert "evil" not in body
    session = re.search(rf"{COOKIE}=([^;]+);", headers["set-cookie"])
    assert session and guarded.ask("GET", "/account", session[1])[0] == 200
    _reloads_the_codes(guarded, session[1], fields)
    _signs_in_with_a_code(guarded, secret, body)


def _reloads_the_codes(site: Site, session: str, fields: dict[str, str]) -> None:
    """The browser sends the set-up once more, now with the session: it says what there is, and changes nothing."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.base_url}
    status, answer, _ = site.ask("POST", "/second-factor", session, headers=headers, body=urlencode(fields))
    assert (status, answer["location"]) == (303, "/second-factor?done=1")
    status, _, body = site.ask("GET", "/second-factor?done=1", session)
    assert status == 200 and "is set up" in body and "make new ones below" in body and "not right" not in body
    assert "10 recovery codes are left" in body
    form = urlencode({"password": site.passwords["ana"], "seen": "of before"})
    status, _, body = site.ask("POST", "/second-factor/codes", session, headers=headers, body=form)
    assert status == 400 and "were made already" in body


def _signs_in_with_a_code(site: Site, secret: str, codes: str) -> None:
    value = waiting_cookie(site, "ana", "/login/code")
    assert ask(site, "GET", "/account", value)[0] == 303
    assert ask(site, "GET", "/second-factor", value)[1]["location"] == "/login?late=1", (
        "the factor cannot be set up anew"
    )
    value = waiting_cookie(site, "ana", "/login/code")
    assert ask(site, "POST", "/login/code", value, "code=000000")[0] == 401
    code = pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))
    status, headers, _ = ask(site, "POST", "/login/code", value, f"code={code}&next=https://evil.example/")
    assert (status, headers["location"]) == (303, "/")
    assert ask(site, "POST", "/login/code", value, f"code={code}")[1]["location"] == "/login?late=1", "replayed"
    value = waiting_cookie(site, "ana", "/login/code")
    assert ask(site, "POST", "/login/code", value, f"code={code}")[0] == 401, "the code was used"
    recovery = re.findall(r"<code>([^<]+)</code>", codes)[0]
    assert ask(site, "POST", "/login/code", value, f"code={recovery}")[0] == 303
    assert secret not in site.cts.log_file.read_text()


@pytest.mark.parametrize("path", ["/login/code", "/second-factor"])
@pytest.mark.parametrize("waiting", ["", "x", "x" * 5000, "é"])
def test_without_a_sign_in_that_waits_there_is_nothing(guarded: Site, path: str, waiting: str) -> None:
    status, headers, _ = guarded.ask("GET", path, headers={"Cookie": f"{WAITING}={waiting}".encode().decode("latin-1")})
    assert (status, headers["location"]) == (303, "/login?late=1" if waiting == "x" else "/login?first=1"), (
        "what is no cookie of ours counts as none"
    )
    _, _, body = guarded.ask("GET", headers["location"])
    assert ("took too long" in body, "Sign in first" in body) == (waiting == "x", waiting != "x")


def test_the_other_forms_are_for_those_who_are_signed_in(guarded: Site) -> None:
    for path in ("/second-factor/codes", "/second-factor/give-up"):
        assert post(guarded, path, password="x")[1]["location"] == "/login?first=1"
        assert guarded.ask("GET", path)[1]["location"] == "/login?first=1"
        assert post(guarded, path, password="x" * 20_000)[0] == 413
