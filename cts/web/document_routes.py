"""Documents and client records on paper: served only to a person who may open them now; the right is checked anew, the print is logged."""

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cts.domain.addresses import read_item
from cts.services.actor import Actor
from cts.services.certificates import print_certificate
from cts.services.printing import PrintedFile, print_document
from cts.services.printing_handover import print_handover
from cts.services.printing_record import print_record
from cts.services.refusals import NOT_FOUND, NotPermitted, Unreadable
from cts.web.gate import actor_in
from cts.web.plain_page import sorry_page


async def referral_pdf(request: Request) -> Response:
    """GET /documents/{number}/pdf: the Referral of an assignment."""
    number = request.path_params["number"]
    return await _paper(request, lambda actor, now: print_document(actor, number, now))


async def document_pdf(request: Request) -> Response:
    """GET /documents/{number}/{slug}/{sequence}/pdf: one document of an assignment, named as in its address."""
    number, slug, sequence = (request.path_params[key] for key in ("number", "slug", "sequence"))
    item = read_item(f"{slug}-{sequence}")

    def printed(actor: Actor, now: datetime) -> PrintedFile:
        if item is None:
            raise NotPermitted(NOT_FOUND)
        return print_document(actor, number, now, *item)

    return await _paper(request, printed)


async def record_pdf(request: Request) -> Response:
    """GET /records/{number}/pdf: the whole client record."""
    number = request.path_params["number"]
    return await _paper(request, lambda actor, now: print_record(actor, number, now))


async def handover_pdf(request: Request) -> Response:
    """GET /records/{number}/hand-over: the hand-over sheet of a client record."""
    number = request.path_params["number"]
    return await _paper(request, lambda actor, now: print_handover(actor, number, now))


async def certificate_pdf(request: Request) -> Response:
    """GET /certificates/{number}/pdf: the certificate of the purge of an assignment."""
    number = request.path_params["number"]
    return await _paper(request, lambda actor, now: print_certificate(actor, number, now))


async def _paper(request: Request, made: Callable[[Actor, datetime], PrintedFile]) -> Response:
    """The file as an attachment with a name made by the server; what there is not and what is not theirs look alike."""
    actor = actor_in(request.scope)
    if actor is None:
        return PlainTextResponse("Please sign in.", 401)
    try:
        file = await run_in_threadpool(made, actor, datetime.now(UTC))
    except NotPermitted as refusal:
        return sorry_page(str(refusal), 404, refusal.title)
    except Unreadable as refusal:
        return sorry_page(str(refusal), 503, refusal.title)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-Type-Options": "nosniff"}
    return Response(file.content, media_type="application/pdf", headers=headers)


def document_routes() -> list[BaseRoute]:
    """The routes of this module."""
    return [
        Route("/documents/{number:int}/pdf", referral_pdf, methods=["GET"]),
        Route("/documents/{number:int}/{slug:str}/{sequence:int}/pdf", document_pdf, methods=["GET"]),
        Route("/records/{number:int}/pdf", record_pdf, methods=["GET"]),
        Route("/records/{number:int}/hand-over", handover_pdf, methods=["GET"]),
        Route("/certificates/{number:int}/pdf", certificate_pdf, methods=["GET"]),
    ]
