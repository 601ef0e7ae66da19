"""The real application's routes, gate, headers and start-up around a script whose clicks leave a trace in a file."""

from pathlib import Path

import streamlit as st

from app import app as real

app = st.App(
    Path(__file__).with_name("probe_script.py"),
    routes=real._user_routes,
    middleware=real._user_middleware,
    lifespan=real._user_lifespan,
    on_script_error=real._on_script_error,
)
