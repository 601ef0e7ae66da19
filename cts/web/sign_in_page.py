"""The sign-in page: plain HTML, works without scripts, in front of everything else."""

import html
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from cts.services import sessions
from cts.services.refusals import Refusal
from cts.services.sign_in import sign_in
from cts.settings import settings
from cts.web.cookie import cookie_value, drop_cookie, set_cookie
from cts.web.gate import actor_in
from cts.web.headers import PLAIN_POLICY
from cts.web.paths import safe_next

_TEMPLATES = {
    path.stem: Template(path.read_text(encoding="utf-8"))
    for path in (Path(__file__).parent / "templates").glob("*.html")
}
_LARGEST_FORM = 8_192
_NOTICES = {
    "ended": "Your session has ended. Sign in again to go on. A draft is as it was last saved; what was typed after the end is not in it.",
    "out": "You are signed out.",
}
_COUNTY = Template(
    '<p class="notice">County staff sign in with their County account: <a class="button second" href="/login/county?next=$next">'
    "County Login</a> Agency staff use the user name and password below.</p>"
)


async def show(request: Request) -> Response:
    """GET /login. Somebody who is signed in already is led on."""
    wanted = safe_next(request.query_params.get("next", "/"))
    if actor_in(request.scope) is not None:
        return RedirectResponse(wanted, 303)
    plain = not request.query_params.keys() - {"next"}
    if plain and settings().county_host and request.url.hostname == settings().county_host:
        return RedirectResponse(f"/login/county?next={quote(wanted, safe='')}", 303)
    notice = next((text for name, text in _NOTICES.items() if name in request.query_params), "")
    return sign_in_page(wanted, notice=notice)


async def submit(request: Request) -> Response:
    """POST /login: sign in, set the cookie, go where the person wanted to go."""
    form = await _form(request)
    if form is None:
        return PlainTextResponse("This form is too large.", 413)
    wanted = safe_next(form.get("next", "/"))
    try:
        value = await run_in_threadpool(_sign_in, request, form.get("user_name", ""), form.get("password", ""))
    except Refusal as refusal:
        return sign_in_page(wanted, error=str(refusal), user_name=form.get("user_name", "")[:100], status=401)
    response = RedirectResponse(wanted, 303)
    set_cookie(response, value)
    return response


async def ask_sign_out(request: Request) -> Response:
    """GET /logout: a button, since a link must not change anything."""
    if actor_in(request.scope) is None:
        return RedirectResponse("/login", 303)
    return _framed("Sign out", _TEMPLATES["sign_out"].substitute(), 200)


async def sign_out(request: Request) -> Response:
    """POST /logout: the session ends everywhere, the browser forgets its cookie."""
    await run_in_threadpool(end_session_of, request)
    response = RedirectResponse("/login?out=1", 303)
    drop_cookie(response)
    return response


def _sign_in(request: Request, user_name: str, password: str) -> str:
    now = datetime.now(UTC)
    address = request.client.host if request.client else ""
    value = sign_in(user_name, password, address, request.headers.get("user-agent", ""), now)
    end_session_of(request)
    return value


def end_session_of(request: Request) -> None:
    """Whoever signs in or out in this browser ends the session it had."""
    held = cookie_value(request.scope["headers"])
    if held:
        sessions.sign_out(sessions.hash_of(held), datetime.now(UTC))


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a small form; None when it is larger than a sign-in can be."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST_FORM:
                return None
    except ClientDisconnect:
        return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10, errors="replace")
    return {name: values[0] for name, values in fields.items()}


def sign_in_page(wanted: str, error: str = "", notice: str = "", user_name: str = "", status: int = 200) -> Response:
    """The page with what went wrong (`error`) or is to be known (`notice`)."""
    message = ""
    if error:
        message = f'<div class="error" role="alert" id="problem"><p>{html.escape(error)}</p></div>'
    elif notice:
        message = f'<div class="notice" role="status"><p>{html.escape(notice)}</p></div>'
    content = _TEMPLATES["sign_in"].substitute(
        message=message,
        county=_COUNTY.substitute(next=quote(wanted, safe="")) if settings().county_login else "",
        next=html.escape(wanted, quote=True),
        user_name=html.escape(user_name, quote=True),
        described='aria-invalid="true" aria-describedby="problem" ' if error else "",
        focus_name="" if user_name else "autofocus",
        focus_password="autofocus" if user_name else "",
        support=html.escape(settings().support_email, quote=True),
    )
    return _framed("Sign in", content, status)


def county_page(address: str) -> Response:
    """On the way to the County from a form: browsers lead a posted form to no other site by themselves (content policy)."""
    page = _framed("County Login", _TEMPLATES["county"].substitute(address=html.escape(address, quote=True)), 200)
    page.headers["Refresh"] = f"0; url={address}"
    return page


def _framed(title: str, content: str, status: int) -> Response:
    page = _TEMPLATES["frame"].substitute(title=f"{title} – CSEC Tracking System", content=content)
    return HTMLResponse(page, status, {"Content-Security-Policy": PLAIN_POLICY})
