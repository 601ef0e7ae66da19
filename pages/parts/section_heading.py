"""A section's title, which the list of sections leads to."""

import streamlit as st

from cts.domain.fields import FormSection


def heading(section: FormSection) -> None:
    """The title and the note of a section."""
    st.header(section.title, anchor=section_anchor(section))
    if section.note:
        st.caption(section.note)


def section_anchor(section: FormSection) -> str:
    """Where a link to the section leads."""
    return f"section-{section.key}"
