"""Assignment # opens here: the Referral to write, to review or to read."""

import streamlit as st

from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from cts.services.refusals import NOT_FOUND
from pages.parts.document_screen import not_found, show_document
from pages.shell.frame import just_arrived

LONGEST_NUMBER = 12


def render(actor: Actor) -> None:
    """The page: /assignment?number=10001."""
    asked = st.query_params.get("number", "")
    if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER:
        show_document(actor, int(asked), Document.REFERRAL, just_arrived())
    else:
        not_found(NOT_FOUND)
