"""The quick entry of an activity: what is asked, kept as typed until it is saved, saved once for one press."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import streamlit as st

from cts.domain.activity import (
    CHECK_IN,
    IN_PERSON,
    LOCATIONS,
    MEETINGS,
    METHODS,
    NOTE_LIMIT,
    PEOPLE,
    TYPES,
    VISIT,
    YOUTH,
    Entry,
    Outcome,
)
from cts.domain.fields import us_date
from cts.services.activities import ActivityLine, add, correct
from cts.services.refusals import Incomplete, Refusal
from pages.parts.date_field import ask_date
from pages.parts.on_screen import at_once
from pages.parts.question import NOT_SAVED_YET, keep_places, show_fault
from pages.shell import frame

FORMS = "cts_activity_forms"
NEW = "new"
PRIVILEGED = "Keep it short and factual: communications with an advocate are privileged (Evidence Code 1038)."
FIELDS = ("happened_on", "type", "outcome", "method", "location", "minutes", "with_whom", "note")


@dataclass
class Writing:
    """An entry that is being written: its key (one for one entry, whatever is pressed twice), what it corrects, what is wrong with it."""

    entry_key: str = field(default_factory=lambda: uuid4().hex)
    replaces: ActivityLine | None = None
    problems: dict[str, str] = field(default_factory=dict)


def writing_of(number: int, which: str = NEW) -> Writing | None:
    """What this tab is writing for a youth: the new entry, or the change of one ("change")."""
    found = st.session_state.get(FORMS, {}).get((number, which))
    return found if isinstance(found, Writing) else None


def begin_writing(number: int, which: str, writing: Writing) -> None:
    """Start with an entry: a new one, or one that stands already and is to be changed."""
    st.session_state.setdefault(FORMS, {})[number, which] = writing
    entry = writing.replaces.entry if writing.replaces else None
    for name, value in _start(entry).items():
        st.session_state[_key(name, writing)] = value


def stop_writing(number: int, which: str) -> None:
    """Forget what is being written."""
    st.session_state.get(FORMS, {}).pop((number, which), None)


def _start(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        today = {"happened_on": None, "outcome": Outcome.COMPLETED, "type": VISIT, "method": IN_PERSON}
        return today | {"location": None, "minutes": None, "with_whom": [YOUTH], "note": ""}
    values = {name: getattr(entry, name) for name in FIELDS}
    done = {"outcome": Outcome.COMPLETED} if entry.outcome == Outcome.SCHEDULED else {}
    return values | done | {"location": entry.location or None, "with_whom": list(entry.with_whom)}


def _key(name: str, writing: Writing) -> str:
    return f"act_{name}_{writing.entry_key}"


def show_new_form(number: int, today: date) -> None:
    """The form of a new entry, with its defaults: today, Completed, In-Person, with the youth."""
    writing = writing_of(number)
    if writing is None:
        begin_writing(number, NEW, writing := Writing())
        st.session_state[_key("happened_on", writing)] = today
    st.header("New activity", anchor=False)
    _new_form(number)


@st.fragment
def _new_form(number: int) -> None:
    """The form by itself: an answer draws it alone, Save the whole page."""
    writing = writing_of(number)
    if writing is None or frame.notice_waits():
        st.rerun()
    show_fields(number, NEW, writing)


def show_fields(number: int, which: str, writing: Writing) -> None:
    """The questions, the note last, and Save."""
    with st.container(key=f"ask_activity_{which}"):
        _date(writing)
        _choice("type", "Type", TYPES, writing, on_change=_type_chosen, args=(number, which, writing.entry_key))
        _outcome(writing)
        _choice("method", "Method", METHODS, writing)
        if st.session_state[_key("method", writing)] == IN_PERSON:
            _choice("location", "Location", LOCATIONS, writing)
        else:
            keep_places(2)
        if st.session_state[_key("outcome", writing)] != Outcome.SCHEDULED:
            _minutes(writing)
        else:
            keep_places(2)
        _with_whom(writing)
        _note(writing)
    _save_bar(number, which, writing)


def _fault(name: str, writing: Writing) -> None:
    show_fault(f"act_{name}_{writing.entry_key}", writing.problems.get(name, ""))


def _kept(name: str, writing: Writing) -> dict[str, Any]:
    """Settings of a widget whose answer stays while another tab of the record is read."""
    return {"key": _key(name, writing), "persist_state": "session"}


def _date(writing: Writing) -> None:
    ask_date("Date *", **_kept("happened_on", writing))
    _fault("happened_on", writing)


def _choice(name: str, label: str, options: Mapping[str, str], writing: Writing, **more: Any) -> None:
    st.selectbox(
        f"{label} *",
        list(options),
        format_func=options.__getitem__,
        placeholder="Choose",
        **_kept(name, writing),
        **more,
    )
    _fault(name, writing)


def _outcome(writing: Writing) -> None:
    st.radio("Outcome *", list(Outcome), horizontal=True, **_kept("outcome", writing))
    _fault("outcome", writing)


def _minutes(writing: Writing) -> None:
    asked = st.session_state[_key("outcome", writing)] == Outcome.COMPLETED
    # Without limits of its own: the browser would change what was typed without a word; the service says what is wrong.
    st.number_input(f"Minutes{' *' if asked else ''}", step=1, format="%d", value=None, **_kept("minutes", writing))
    _fault("minutes", writing)


def _with_whom(writing: Writing) -> None:
    st.pills(
        "With whom * (choose all that apply)",
        list(PEOPLE),
        format_func=PEOPLE.__getitem__,
        selection_mode="multi",
        **_kept("with_whom", writing),
    )
    _fault("with_whom", writing)


def _note(writing: Writing) -> None:
    with st.container(key=f"act_note_of_{writing.entry_key}", gap=None):
        st.text_area(f"Note (at most {NOTE_LIMIT:,} characters)", height="content", **_kept("note", writing))
        st.caption(PRIVILEGED)
    _fault("note", writing)


def _save_bar(number: int, which: str, writing: Writing) -> None:
    show_fault(f"act_all_{which}", NOT_SAVED_YET if writing.problems else "")
    with st.container(key=f"act_bar_{which}", horizontal=True):
        words = "Save activity" if writing.replaces is None else "Save the change"
        st.button(
            words, type="primary", key=_key("save", writing), on_click=_save, args=(number, which, writing.entry_key)
        )
        if writing.replaces is not None:
            st.button("Cancel", key=_key("cancel", writing), on_click=stop_writing, args=(number, which))


def _type_chosen(number: int, which: str, entry_key: str) -> None:
    """A visit is in person, a check-in is not: the method follows the type where the other one could not be right."""
    state = at_once()
    kind, method = state.get(f"act_type_{entry_key}"), state.get(f"act_method_{entry_key}")
    if kind == CHECK_IN and method == IN_PERSON:
        st.session_state[f"act_method_{entry_key}"] = "telephone"
    elif kind in MEETINGS and method != IN_PERSON:
        st.session_state[f"act_method_{entry_key}"] = IN_PERSON


def _typed(entry_key: str, state: Mapping[str, Any]) -> Entry:
    said = {name: state.get(f"act_{name}_{entry_key}") for name in FIELDS}
    text = {name: said[name] or "" for name in ("type", "method", "location", "outcome", "note")}
    return Entry(said["happened_on"], minutes=said["minutes"], with_whom=tuple(said["with_whom"] or ()), **text)


def _save(number: int, which: str, entry_key: str) -> None:
    """Everything is read first; after that one service call, and no word to Streamlit until it is done."""
    state = at_once()
    writing = state.get(FORMS, {}).get((number, which))
    actor = frame.actor_now()
    if actor is None or writing is None or writing.entry_key != entry_key:
        return
    entry = _typed(entry_key, state)
    try:
        if writing.replaces is None:
            add(actor, number, entry, entry_key, frame.now())
        else:
            correct(actor, number, writing.replaces.id, entry, entry_key, frame.now())
    except Incomplete as refusal:
        writing.problems = dict(refusal.problems)
    except Refusal as refusal:
        if writing.replaces is not None:
            stop_writing(number, which)
        frame.refused(str(refusal))
    else:
        stop_writing(number, which)
        frame.said(f"Saved: {TYPES[entry.type]}, {us_date(entry.happened_on)}, {entry.outcome}.")
