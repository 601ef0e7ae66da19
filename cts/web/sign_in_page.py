"""The sign-in page: plain HTML, works without scripts, in front of everything else."""

import html
from datetime import UTC, datetime
from string import Template
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from cts.domain.accounts import SignInStep
from cts.services import sessions
from cts.services.refusals import Refusal
from cts.services.sign_in import sign_in
from cts.services.sign_in_steps import Passed
from cts.settings import settings
from cts.web.cookie import WAITING, cookie_value, drop_cookie, set_cookie
from cts.web.gate import actor_in
from cts.web.paths import safe_next
from cts.web.plain_page import TOO_LARGE, address_of, message, plain_page, read_form
from cts.web.slow_down import put_off

_NOTICES = {
    "ended": "Your session has ended. Sign in again to go on. A draft is as it was last saved; what was typed after the end is not in it.",
    "out": "You are signed out.",
    "late": "That took too long. Sign in with your passphrase again.",
    "first": "Sign in first: the second factor is asked after the passphrase, and changed on the page Account.",
    "set": "Your passphrase is set. Sign in with it.",
}
NEXT_STEP = {SignInStep.CODE: "/login/code", SignInStep.SET_UP: "/second-factor"}
_COUNTY = Template(
    '<p class="notice">County staff sign in with their County account: <a class="button second" href="/login/county?next=$next">'
    "County Login</a> Agency staff use the user name and passphrase below.</p>"
)
_COUNTY_FIRST = Template('<p><a class="button" href="/login/county?next=$next" autofocus>County Login</a></p>')
_FOLDED = ("<details><summary>Sign in with user name and passphrase</summary>", "</details>")


async def show(request: Request) -> Response:
    """GET /login. Somebody who is signed in already is led on."""
    wanted = safe_next(request.query_params.get("next", "/"))
    if actor_in(request.scope) is not None:
        return RedirectResponse(wanted, 303)
    notice = next((text for name, text in _NOTICES.items() if name in request.query_params), "")
    county_first = bool(settings().county_host) and request.url.hostname == settings().county_host
    return sign_in_page(wanted, notice=notice, county_first=county_first)


async def submit(request: Request) -> Response:
    """POST /login: sign in, set the cookie, go where the person wanted to go."""
    form = await read_form(request)
    if form is None:
        return PlainTextResponse(TOO_LARGE, 413)
    wanted = safe_next(form.get("next", "/"))
    await put_off(request)
    try:
        passed = await run_in_threadpool(_sign_in, request, form.get("user_name", ""), form.get("password", ""))
    except Refusal as refusal:
        return sign_in_page(wanted, error=str(refusal), user_name=form.get("user_name", "")[:100], status=401)
    return go_on(passed, wanted)


def go_on(passed: Passed, wanted: str) -> Response:
    """Into CTS with the session's cookie, or to the step that comes before any session."""
    if passed.step is SignInStep.ENTERED:
        response = RedirectResponse(wanted, 303)
        set_cookie(response, passed.value)
        return response
    response = RedirectResponse(f"{NEXT_STEP[passed.step]}?next={quote(wanted, safe='')}", 303)
    set_cookie(response, passed.value, WAITING)
    drop_cookie(response)
    return response


async def ask_sign_out(request: Request) -> Response:
    """GET /logout: a button, since a link must not change anything."""
    if actor_in(request.scope) is None:
        return RedirectResponse("/login", 303)
    return plain_page("Sign out", "sign_out")


async def sign_out(request: Request) -> Response:
    """POST /logout: the session ends everywhere, the browser forgets its cookie."""
    await run_in_threadpool(end_session_of, request)
    response = RedirectResponse("/login?out=1", 303)
    drop_cookie(response)
    return response


def _sign_in(request: Request, user_name: str, password: str) -> Passed:
    now = datetime.now(UTC)
    passed = sign_in(user_name, password, address_of(request), request.headers.get("user-agent", ""), now)
    end_session_of(request)
    return passed


def end_session_of(request: Request) -> None:
    """Whoever signs in or out in this browser ends the session it had."""
    held = cookie_value(request.scope["headers"])
    if held:
        sessions.sign_out(sessions.hash_of(held), datetime.now(UTC))


def sign_in_page(
    wanted: str,
    error: str = "",
    notice: str = "",
    user_name: str = "",
    status: int = 200,
    *,
    county_first: bool = False,
) -> Response:
    """The page with what went wrong (`error`) or is to be known (`notice`). `county_first` folds the user name away below County Login."""
    offered = _COUNTY_FIRST if county_first else _COUNTY
    before, behind = _FOLDED if county_first else ("", "")
    return plain_page(
        "Sign in",
        "sign_in",
        status,
        message=message(error, notice),
        county=offered.substitute(next=quote(wanted, safe="")) if settings().county_login else "",
        before=before,
        behind=behind,
        next=html.escape(wanted, quote=True),
        user_name=html.escape(user_name, quote=True),
        described='aria-invalid="true" aria-describedby="problem" ' if error else "",
        focus_name="" if user_name or county_first else "autofocus",
        focus_password="autofocus" if user_name else "",
        support=html.escape(settings().support_email, quote=True),
    )


def county_page(address: str) -> Response:
    """On the way to the County from a form: browsers lead a posted form to no other site by themselves (content policy)."""
    page = plain_page("County Login", "county", 200, address=html.escape(address, quote=True))
    page.headers["Refresh"] = f"0; url={address}"
    return page
