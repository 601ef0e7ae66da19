"""Our own routes, beside Streamlit's. The gate stands in front of all of them."""

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cts.services.health import database_answers
from cts.web import paths, sign_in_page
from cts.web.county_login import county_routes
from cts.web.document_routes import document_routes
from cts.web.draft_routes import draft_routes
from cts.web.export_routes import export_routes
from cts.web.extract_routes import extract_routes
from cts.web.file_routes import file_routes
from cts.web.gate import actor_in
from cts.web.index_page import IndexPage
from cts.web.passphrase_page import passphrase_routes
from cts.web.second_factor_page import second_factor_routes

_ASSETS = Path(__file__).resolve().parents[2] / "pages" / "assets"
_SERVED = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


async def health(_request: Request) -> Response:
    """GET /healthz: 200 "ok" while the database answers, else 503."""
    if await run_in_threadpool(database_answers):
        return PlainTextResponse("ok")
    return PlainTextResponse("The database does not answer.", 503)


async def session_check(request: Request) -> Response:
    """GET /session: 204 while the session is valid, else 401. Asked by the page's script; does not count as activity."""
    return Response(status_code=204 if actor_in(request.scope) else 401)


async def asset(request: Request) -> Response:
    """GET /assets/{name}: a file of pages/assets, by the names that were there at start."""
    file = _assets.get(request.path_params["name"])
    if file is None:
        return PlainTextResponse("There is no such file.", 404)
    return FileResponse(file, media_type=_SERVED[file.suffix])


def own_routes(index: IndexPage) -> list[BaseRoute]:
    """Every route that is ours. Add one here; its address must also be in cts/web/paths.py, or the gate answers 404."""
    return [
        Route("/login", sign_in_page.show, methods=["GET"]),
        Route("/login", sign_in_page.submit, methods=["POST"]),
        Route("/logout", sign_in_page.ask_sign_out, methods=["GET"]),
        Route("/logout", sign_in_page.sign_out, methods=["POST"]),
        Route("/healthz", health),
        Route("/session", session_check),
        Route("/assets/{name}", asset),
        *county_routes(),
        *passphrase_routes(),
        *second_factor_routes(),
        *document_routes(),
        *draft_routes(),
        *export_routes(),
        *extract_routes(),
        *file_routes(),
        *(Route(f"/{page}", index.serve) for page in sorted(paths.PAGES)),
    ]


_assets = {file.name: file for file in sorted(_ASSETS.iterdir()) if file.suffix in _SERVED}
