"""A form to be written: one section after the other, each a fragment of its own, so that saving an answer redraws its section only.

A question that depends on another one (`shown_if`) must stand in the same section.
"""

from datetime import date
from typing import Any, Literal

import streamlit as st

from cts.domain.answer_checks import wrong_with
from cts.domain.fields import Field, FormSection, Kind, is_blank
from cts.services.documents import DocumentView
from pages.parts.answers import UNANSWERED, alert_key, widget_key
from pages.parts.facts_view import show_facts
from pages.parts.on_screen import OnScreen, current_screen, save_typed
from pages.shell import frame

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
SAVED_AFTER_PAUSE = "1500ms"
"""How long typing rests before a line of text is saved. cts.js does the same for text areas (PAUSE there)."""
RADIO_OPTIONS = 3
"""A choice of so many options shows them all; a longer one is a list to open."""


def show_form(view: DocumentView, saved: "st.delta_generator.DeltaGenerator") -> None:
    """All sections of a document this person may write. `saved` is the place near the title where "Saved 10:42 AM" stands."""
    wrong = {p.field: p.sentence for p in view.problems}
    for section in view.spec.sections:
        if section.fields:
            heading(section)
            show_facts(section, view.facts, view.hidden)
            _questions(view.number, section, wrong, saved)


def heading(section: FormSection) -> None:
    """A section's title, which the list of sections leads to, and its note."""
    st.header(section.title, anchor=section_anchor(section))
    if section.note:
        st.caption(section.note)


def section_anchor(section: FormSection) -> str:
    """Where a link to the section leads."""
    return f"section-{section.key}"


@st.fragment
def _questions(
    number: int, section: FormSection, wrong: dict[str, str], saved: "st.delta_generator.DeltaGenerator"
) -> None:
    save_typed(number)
    screen = current_screen(number)
    if screen is None:
        return
    with st.container(key=f"ask_{section.key}"):
        for field in section.fields:
            if field.kind is not Kind.FACT and field.is_shown(screen.known):
                _ask(screen, field, wrong)
    saved.text(screen.saved(frame.now()))
    if screen.newly_saved and (screen.checking or screen.lost or screen.signed):
        # The list of problems, and the signature that is void now, stand outside this fragment.
        st.rerun()


def _ask(screen: OnScreen, field: Field, wrong: dict[str, str]) -> None:
    many = " (choose all that apply)" if field.kind is Kind.CHOICES else ""
    WIDGETS[field.kind](screen, field, f"{field.label}{many}{' *' if field.required else ''}")
    known = screen.known.get(field.key)
    fault = screen.faults.get(field.key) or (wrong.get(field.key) if screen.checking else "")
    fault = fault or ("" if is_blank(known) else wrong_with(field, known))
    if fault:
        with st.container(key=f"fault_{field.key}"):
            # It may quote what was typed.
            st.text(fault)


def _settings(screen: OnScreen, field: Field) -> dict[str, Any]:
    return {
        "key": widget_key(field.key, screen.number),
        "help": field.help or None,
        "on_change": save_typed,
        "args": (screen.number,),
    }


def _text(screen: OnScreen, field: Field, label: str) -> None:
    kind: Literal["phone", "default"] = "phone" if field.kind is Kind.PHONE else "default"
    st.text_input(
        label, type=kind, placeholder="", autocomplete="off", live=SAVED_AFTER_PAUSE, **_settings(screen, field)
    )


def _long_text(screen: OnScreen, field: Field, label: str) -> None:
    st.text_area(label, height="content", **_settings(screen, field))


def _date(screen: OnScreen, field: Field, label: str) -> None:
    st.date_input(
        label, value=None, format="MM/DD/YYYY", min_value=EARLIEST, max_value=LATEST, **_settings(screen, field)
    )


def _yes_no(screen: OnScreen, field: Field, label: str) -> None:
    words: dict[Any, str] = {True: "Yes", False: "No"}
    _radio(screen, field, label, words)


def _choice(screen: OnScreen, field: Field, label: str) -> None:
    options = dict(field.options or {})
    if len(options) <= RADIO_OPTIONS:
        _radio(screen, field, label, options)
    else:
        st.selectbox(
            label,
            list(options),
            index=None,
            format_func=options.__getitem__,
            placeholder="Choose",
            **_settings(screen, field),
        )


def _radio(screen: OnScreen, field: Field, label: str, words: dict[Any, str]) -> None:
    if not field.required and screen.known.get(field.key) is not None:
        words = words | {UNANSWERED: "Not answered"}
    st.radio(label, list(words), index=None, format_func=words.__getitem__, horizontal=True, **_settings(screen, field))


def _choices(screen: OnScreen, field: Field, label: str) -> None:
    options = field.options or {}
    st.pills(
        label,
        list(options),
        format_func=options.__getitem__,
        selection_mode="multi",
        **_settings(screen, field),
    )


def _alerts(screen: OnScreen, field: Field, label: str) -> None:
    with st.container(key=widget_key(field.key, screen.number)):
        st.text(label)
        for option, words in (field.options or {}).items():
            key = alert_key(field.key, screen.number, option)
            chosen = st.checkbox(words, key=key, on_change=save_typed, args=(screen.number,))
            if chosen:
                st.text_area(
                    f"What the agency has to know: {words} *",
                    key=f"{key}_text",
                    height="content",
                    on_change=save_typed,
                    args=(screen.number,),
                )


WIDGETS = {
    Kind.TEXT: _text,
    Kind.PHONE: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.ALERTS: _alerts,
}
"""How each kind of question is asked."""
