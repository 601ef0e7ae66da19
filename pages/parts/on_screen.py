"""What one browser tab knows about the document it shows: the answers as last seen, what could not be kept, what is being asked."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import streamlit as st

from cts.domain.calendar import office_time
from cts.domain.fields import ROW_ID, Field, FormSpec, Kind, Stage
from cts.domain.vocabulary import Action, Document
from cts.services.documents import DocumentView
from cts.services.earlier import VersionRead
from cts.settings import settings
from pages.parts.answers import canonical, place_of, widget_values
from pages.parts.row_ids import fresh_row_id, rows_by_id

SCREEN = "cts_on_screen"


@dataclass(frozen=True)
class Asked:
    """A dialog that is open: for which step, on which version, and the key that makes a double click one step."""

    action: Action
    step_key: str
    seen_version: int = 0
    refusal: str = ""


@dataclass
class OnScreen:
    """The document a tab shows. Kept in session_state and changed in place: a write to session_state may be cut short, this is not.

    `rows` are the ids of the rows that stand on the screen, by question, those added and still empty too; `removed` is what Undo brings
    back, the last one last: where it stood, and what stood there. `cell_faults` and `file_names` go by cell and by token.

    `tried`: since the page was drawn as a whole something was saved, or could not be and is in `lost`. `displaced` is what another tab had
    answered meanwhile to a question that was then answered here.
    """

    number: int
    kind: Document
    sequence: int = 1
    spec: FormSpec | None = None
    stage: Stage = Stage.WRITING
    known: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    saved_at: datetime | None = None
    faults: dict[str, str] = field(default_factory=dict)
    faulty: dict[str, Any] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    displaced: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    removed: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    brought_back: dict[str, dict[str, Any]] = field(default_factory=dict)
    cell_faults: dict[str, str] = field(default_factory=dict)
    chosen_files: dict[str, str] = field(default_factory=dict)
    file_faults: dict[str, str] = field(default_factory=dict)
    replacing: set[str] = field(default_factory=set)
    file_names: dict[str, str] = field(default_factory=dict)
    changed_elsewhere: bool = False
    checking: bool = False
    tried: bool = False
    signed: bool = False
    asked: Asked | None = None
    earlier: VersionRead | None = None

    @property
    def place(self) -> str:
        """What keeps the keys of this document apart from those of others."""
        return place_of(self.number, self.kind, self.sequence)

    def row(self, field_key: str, row_id: str) -> dict[str, Any]:
        """A row that stands on the screen, as the server has it; what Undo brought back; or empty."""
        known = rows_by_id(self.known.get(field_key))
        return known.get(row_id) or self.brought_back.get(row_id) or {ROW_ID: row_id}

    def saved(self, today: datetime) -> str:
        """ "Saved 10:42 AM", with the day when it was not today; '' before the first change."""
        if self.saved_at is None:
            return ""
        zone = settings().time_zone
        at, day = office_time(self.saved_at, zone), office_time(today, zone).date()
        clock = at.strftime("%I:%M %p").lstrip("0")
        return f"Saved {clock}" if at.date() == day else f"Saved {at:%m/%d/%Y} {clock}"


def screen_of(number: int, kind: Document, sequence: int | None, arrived: bool) -> tuple[OnScreen, bool]:
    """What this tab knows of the document, and whether it has just been opened."""
    screen = st.session_state.get(SCREEN)
    if (
        isinstance(screen, OnScreen)
        and (screen.number, screen.kind) == (number, kind)
        and sequence in (None, screen.sequence)
        and not arrived
    ):
        return screen, False
    screen = st.session_state[SCREEN] = OnScreen(number, kind, sequence or 1)
    return screen, True


def at_once() -> dict[str, Any]:
    """All of session_state in one reading. Streamlit may cut a callback short at each single look into session_state, and what the next
    click brings may no longer hold what was typed: a callback reads once, calls its service, and only then touches anything else."""
    return st.session_state.to_dict()


def current_screen(place: str) -> OnScreen | None:
    """The screen a callback or fragment was drawn for; None when the tab has moved on."""
    screen = at_once().get(SCREEN)
    return screen if isinstance(screen, OnScreen) and screen.place == place else None


def bring_up_to_date(screen: OnScreen, view: DocumentView) -> None:
    """Show what the server has. Call it in each full run before the questions are drawn.

    `changed_elsewhere` is set when that is not what this tab showed: another tab or another person wrote meanwhile.
    """
    first = screen.spec is None
    screen.sequence, screen.stage = view.sequence, view.stage
    answers = {f.key: canonical(f, view.answers.get(f.key)) for f in view.spec.fields()}
    differing = [f for f in view.spec.fields() if answers[f.key] != screen.known.get(f.key)]
    if view.writable:
        for question in view.spec.fields():
            if first or question in differing:
                _seed(screen, question, answers[question.key], first)
    other_version = screen.version not in {0, view.version}
    screen.changed_elsewhere = not first and bool(differing) if view.writable else other_version
    screen.spec = view.spec if view.writable else None
    screen.known, screen.version, screen.saved_at = answers, view.version, view.saved_at
    screen.file_names |= view.files
    screen.tried = False
    screen.signed = any(signature.valid for signature in view.signatures)
    if screen.asked is not None and screen.asked.seen_version == 0:
        screen.asked = None if screen.changed_elsewhere else replace(screen.asked, seen_version=view.version)


def _seed(screen: OnScreen, question: Field, answer: Any, first: bool) -> None:
    """The widgets of a question hold what the server has; cells that have not changed there keep what is being typed in them."""
    before = screen.known.get(question.key)
    values = dict(widget_values(question, answer, screen.place))
    if question.kind is Kind.ROWS:
        was = {} if first else widget_values(question, before, screen.place)
        values = {key: value for key, value in values.items() if key not in was or was[key] != value}
        _place_rows(screen, question, rows_by_id(before), rows_by_id(answer), first)
    for key, value in values.items():
        st.session_state[key] = value


def _place_rows(screen: OnScreen, question: Field, before: dict[str, Any], now: dict[str, Any], first: bool) -> None:
    """The rows the server has, then those that only this tab has: added, and not saved yet."""
    mine = [i for i in screen.rows.get(question.key, ()) if i not in now and i not in before]
    screen.rows[question.key] = [*now, *mine]
    if first and not now and question.required:
        screen.rows[question.key] = [fresh_row_id()]
