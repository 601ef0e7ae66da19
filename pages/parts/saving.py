"""What is typed is saved by itself as soon as it is answered.

A run of the script may be cut short by the next click, so nothing depends on one particular run: `save_typed` compares all questions on
the screen with what the server is known to have and saves whatever differs. It is the `on_change` of every question and the first act of
every run, and doing it twice changes nothing.
"""

from collections.abc import Mapping
from typing import Any

from cts.domain.answer_checks import value_fault
from cts.domain.answer_words import shown
from cts.domain.fields import ROW_ID, Field, Kind
from cts.domain.rows import full_rows
from cts.services import drafts
from cts.services.actor import Actor
from cts.services.refusals import Incomplete, Refusal
from pages.parts.answers import MISSING, cell_of, typed_answer
from pages.parts.on_screen import SCREEN, OnScreen, at_once
from pages.parts.row_ids import rows_by_id
from pages.shell import frame

NOT_SAVED = "It has not been saved."


def save_typed(place: str | None = None) -> None:
    """Save every answer on the screen that the server does not have yet. `place`: only when the tab still shows that document."""
    saved_screen(place)


def saved_screen(place: str | None) -> OnScreen | None:
    """The same; returns the screen of what is being written, None where nothing is."""
    state = at_once()
    screen = state.get(SCREEN)
    if not isinstance(screen, OnScreen) or screen.spec is None or (place is not None and screen.place != place):
        return None
    faults: dict[str, str] = {}
    on_screen = {f.key: _typed(f, screen, state, faults) for f in screen.spec.fields()}
    screen.cell_faults = faults
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
    return screen


def _typed(field: Field, screen: OnScreen, state: Mapping[str, Any], faults: dict[str, str]) -> Any:
    return (
        _typed_rows(field, screen, state, faults)
        if field.kind is Kind.ROWS
        else typed_answer(field, screen.place, state)
    )


def _typed_rows(field: Field, screen: OnScreen, state: Mapping[str, Any], faults: dict[str, str]) -> Any:
    """The rows as they stand on the screen. A cell that cannot be kept is named in `faults` and counts as not typed, so that the others are
    saved; a row that was added and is still empty is none yet."""
    if field.key not in screen.rows:
        return MISSING
    known, found = rows_by_id(screen.known.get(field.key)), []
    for row_id in screen.rows[field.key]:
        row = {ROW_ID: row_id} | dict.fromkeys(c.key for c in field.columns)
        row |= screen.row(field.key, row_id)
        for column in field.columns:
            cell = cell_of(field, row_id, column)
            value = screen.chosen_files.get(cell.key, typed_answer(cell, screen.place, state))
            fault = "" if value is MISSING else value_fault(column, value)
            if fault:
                faults[cell.key] = f"{fault} {NOT_SAVED}"
            elif value is not MISSING:
                row[column.key] = value
        found.append(row)
    kept = [row for row in found if row[ROW_ID] in known or full_rows([row])]
    return kept or None


def _save(screen: OnScreen, actor: Actor, changed: dict[str, Any]) -> None:
    questions = {f.key: f for f in screen.spec.fields()} if screen.spec else {}
    while changed:
        seen = {k: screen.known.get(k) for k in changed}
        try:
            saved = drafts.save(actor, screen.number, changed, frame.now(), screen.kind, screen.sequence, seen=seen)
        except Incomplete as refusal:
            sentences = {k: s for k, s in refusal.problems if k in changed} or dict.fromkeys(changed, str(refusal))
            screen.faults |= {k: f"{s} {NOT_SAVED}" for k, s in sentences.items()}
            screen.faulty |= {k: changed[k] for k in sentences}
            changed = {k: v for k, v in changed.items() if k not in sentences}
        except Refusal as refusal:
            screen.faulty |= changed
            screen.lost |= {questions[k].label: shown(questions[k], value) for k, value in changed.items()}
            screen.tried = True
            frame.refused(str(refusal))
            return
        else:
            screen.known |= changed
            screen.saved_at, screen.tried = saved.at, True
            screen.displaced |= dict(saved.displaced)
            for key in changed:
                screen.faults.pop(key, None)
                screen.faulty.pop(key, None)
            for cell in [c for c in screen.chosen_files if c.partition("-")[0] in changed]:
                del screen.chosen_files[cell]
            return
