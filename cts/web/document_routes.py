"""Documents on paper: served only to a person who may open them now; the right is checked anew and the print is logged."""

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cts.services.printing import print_document
from cts.services.refusals import NotPermitted
from cts.web.gate import actor_in


async def referral_pdf(request: Request) -> Response:
    """GET /documents/{number}/pdf: the Referral of an assignment as an attachment with a name made by the server."""
    actor = actor_in(request.scope)
    if actor is None:
        return PlainTextResponse("Please sign in.", 401)
    try:
        file = await run_in_threadpool(print_document, actor, request.path_params["number"], datetime.now(UTC))
    except NotPermitted as refusal:
        return PlainTextResponse(str(refusal), 404)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-Type-Options": "nosniff"}
    return Response(file.content, media_type="application/pdf", headers=headers)


def document_routes() -> list[BaseRoute]:
    """The routes of this module."""
    return [Route("/documents/{number:int}/pdf", referral_pdf, methods=["GET"])]
