"""The pages of the second factor: its code at sign-in, and setting it up. Plain HTML, works without scripts.

A sign-in whose passphrase was right has a cookie of its own, which only these pages know; the session begins after the code. Whoever must
have a second factor and has none sets it up on the same page before the session; whoever is signed in comes to it from the page Account.
"""

import html
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from cts.domain.accounts import SignInStep
from cts.domain.counting import counted
from cts.services import own_second_factor, second_factor, sign_in_steps
from cts.services.actor import Actor
from cts.services.refusals import Incomplete, OutOfDate, Refusal
from cts.services.second_factor import Proposal
from cts.web.cookie import WAITING, cookie_value, drop_cookie, set_cookie
from cts.web.gate import actor_in
from cts.web.paths import safe_next
from cts.web.plain_page import TOO_LARGE, address_of, message, part, plain_page, read_form
from cts.web.slow_down import put_off

HOME = "/second-factor"
SET_UP_ALREADY = "The second factor is set up, and its recovery codes were shown once. If you did not keep them, make new ones below."


async def ask_code(request: Request) -> Response:
    """GET /login/code: the passphrase was right; the code, please."""
    return await run_in_threadpool(_code_page, request, request.query_params.get("next", "/"))


async def submit_code(request: Request) -> Response:
    """POST /login/code: a code of the app, or a recovery code; the session begins."""
    form = await read_form(request)
    if form is None:
        return PlainTextResponse(TOO_LARGE, 413)
    await put_off(request)
    return await run_in_threadpool(_enter, request, form)


async def show(request: Request) -> Response:
    """GET /second-factor: what there is, or the set-up."""
    return await run_in_threadpool(_show, request)


async def set_up(request: Request) -> Response:
    """POST /second-factor: a code shows that the app is set up."""
    form = await read_form(request)
    return PlainTextResponse(TOO_LARGE, 413) if form is None else await run_in_threadpool(_set_up, request, form)


async def make_codes(request: Request) -> Response:
    """POST /second-factor/codes: ten new recovery codes."""
    form = await read_form(request)
    return PlainTextResponse(TOO_LARGE, 413) if form is None else await run_in_threadpool(_make_codes, request, form)


async def give_up(request: Request) -> Response:
    """POST /second-factor/give-up: do without from now on."""
    form = await read_form(request)
    return PlainTextResponse(TOO_LARGE, 413) if form is None else await run_in_threadpool(_give_up, request, form)


def second_factor_routes() -> list[Route]:
    """The routes of this file."""
    return [
        Route("/login/code", ask_code, methods=["GET"]),
        Route("/login/code", submit_code, methods=["POST"]),
        Route(HOME, show, methods=["GET"]),
        Route(HOME, set_up, methods=["POST"]),
        Route(f"{HOME}/codes", make_codes, methods=["POST"]),
        Route(f"{HOME}/give-up", give_up, methods=["POST"]),
        # Somebody who reloads: without these Streamlit would answer.
        Route(f"{HOME}/codes", show, methods=["GET"]),
        Route(f"{HOME}/give-up", show, methods=["GET"]),
    ]


def _code_page(request: Request, wanted: str, error: str = "") -> Response:
    held = sign_in_steps.waiting(_waiting_in(request), _now())
    if held is None:
        return _late(request)
    if held.step is SignInStep.SET_UP:
        return RedirectResponse(f"{HOME}?next={quote(safe_next(wanted), safe='')}", 303)
    return plain_page(
        "Second factor",
        "code",
        401 if error else 200,
        message=message(error),
        next=html.escape(safe_next(wanted), quote=True),
        described='aria-invalid="true" aria-describedby="problem" ' if error else "",
    )


def _enter(request: Request, form: dict[str, str]) -> Response:
    wanted = safe_next(form.get("next", "/"))
    agent = request.headers.get("user-agent", "")
    try:
        value = sign_in_steps.enter_code(_waiting_in(request), form.get("code", ""), address_of(request), agent, _now())
    except OutOfDate:
        return _late(request)
    except Refusal as refusal:
        return _code_page(request, wanted, str(refusal))
    return _entered(RedirectResponse(wanted, 303), value)


def _show(request: Request) -> Response:
    actor = actor_in(request.scope)
    wanted = safe_next(request.query_params.get("next", "/"))
    if actor is None:
        try:
            return _set_up_page(sign_in_steps.propose_while_waiting(_waiting_in(request), _now()), wanted, None)
        except OutOfDate:
            return _late(request)
    if own_second_factor.factor_state(actor).has_one and "another" not in request.query_params:
        return _state_page(actor, notice=SET_UP_ALREADY if "done" in request.query_params else "")
    return _set_up_page(second_factor.propose(actor.person_id), "/account", actor)


def _set_up(request: Request, form: dict[str, str]) -> Response:
    actor, wanted = actor_in(request.scope), safe_next(form.get("next", "/"))
    sealed, code = form.get("sealed", ""), form.get("code", "")
    try:
        if actor is not None:
            codes = own_second_factor.set_up(actor, sealed, code, form.get("password", ""), _now())
            return _codes_page(codes, "/account")
        value, codes = sign_in_steps.set_up_and_enter(
            _waiting_in(request), sealed, code, address_of(request), request.headers.get("user-agent", ""), _now()
        )
    except Incomplete as refusal:
        return _again(request, actor, sealed, wanted, str(refusal))
    except OutOfDate:
        # Sent again, as by reloading the page of the codes: the set-up is used up.
        return RedirectResponse(f"{HOME}?done=1", 303) if actor is not None else _late(request)
    return _entered(_codes_page(codes, wanted), value)


def _again(request: Request, actor: Actor | None, sealed: str, wanted: str, error: str) -> Response:
    """The same picture once more, after a wrong code."""
    try:
        if actor is None:
            proposal = sign_in_steps.propose_while_waiting(_waiting_in(request), _now(), sealed)
        else:
            proposal = second_factor.propose_again(actor.person_id, sealed)
    except OutOfDate:
        return _late(request)
    return _set_up_page(proposal, wanted, actor, error)


def _make_codes(request: Request, form: dict[str, str]) -> Response:
    actor = actor_in(request.scope)
    if actor is None:
        return _late(request)
    try:
        password, seen = form.get("password", ""), form.get("seen", "")
        return _codes_page(own_second_factor.make_codes(actor, password, seen, _now()), "/account")
    except Refusal as refusal:
        return _state_page(actor, str(refusal))


def _give_up(request: Request, form: dict[str, str]) -> Response:
    actor = actor_in(request.scope)
    if actor is None:
        return _late(request)
    try:
        own_second_factor.give_up(actor, form.get("password", ""), _now())
    except Refusal as refusal:
        return _state_page(actor, str(refusal))
    return RedirectResponse("/account", 303)


def _set_up_page(proposal: Proposal, wanted: str, actor: Actor | None, error: str = "") -> Response:
    why = "" if actor else "<p>People of your role sign in with a second factor: a code of an app on your phone.</p>"
    return plain_page(
        "Set up the second factor",
        "second_factor_set_up",
        400 if error else 200,
        message=message(error),
        why=why,
        picture=proposal.picture,
        letters=html.escape(proposal.letters),
        sealed=html.escape(proposal.sealed, quote=True),
        next=html.escape(wanted, quote=True),
        passphrase=part("passphrase_field", id="password") if actor else "",
        back='<p><a href="/account">Back to Account</a></p>'
        if actor
        else '<p><a href="/login">Back to sign-in</a></p>',
    )


def _state_page(actor: Actor, error: str = "", notice: str = "") -> Response:
    state = own_second_factor.factor_state(actor)
    if not state.has_one:
        return RedirectResponse(HOME, 303)
    again = part("give_up", passphrase=part("passphrase_field", id="give_up_password"))
    left = counted(state.codes_left, "recovery code is left", "recovery codes are left")
    return plain_page(
        "Second factor",
        "second_factor",
        400 if error else 200,
        message=message(error, notice),
        seen=html.escape(state.codes, quote=True),
        state=html.escape(f"Set up {state.since}. {left}."),
        passphrase=part("passphrase_field", id="password"),
        give_up="" if state.required else again,
    )


def _codes_page(codes: tuple[str, ...], wanted: str) -> Response:
    listed = "".join(f"<li><code>{html.escape(code)}</code></li>" for code in codes)
    return plain_page("Recovery codes", "recovery_codes", codes=listed, next=html.escape(wanted, quote=True))


def _entered(response: Response, value: str) -> Response:
    set_cookie(response, value)
    drop_cookie(response, WAITING)
    return response


def _late(request: Request) -> Response:
    """To sign-in: the wait is over; or nobody waits here, as when the address was typed."""
    response = RedirectResponse("/login?late=1" if _waiting_in(request) else "/login?first=1", 303)
    drop_cookie(response, WAITING)
    return response


def _waiting_in(request: Request) -> str:
    return cookie_value(request.scope["headers"], WAITING)


def _now() -> datetime:
    return datetime.now(UTC)
