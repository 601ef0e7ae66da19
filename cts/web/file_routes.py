"""Uploaded files: served only to a person who may read the record now; the right is checked anew and the download is logged."""

from datetime import UTC, datetime
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cts.services.case_files import file_content
from cts.services.refusals import NotPermitted, Unreadable
from cts.web.gate import actor_in
from cts.web.plain_page import sorry_page


async def case_file(request: Request) -> Response:
    """GET /files/{token}: the file as an attachment that no browser opens as a page of ours. Unknown, removed, forbidden: the same 404."""
    actor = actor_in(request.scope)
    if actor is None:
        return PlainTextResponse("Please sign in.", 401)
    try:
        view, content = await run_in_threadpool(file_content, actor, request.path_params["token"], datetime.now(UTC))
    except NotPermitted as refusal:
        return sorry_page(str(refusal), 404, refusal.title)
    except Unreadable as refusal:
        return sorry_page(str(refusal), 503, refusal.title)
    headers = {
        "Content-Disposition": disposition(view.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=view.media_type, headers=headers)


def disposition(name: str) -> str:
    """The header that names a download: in plain letters, and exactly for browsers that read RFC 5987."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def file_routes() -> list[BaseRoute]:
    """The route of this module."""
    return [Route("/files/{token}", case_file, methods=["GET"])]
