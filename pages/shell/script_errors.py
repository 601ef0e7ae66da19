"""What happens when a page fails: a reference number for the person and the log, and no personal fact in either."""

import logging

import streamlit as st

from cts.services.failures import log_failure
from cts.services.refusals import Refusal


def report_script_error(error: Exception) -> bool:
    """Show the person a reference and log where it happened. The error's own text is left out: it may quote a record."""
    if isinstance(error, Refusal):
        st.error("This is not possible.")
        st.text(str(error))
        return True
    reference = log_failure(error)
    st.error(
        f"Something went wrong (ref {reference}). Nothing half-done was saved. Try again; if it goes on, tell support this number."
    )
    return True


def keep_error_texts_out_of_the_log() -> None:
    """Streamlit logs the whole error, with its text, before report_script_error is asked. It must not."""
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.msg != "Uncaught app execution")
