"""What one browser tab knows about the document it shows: the answers as last seen, what could not be kept, what is being asked.

Every question is saved by itself as soon as it is answered. A run of the script may be cut short by the next click, so nothing depends on
one particular run: `save_typed` compares all questions on the screen with what the server is known to have and saves whatever differs. It
is the `on_change` of every question and the first act of every run, and doing it twice changes nothing.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import streamlit as st

from cts.domain.answer_words import shown
from cts.domain.calendar import office_time
from cts.domain.fields import Field, FormSpec
from cts.domain.vocabulary import Action, Document
from cts.services import drafts
from cts.services.actor import Actor
from cts.services.documents import DocumentView
from cts.services.refusals import Incomplete, Refusal
from cts.settings import settings
from pages.parts.answers import MISSING, canonical, typed_answer, widget_values
from pages.shell import frame

SCREEN = "cts_on_screen"


@dataclass(frozen=True)
class Asked:
    """A dialog that is open: for which step, on which version, and the key that makes a double click one step."""

    action: Action
    step_key: str
    seen_version: int = 0
    refusal: str = ""
    problems: tuple[tuple[str, str], ...] = ()


@dataclass
class OnScreen:
    """The document a tab shows. Kept in session_state and changed in place: a write to session_state may be cut short, this is not."""

    number: int
    kind: Document
    spec: FormSpec | None = None
    known: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    saved_at: datetime | None = None
    faults: dict[str, str] = field(default_factory=dict)
    faulty: dict[str, Any] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    changed_elsewhere: bool = False
    checking: bool = False
    newly_saved: bool = False
    signed: bool = False
    asked: Asked | None = None

    def saved(self, today: datetime) -> str:
        """ "Saved 10:42 AM", with the day when it was not today; '' before the first change."""
        if self.saved_at is None:
            return ""
        zone = settings().time_zone
        at, day = office_time(self.saved_at, zone), office_time(today, zone).date()
        clock = at.strftime("%I:%M %p").lstrip("0")
        return f"Saved {clock}" if at.date() == day else f"Saved {at:%m/%d/%Y} {clock}"


def screen_of(number: int, kind: Document, arrived: bool) -> tuple[OnScreen, bool]:
    """What this tab knows of the document, and whether it has just been opened."""
    screen = st.session_state.get(SCREEN)
    if screen is not None and screen.number == number and screen.kind is kind and not arrived:
        return screen, False
    screen = st.session_state[SCREEN] = OnScreen(number, kind)
    return screen, True


def at_once() -> dict[str, Any]:
    """All of session_state in one reading. Streamlit may cut a callback short at each single look into session_state, and what the next
    click brings may no longer hold what was typed: a callback reads once, calls its service, and only then touches anything else."""
    return st.session_state.to_dict()


def current_screen(number: int) -> OnScreen | None:
    """The screen a callback or fragment was drawn for; None when the tab has moved on."""
    screen = at_once().get(SCREEN)
    return screen if isinstance(screen, OnScreen) and screen.number == number else None


def save_typed(number: int) -> None:
    """Save every answer on the screen that the server does not have yet."""
    state = at_once()
    screen = state.get(SCREEN)
    if not isinstance(screen, OnScreen) or screen.number != number or screen.spec is None:
        return
    on_screen = {f.key: typed_answer(f, number, state) for f in screen.spec.fields()}
    changed = {
        key: value
        for key, value in on_screen.items()
        if value is not MISSING and value != screen.known.get(key) and screen.faulty.get(key, MISSING) != value
    }
    for key in [k for k in screen.faults if on_screen[k] == screen.known.get(k)]:
        del screen.faults[key], screen.faulty[key]
    actor = frame.actor_now() if changed else None
    if actor is not None:
        _save(screen, actor, changed)


def _save(screen: OnScreen, actor: Actor, changed: dict[str, Any]) -> None:
    while changed:
        try:
            screen.saved_at = drafts.save(actor, screen.number, changed, frame.now(), screen.kind)
        except Incomplete as refusal:
            sentences = {k: s for k, s in refusal.problems if k in changed} or dict.fromkeys(changed, str(refusal))
            screen.faults |= {k: f"{s} It has not been saved." for k, s in sentences.items()}
            screen.faulty |= {k: changed[k] for k in sentences}
            changed = {k: v for k, v in changed.items() if k not in sentences}
        except Refusal as refusal:
            screen.faulty |= changed
            screen.lost |= {f.label: shown(f, changed[f.key]) for f in screen.spec.fields() if f.key in changed}  # type: ignore[union-attr]
            frame.refused(str(refusal))
            return
        else:
            screen.known |= changed
            screen.newly_saved = True
            for key in changed:
                screen.faults.pop(key, None)
                screen.faulty.pop(key, None)
            return


def bring_up_to_date(screen: OnScreen, view: DocumentView) -> None:
    """Show what the server has. Call it in each full run before the questions are drawn.

    `changed_elsewhere` is set when that is not what this tab showed: another tab or another person wrote meanwhile.
    """
    first = screen.spec is None
    answers = {f.key: canonical(f, view.answers.get(f.key)) for f in view.spec.fields()}
    differing = [f for f in view.spec.fields() if answers[f.key] != screen.known.get(f.key)]
    if view.writable:
        _seed(view, [f for f in view.spec.fields() if first or f in differing], answers)
    other_version = screen.version not in {0, view.version}
    screen.changed_elsewhere = not first and bool(differing) if view.writable else other_version
    screen.spec = view.spec if view.writable else None
    screen.known, screen.version, screen.saved_at = answers, view.version, view.saved_at
    screen.newly_saved = False
    screen.signed = any(signature.valid for signature in view.signatures)
    if screen.asked is not None and screen.asked.seen_version == 0:
        screen.asked = None if screen.changed_elsewhere else replace(screen.asked, seen_version=view.version)


def _seed(view: DocumentView, questions: list[Field], answers: dict[str, Any]) -> None:
    for question in questions:
        for key, value in widget_values(question, answers[question.key], view.number).items():
            st.session_state[key] = value
