"""The pages behind the link of an invitation or a forgotten passphrase: plain HTML, work without scripts, open to whoever has the link."""

import html
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from cts.outside import credentials
from cts.services import account_links
from cts.services.refusals import Incomplete, OutOfDate
from cts.web.plain_page import TOO_LARGE, address_of, message, plain_page, read_form

# The secret stands in the address: no other page, ours included, is told it as the page before. (With "no-referrer" browsers would hide
# from the gate that the form comes from a page of ours.)
_TELL_NOBODY = {"Referrer-Policy": "strict-origin"}


async def show(request: Request) -> Response:
    """GET /passphrase?link=…: the form, while the link works. Changes nothing: programs that look into e-mails open links too."""
    return await run_in_threadpool(_form_page, request.query_params.get("link", ""))


async def submit(request: Request) -> Response:
    """POST /passphrase: set the passphrase of the link's account, then lead to sign-in."""
    form = await read_form(request)
    if form is None:
        return PlainTextResponse(TOO_LARGE, 413)
    token, chosen = form.get("link", ""), form.get("passphrase", "")
    if chosen != form.get("again", ""):
        return await run_in_threadpool(_form_page, token, "The two passphrases are not the same. Type both again.")
    try:
        now = datetime.now(UTC)
        await run_in_threadpool(account_links.set_passphrase_by_link, token, chosen, address_of(request), now)
    except Incomplete as refusal:
        return await run_in_threadpool(_form_page, token, str(refusal))
    except OutOfDate:
        return _dead()
    return RedirectResponse("/login?set=1", 303)


async def ask(_request: Request) -> Response:
    """GET /passphrase/forgotten: which account?"""
    return plain_page("Forgotten passphrase", "forgotten", message="")


async def asked(request: Request) -> Response:
    """POST /passphrase/forgotten: one answer, whatever the name."""
    form = await read_form(request)
    if form is None:
        return PlainTextResponse(TOO_LARGE, 413)
    now = datetime.now(UTC)
    answer = await run_in_threadpool(account_links.ask_for_link, form.get("user_name", ""), address_of(request), now)
    return plain_page("Forgotten passphrase", "asked", message=message(notice=answer))


def passphrase_routes() -> list[Route]:
    """The routes of this file."""
    return [
        Route("/passphrase", show, methods=["GET"]),
        Route("/passphrase", submit, methods=["POST"]),
        Route("/passphrase/forgotten", ask, methods=["GET"]),
        Route("/passphrase/forgotten", asked, methods=["POST"]),
    ]


def _form_page(token: str, error: str = "") -> Response:
    try:
        holder = account_links.link_holder(token, datetime.now(UTC))
    except OutOfDate:
        return _dead()
    return plain_page(
        "Choose your passphrase",
        "passphrase",
        400 if error else 200,
        _TELL_NOBODY,
        message=message(error=error),
        welcome=html.escape(f"Welcome to CTS, {holder.name}." if holder.invited else f"Hello {holder.name}."),
        link=html.escape(token, quote=True),
        user_name=html.escape(holder.user_name, quote=True),
        shortest=str(holder.shortest),
        longest=str(credentials.LONGEST),
        described='aria-invalid="true" aria-describedby="problem rules" ' if error else 'aria-describedby="rules" ',
    )


def _dead() -> Response:
    return plain_page(
        "Choose your passphrase", "dead_link", 410, _TELL_NOBODY, message=message(error=account_links.DEAD)
    )
