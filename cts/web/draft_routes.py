"""What was typed in the last moment before a page was closed: the browser sends it by itself, since the page's own connection is gone."""

import json
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cts.domain.fields import LONG_TEXT_LIMIT
from cts.services import drafts
from cts.services.refusals import Refusal
from cts.web.gate import actor_in

_LARGEST = 8 * LONG_TEXT_LIMIT


async def save_text(request: Request) -> Response:
    """POST /drafts/{number} with {"question": "attention", "text": "…"}: save one text of a draft, as the page itself would have.

    204 when it is saved, 409 when the service refuses, 400 when it cannot be read. Nobody is left to read the answer.
    """
    if request.method != "POST":
        return PlainTextResponse("Drafts are read on their page.", 405)
    actor = actor_in(request.scope)
    typed = _typed(await _body(request))
    if actor is None or typed is None:
        return PlainTextResponse("This cannot be read.", 400)
    number = int(request.path_params["number"])
    try:
        await run_in_threadpool(drafts.save, actor, number, dict([typed]), datetime.now(UTC))
    except Refusal as refusal:
        return PlainTextResponse(str(refusal), 409)
    return Response(status_code=204)


def draft_routes() -> list[BaseRoute]:
    """The route of this file."""
    return [Route("/drafts/{number:int}", save_text, methods=["GET", "POST"])]


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            return b""
    return body


def _typed(body: bytes) -> tuple[str, str] | None:
    """The question and its text; None unless it is exactly that."""
    try:
        sent = json.loads(body)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    if not isinstance(sent, dict) or set(sent) != {"question", "text"}:
        return None
    question, text = sent["question"], sent["text"]
    return (question, text) if isinstance(question, str) and isinstance(text, str) else None
