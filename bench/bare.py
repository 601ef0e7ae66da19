"""An application with the same server and nothing of CTS: one table of 25 rows, or the widgets of a form, drawn as CTS draws them."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cts import startup
from cts.web.routes import asset


async def _healthz(_request: object) -> PlainTextResponse:
    return PlainTextResponse("ok")


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    startup.tune_process(["pages.parts.table_view"])
    yield


app = st.App(
    Path(__file__).with_name("bare_script.py"),
    routes=[Route("/healthz", _healthz), Route("/assets/{name}", asset)],
    lifespan=_lifespan,
)

if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        "bench.bare:app",
        port=int(sys.argv[-1]),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
    )
