"""What was typed in the last moment before a page was closed: the browser sends it by itself, since the page's own connection is gone."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cts.domain.addresses import read_item
from cts.domain.fields import LONG_TEXT_LIMIT, ROW_ID
from cts.domain.vocabulary import Document
from cts.services import drafts
from cts.services.refusals import Refusal
from cts.web.gate import actor_in

_LARGEST = 8 * LONG_TEXT_LIMIT


@dataclass(frozen=True)
class Typed:
    """One text: of a question, or of one cell of its rows."""

    question: str
    text: str
    row: str = ""
    column: str = ""

    @property
    def answer(self) -> Any:
        """What the draft is asked to keep: of rows only this cell, which leaves all others as they are."""
        return [{ROW_ID: self.row, self.column: self.text}] if self.row else self.text


async def save_text(request: Request) -> Response:
    """POST /drafts/{number} with {"question": "attention", "text": "…"}: save one text of a Referral, as the page itself would have.

    /drafts/{number}/{document}/{sequence} for other documents; with "row" and "column" the text is one cell of the question's rows. 204 when
    it is saved, 409 when the service refuses, 400 when it cannot be read. Nobody is left to read the answer.
    """
    if request.method != "POST":
        return PlainTextResponse("Drafts are read on their page.", 405)
    actor = actor_in(request.scope)
    typed = _typed(await _body(request))
    which = _document(request)
    if actor is None or typed is None or which is None:
        return PlainTextResponse("This cannot be read.", 400)
    number, kind, sequence = which
    answers = {typed.question: typed.answer}
    seen = {typed.question: None} if typed.row else {}
    try:
        await run_in_threadpool(drafts.save, actor, number, answers, datetime.now(UTC), kind, sequence, seen=seen)
    except Refusal as refusal:
        return PlainTextResponse(str(refusal), 409)
    return Response(status_code=204)


def draft_routes() -> list[BaseRoute]:
    """The routes of this file."""
    return [
        Route("/drafts/{number:int}", save_text, methods=["GET", "POST"]),
        Route("/drafts/{number:int}/{document}/{sequence:int}", save_text, methods=["GET", "POST"]),
    ]


def _document(request: Request) -> tuple[int, Document, int | None] | None:
    """Assignment #, document and sequence the address names; None when there is no such document."""
    asked = request.path_params
    if "document" not in asked:
        return int(asked["number"]), Document.REFERRAL, None
    item = read_item(f"{asked['document']}-{asked['sequence']}")
    return (int(asked["number"]), *item) if item else None


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            return b""
    return body


def _typed(body: bytes) -> Typed | None:
    """The text and where it belongs; None unless it is exactly that."""
    try:
        sent = json.loads(body)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    if not isinstance(sent, dict) or set(sent) not in ({"question", "text"}, {"question", "text", "row", "column"}):
        return None
    said = all(isinstance(value, str) and (value or key == "text") for key, value in sent.items())
    return Typed(**sent) if said else None
