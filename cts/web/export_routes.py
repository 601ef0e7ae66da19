"""Exported lists: served only to the person who asked, in the session that asked; the right is checked anew and the export is logged."""

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cts.services.exports import export_file
from cts.services.refusals import Incomplete, NotPermitted, Unreadable
from cts.web.file_routes import disposition
from cts.web.gate import actor_in
from cts.web.plain_page import sorry_page


async def export(request: Request) -> Response:
    """GET /exports/{token}/{kind}: the list as an attachment; what there is not and what is not theirs look alike."""
    actor = actor_in(request.scope)
    if actor is None:
        return PlainTextResponse("Please sign in.", 401)
    token, kind = request.path_params["token"], request.path_params["kind"]
    try:
        file = await run_in_threadpool(export_file, actor, token, kind, datetime.now(UTC))
    except NotPermitted as refusal:
        return sorry_page(str(refusal), 404, refusal.title)
    except Incomplete as refusal:
        return sorry_page(str(refusal), 413, "Too long")
    except Unreadable as refusal:
        return sorry_page(str(refusal), 503, refusal.title)
    headers = {
        "Content-Disposition": disposition(file.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


def export_routes() -> list[BaseRoute]:
    """The route of this module."""
    return [Route("/exports/{token}/{kind}", export, methods=["GET"])]
