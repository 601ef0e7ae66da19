"""How each kind of question is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from cts.domain.fields import Field, Kind
from pages.parts.answers import UNANSWERED, alert_key, widget_key, widget_values
from pages.parts.date_field import ask_date
from pages.parts.saving import save_typed

SAVED_AFTER_PAUSE = "1500ms"
"""How long typing rests before a line of text is saved. cts.js does the same for text areas (PAUSE there)."""
RADIO_OPTIONS = 3
"""A choice of so many options shows them all; a longer one is a list to open."""


NOT_SAVED_YET = "Not saved yet: please look at what is marked above."


@dataclass(frozen=True)
class Question:
    """One question on the page: its field (of a cell: see cell_of), where it stands, and the answer as the server has it."""

    field: Field
    place: str
    known: Any

    @property
    def label(self) -> str:
        """The words above the question; an asterisk where an answer is needed."""
        many = " (choose all that apply)" if self.field.kind is Kind.CHOICES else ""
        return f"{self.field.label}{many}{' *' if self.field.required else ''}"

    @property
    def key(self) -> str:
        """Key of the widget; alerts have several of their own."""
        return widget_key(self.field.key, self.place)

    @property
    def settings(self) -> dict[str, Any]:
        """What every widget is given."""
        return {
            "key": self.key,
            "help": self.field.help or None,
            "on_change": save_typed,
            "args": (self.place,),
        }


def ask(question: Question) -> None:
    """Draw the widget of a question. One that was not on the page before holds the answer that is known.

    Every widget is given what it holds as its default too. Streamlit tells the browser of a value set in session_state once only, and that
    telling is lost when the run is cut short before it is sent, or drawn over before it is shown: the browser would then begin with an
    empty widget, and the next rerun would save that emptiness over the answer.
    """
    for key, value in widget_values(question.field, question.known, question.place).items():
        if key not in st.session_state:
            st.session_state[key] = value
    WIDGETS[question.field.kind](question)


def keep_places(count: int) -> None:
    """The places of what is not asked now: a question and what is wrong with it take two.

    To the browser a part of the page is what stands at its place. One that moved because something came or went above it would be built
    anew, without what is being typed in it.
    """
    for _ in range(count):
        st.container()


def _held(key: str) -> Any:
    return st.session_state[key]


def _place_in(options: list[Any], held: Any) -> int | None:
    return options.index(held) if held in options else None


def show_fault(key: str, sentence: str) -> None:
    """What is wrong with an answer, below it; nothing when nothing is, but its place, so that what follows stays where it is."""
    with st.container(key=f"fault_{key}"):
        if sentence:
            # It may quote what was typed.
            st.text(sentence)


def _text(question: Question) -> None:
    kind: Literal["phone", "default"] = "phone" if question.field.kind is Kind.PHONE else "default"
    st.text_input(
        question.label,
        _held(question.key),
        type=kind,
        placeholder="",
        autocomplete="off",
        live=SAVED_AFTER_PAUSE,
        **question.settings,
    )


def _long_text(question: Question) -> None:
    st.text_area(question.label, _held(question.key), height="content", **question.settings)


def _date(question: Question) -> None:
    ask_date(question.label, _held(question.key), **question.settings)


def _yes_no(question: Question) -> None:
    _radio(question, {True: "Yes", False: "No"})


def _choice(question: Question) -> None:
    options = dict(question.field.options or {})
    if len(options) <= RADIO_OPTIONS:
        _radio(question, options)
    else:
        st.selectbox(
            question.label,
            list(options),
            _place_in(list(options), _held(question.key)),
            format_func=options.__getitem__,
            placeholder="Choose",
            **question.settings,
        )


def _radio(question: Question, words: Mapping[Any, str]) -> None:
    if not question.field.required and question.known is not None:
        words = {**words, UNANSWERED: "Not answered"}
    st.radio(
        question.label,
        list(words),
        _place_in(list(words), _held(question.key)),
        format_func=words.__getitem__,
        horizontal=True,
        **question.settings,
    )


def _choices(question: Question) -> None:
    options = question.field.options or {}
    st.pills(
        question.label,
        list(options),
        default=_held(question.key),
        format_func=options.__getitem__,
        selection_mode="multi",
        **question.settings,
    )


def _alerts(question: Question) -> None:
    field, place = question.field, question.place
    with st.container(key=widget_key(field.key, place)):
        st.text(question.label)
        for option, words in (field.options or {}).items():
            key = alert_key(field.key, place, option)
            if st.checkbox(words, _held(key), key=key, on_change=save_typed, args=(place,)):
                st.text_area(
                    f"What the agency has to know: {words} *",
                    _held(f"{key}_text"),
                    key=f"{key}_text",
                    height="content",
                    on_change=save_typed,
                    args=(place,),
                )


WIDGETS: Mapping[Kind, Callable[[Question], None]] = {
    Kind.TEXT: _text,
    Kind.PHONE: _text,
    Kind.MONEY: _text,
    Kind.NUMBER: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.ALERTS: _alerts,
}
"""Rows are asked by rows_view, files by file_question."""
