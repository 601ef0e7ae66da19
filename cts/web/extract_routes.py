"""The refused lines of an extract as a file: served only to CSEC Administration; the right is checked anew and the look is logged."""

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cts.services.actor import Actor
from cts.services.extract import refused_lines_csv
from cts.services.extract_run import refused_lines_of_upload
from cts.services.refusals import Incomplete, NotPermitted, Unreadable
from cts.web.gate import actor_in
from cts.web.plain_page import sorry_page

_Content = Callable[[Actor, datetime], bytes]


async def of_load(request: Request) -> Response:
    """GET /extracts/{load}/refused: the refused lines of a past load, with a column of reasons."""
    load: int = request.path_params["load"]
    return await _serve(request, f"refused-lines-{load}.csv", lambda actor, now: refused_lines_csv(actor, load, now))


async def of_upload(request: Request) -> Response:
    """GET /extracts/uploads/{token}/refused: the lines that a kept upload would have refused."""
    token = request.path_params["token"]
    return await _serve(
        request,
        "refused-lines-preview.csv",
        lambda actor, now: refused_lines_of_upload(actor, token, now),
    )


async def _serve(request: Request, name: str, content_for: _Content) -> Response:
    actor = actor_in(request.scope)
    if actor is None:
        return PlainTextResponse("Please sign in.", 401)
    try:
        content = await run_in_threadpool(content_for, actor, datetime.now(UTC))
    except (NotPermitted, Incomplete) as refusal:
        return sorry_page(str(refusal), 404, refusal.title)
    except Unreadable as refusal:
        return sorry_page(str(refusal), 503, refusal.title)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def extract_routes() -> list[BaseRoute]:
    """The routes of this module."""
    return [
        Route("/extracts/{load:int}/refused", of_load, methods=["GET"]),
        Route("/extracts/uploads/{token}/refused", of_upload, methods=["GET"]),
    ]
