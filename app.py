"""The ASGI application: Streamlit inside our routes, session gate and headers.

Started by "python -m cts serve", "streamlit run app.py" or "uvicorn app:app", always from this folder; the same checks hold.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from cts import startup
from cts.settings import UnsafeSettings, settings
from cts.web.failures import QuietFailures
from cts.web.gate import SessionGate
from cts.web.headers import SecurityHeaders, page_policy
from cts.web.index_page import make_index_page
from cts.web.routes import own_routes
from pages.shell.kept_theme import keep_theme
from pages.shell.lean_state import look_up_single_keys
from pages.shell.menu import ENTRIES
from pages.shell.one_delivery import deliver_together
from pages.shell.safe_options import UnsafeOptions, demand_safe_options
from pages.shell.script_errors import keep_error_texts_out_of_the_log, report_script_error

try:
    chosen = settings()
    demand_safe_options(chosen.hosts, chosen.upload_limit_mb)
except (UnsafeSettings, UnsafeOptions) as refusal:
    sys.exit(str(refusal))
index = make_index_page()
refused: list[str] = []


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Database, demonstration data and background jobs before the first request; all of it closed after the last."""
    keep_error_texts_out_of_the_log()
    try:
        startup.prepare_database(chosen)
    except (UnsafeSettings, startup.UnsoundWorkflow) as problem:
        refused.append(str(problem))
        raise
    look_up_single_keys()
    deliver_together()
    keep_theme()
    startup.tune_process(entry.module for entry in ENTRIES)
    stop_jobs = startup.start_jobs()
    try:
        yield
    finally:
        stop_jobs()
        startup.close()


app = st.App(
    # The main script's own folder holds no pages/ folder: such files would be served to anybody until the first run.
    Path(__file__).resolve().parent / "pages" / "shell" / "main.py",
    routes=own_routes(index),
    middleware=[
        Middleware(
            SecurityHeaders, policy=page_policy(index.script_hashes), https=chosen.base_url.startswith("https:")
        ),
        Middleware(QuietFailures, refused=refused),
        Middleware(SessionGate, hosts=chosen.hosts),
    ],
    lifespan=lifespan,
    on_script_error=report_script_error,
)
