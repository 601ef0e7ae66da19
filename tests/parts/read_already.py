"""What `python -m cts serve` reads before its first request, for the process from which servers are forked (tests/parts/forked.py)."""

import gc
import importlib
import os

from cts.settings import PROJECT, settings

# Streamlit looks for its options where it is read.
os.chdir(PROJECT)
startup, menu = importlib.import_module("cts.startup"), importlib.import_module("pages.shell.menu")

for name in (
    *startup.HEAVY_MODULES,
    *(entry.module for entry in menu.ENTRIES),
    "alembic.command",
    "cts.commands.serve",
    "cts.jobs.anchor",
    "cts.jobs.nightly",
    "cts.jobs.remind",
    "cts.jobs.send",
    "cts.web.routes",
    "streamlit_authenticator.controllers",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "uvloop",
):
    importlib.import_module(name)
assert settings.cache_info().currsize == 0, "The settings are those of each process."
gc.freeze()
