"""The way to the County's sign-in page and back. What is kept meanwhile is encrypted, in a cookie of this browser."""

import json
import logging
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cts.outside import sealing
from cts.outside.county_identity import Attempt, Identity, NoCountyLogin, identity, new_attempt, sign_in_address
from cts.services.actor import Actor
from cts.services.county_login import (
    connect_county_account,
    disconnect_county_account,
    is_connected,
    sign_in_by_county,
)
from cts.services.refusals import Refusal
from cts.services.sign_in import confirm_password
from cts.settings import settings
from cts.web.cookie import COUNTY, cookie_value, drop_cookie, set_cookie
from cts.web.gate import actor_in
from cts.web.paths import safe_next
from cts.web.plain_page import NO_PAGE, address_of, message, part, plain_page, read_form, sorry_page
from cts.web.sign_in_page import county_page, end_session_of, go_on, sign_in_page

MINUTES = 10
"""How long somebody may take at the County's page."""

_BACK = "/login/county/back"
_BOUND_TO = "county sign-in"
_ACCOUNT = "/account"
_FAILED = (
    "County Login did not work this time. Try again; if it goes on, sign in with your user name, or write to {support}."
)
_CONNECTED = "Your County account is connected: it can sign in here. You can take that back."
_NOT_CONNECTED = "Once your County account is connected, it can sign in here as you."
_log = logging.getLogger(__name__)


async def leave(request: Request) -> Response:
    """GET /login/county: to the County's page. Who is signed in already has nothing to do there.

    A link on another site leads to the sign-in page instead: the County may know the browser still, and no session begins unless the
    person chose to sign in here.
    """
    wanted = safe_next(request.query_params.get("next", "/"))
    if actor_in(request.scope) is not None:
        return RedirectResponse(wanted, 303)
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
    return await run_in_threadpool(_leave, request, wanted, None)


async def ask_to_connect(request: Request) -> Response:
    """GET /account/county: what connecting, or disconnecting, means, and a form for it."""
    actor = actor_in(request.scope)
    if actor is None:
        return RedirectResponse("/login", 303)
    return await run_in_threadpool(_connecting_page, actor)


async def connect(request: Request) -> Response:
    """POST /account/county: with the passphrase, the signed-in person goes to connect a County account, or takes it off."""
    actor, form = actor_in(request.scope), await read_form(request)
    if actor is None or form is None:
        return PlainTextResponse("Sign in first.", 401)
    return await run_in_threadpool(_connect, request, actor, form.get("password", ""))


async def come_back(request: Request) -> Response:
    """GET /login/county/back: the County's answer; the session begins, or the sign-in page says why not."""
    return await run_in_threadpool(_come_back, request, actor_in(request.scope))


def county_routes() -> list[BaseRoute]:
    """The routes of this file."""
    return [
        Route("/login/county", leave, methods=["GET"]),
        Route(_BACK, come_back, methods=["GET"]),
        Route("/account/county", ask_to_connect, methods=["GET"]),
        Route("/account/county", connect, methods=["POST"]),
    ]


def _connecting_page(actor: Actor, error: str = "") -> Response:
    if not settings().county_login:
        return sorry_page(NO_PAGE, 404)
    connected = is_connected(actor)
    return plain_page(
        "County Login",
        "county_connect",
        400 if error else 200,
        message=message(error),
        explained=_CONNECTED if connected else _NOT_CONNECTED,
        passphrase=part("passphrase_field", id="password"),
        button="Disconnect my County account" if connected else "Connect my County account",
    )


def _connect(request: Request, actor: Actor, password: str) -> Response:
    now = datetime.now(UTC)
    try:
        confirm_password(actor, password, now)
    except Refusal as refusal:
        return _connecting_page(actor, str(refusal))
    if is_connected(actor):
        disconnect_county_account(actor, now)
        return RedirectResponse(_ACCOUNT, 303)
    return _leave(request, _ACCOUNT, actor)


def _leave(request: Request, wanted: str, actor: Actor | None) -> Response:
    if not settings().county_login:
        return sorry_page(NO_PAGE, 404)
    attempt = new_attempt()
    try:
        address = sign_in_address(attempt, _back(request))
    except NoCountyLogin as problem:
        return _failed(problem, wanted)
    until = datetime.now(UTC) + timedelta(minutes=MINUTES)
    kept = {
        **asdict(attempt),
        "next": wanted,
        "until": until.timestamp(),
        "session": actor.session_hash if actor else "",
    }
    response = county_page(address) if actor else RedirectResponse(address, 303)
    set_cookie(response, sealing.seal_text(json.dumps(kept), _BOUND_TO), COUNTY, seconds=MINUTES * 60)
    return response


def _come_back(request: Request, actor: Actor | None) -> Response:
    if not settings().county_login:
        return sorry_page(NO_PAGE, 404)
    now = datetime.now(UTC)
    wanted = "/"
    try:
        kept = _kept(request, now)
        wanted = str(kept["next"])
        attempt = Attempt(str(kept["state"]), str(kept["nonce"]), str(kept["verifier"]))
        given = request.query_params
        if given.get("error"):
            raise NoCountyLogin("The provider refused, or the person turned back.")
        who = identity(attempt, given.get("state", ""), given.get("code", ""), _back(request), given.get("iss", ""))
        if kept["session"]:
            return _without_attempt(_connected(actor, str(kept["session"]), who, now))
        passed = sign_in_by_county(who, address_of(request), request.headers.get("user-agent", ""), now)
    except NoCountyLogin as problem:
        return _failed(problem, wanted)
    except Refusal as refusal:
        return _without_attempt(sign_in_page(wanted, error=str(refusal), status=403))
    end_session_of(request)
    return _without_attempt(go_on(passed, wanted))


def _connected(actor: Actor | None, session_hash: str, who: Identity, now: datetime) -> Response:
    """Only the very session that asked: a link somebody else made connects nothing."""
    if actor is None or actor.session_hash != session_hash:
        raise NoCountyLogin("The session that asked is not the one that came back.")
    try:
        connect_county_account(actor, who, now)
    except Refusal:
        return RedirectResponse(f"{_ACCOUNT}?county=taken", 303)
    return RedirectResponse(f"{_ACCOUNT}?county=connected", 303)


def _kept(request: Request, now: datetime) -> dict[str, object]:
    """What this browser took along. Raises NoCountyLogin when there is none, it is too old, or was tampered with."""
    try:
        kept = json.loads(sealing.open_text(cookie_value(request.scope["headers"], COUNTY), _BOUND_TO))
    except (sealing.CannotOpen, ValueError):
        raise NoCountyLogin("The browser brought no attempt of its own.") from None
    if not isinstance(kept, dict) or now.timestamp() > float(kept["until"]):
        raise NoCountyLogin("The attempt took too long.")
    return kept


def _back(request: Request) -> str:
    """Our address for the way back, under the host name the browser used (the gate has seen that it is ours)."""
    return f"{urlsplit(settings().base_url).scheme}://{request.headers['host']}{_BACK}"


def _failed(problem: NoCountyLogin, wanted: str) -> Response:
    _log.warning("County Login: %s", problem)
    if wanted == _ACCOUNT:
        return _without_attempt(RedirectResponse(f"{_ACCOUNT}?county=failed", 303))
    sentence = _FAILED.format(support=settings().support_email)
    return _without_attempt(sign_in_page(wanted, error=sentence, status=401))


def _without_attempt(response: Response) -> Response:
    """An attempt is used once."""
    drop_cookie(response, COUNTY)
    return response
