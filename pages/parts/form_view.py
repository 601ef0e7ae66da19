"""A form to be written: one section after the other, each a fragment of its own, so that saving an answer redraws its section only.

A question that depends on another one (`shown_if`) must stand in the same section.
"""

import streamlit as st

from cts.domain.answer_checks import is_asked, wrong_with
from cts.domain.fields import Field, FormSection, Kind, Stage, is_blank
from cts.services.documents import DocumentView
from pages.parts.facts_view import read_facts
from pages.parts.on_screen import OnScreen
from pages.parts.question import Question, ask, keep_places, show_fault
from pages.parts.read_view import read_answers
from pages.parts.reading import Reading
from pages.parts.rows_view import show_rows_to_write
from pages.parts.saving import saved_screen
from pages.shell import frame


def show_form(view: DocumentView, place: str, saved: "st.delta_generator.DeltaGenerator") -> None:
    """All sections of a document this person may write. `saved` is the place near the title where "Saved 10:42 AM" stands."""
    wrong = {p.field: p.sentence for p in view.problems if not p.row}
    for section in view.spec.sections:
        if section.fields:
            reading = Reading(section.key)
            reading.section(section)
            read_facts(reading, section, view.facts, view.hidden)
            read_answers(reading, view, section, tuple(f for f in section.fields if not _is_written(f, view.stage)))
            reading.draw()
            if any(_is_written(f, view.stage) for f in section.fields):
                _questions(place, section, wrong, saved)


def _is_written(field: Field, stage: Stage) -> bool:
    """Whether any of it is asked at this stage; what was answered before is read."""
    return field.kind is not Kind.FACT and (field.stage is stage or any(c.stage is stage for c in field.columns))


@st.fragment
def _questions(
    place: str, section: FormSection, wrong: dict[str, str], saved: "st.delta_generator.DeltaGenerator"
) -> None:
    screen = saved_screen(place)
    if screen is None:
        return
    with st.container(key=f"ask_{section.key}"):
        for field in section.fields:
            if not _is_written(field, screen.stage):
                continue
            if not is_asked(field, screen.known, screen.stage):
                keep_places(1 if field.kind is Kind.ROWS else 2)
            elif field.kind is Kind.ROWS:
                show_rows_to_write(screen, field, wrong.get(field.key, ""), titled=field.label != section.title)
            else:
                _ask(screen, field, wrong)
    saved.text(screen.saved(frame.now()))
    if screen.tried and (screen.checking or screen.lost or screen.displaced or screen.signed):
        # The list of problems, what was lost, and the signature that is void now, stand outside this fragment.
        st.rerun()


def _ask(screen: OnScreen, field: Field, wrong: dict[str, str]) -> None:
    known = screen.known.get(field.key)
    ask(Question(field, screen.place, known))
    fault = screen.faults.get(field.key) or (wrong.get(field.key) if screen.checking else "")
    show_fault(field.key, fault or ("" if is_blank(known) else wrong_with(field, known)))
