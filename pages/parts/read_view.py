"""A form to be read: labels and values. What people typed is shown as text, never as markup."""

import streamlit as st

from cts.domain.answer_words import shown
from cts.domain.fields import Field, FormSection, Kind
from cts.services.documents import HIDDEN, PRIVATE_TO, DocumentView
from pages.parts.facts_view import show_facts
from pages.parts.form_view import heading


def show_read_only(view: DocumentView) -> None:
    """All sections of a document, with what this person may see of them."""
    for section in view.spec.sections:
        if section.fields:
            heading(section)
            show_facts(section, view.facts, view.hidden)
            if view.answers:
                _answers(view, section)


def _answers(view: DocumentView, section: FormSection) -> None:
    fields = [f for f in section.fields if f.kind is not Kind.FACT and _is_for(view, f)]
    values = {f.key: HIDDEN if f.key in view.hidden else shown(f, view.answers.get(f.key)) for f in fields}
    if any(values.values()):
        alert = any(f.kind is Kind.ALERTS and values[f.key] for f in fields)
        with st.container(key=f"answers_{section.key}{'_alert' if alert else ''}"):
            for field in fields:
                if values[field.key]:
                    st.text(field.label)
                    st.text(values[field.key])
    blank = [f.label for f in fields if not values[f.key]]
    if blank:
        st.caption(f"Not answered: {', '.join(blank)}")


def _is_for(view: DocumentView, field: Field) -> bool:
    """Not asked, or not this person's to see: then "not answered" would be wrong."""
    return field.is_shown(view.answers) and (not field.private or bool(view.parties & PRIVATE_TO))
