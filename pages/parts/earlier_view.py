"""Earlier versions of a document: who submitted what and when; the one that is chosen is read below."""

from dataclasses import replace

import streamlit as st

from cts.services.actor import Actor
from cts.services.documents import DocumentView
from cts.services.earlier import EarlierVersion, VersionRead, earlier_versions, read_version
from cts.services.refusals import Refusal
from pages.parts.facts_view import read_facts
from pages.parts.on_screen import OnScreen, at_once, current_screen
from pages.parts.read_view import read_answers
from pages.parts.reading import Reading
from pages.shell import frame


def show_earlier(actor: Actor, view: DocumentView, screen: OnScreen) -> None:
    """A list to choose from, where something was submitted before."""
    try:
        versions = earlier_versions(actor, view.number, view.kind, view.sequence)
    except Refusal:
        return
    if not versions:
        screen.earlier = None
        return
    names = {version.round: _words(version) for version in versions}
    key = f"earlier_{screen.place}"
    with st.expander("Earlier versions", expanded=screen.earlier is not None):
        st.selectbox(
            "Version",
            list(names),
            index=None,
            format_func=names.__getitem__,
            key=key,
            placeholder="Choose a version to read",
            on_change=_choose,
            args=(screen.place, key),
        )
        if screen.earlier is not None:
            _read(view, screen.earlier, names.get(screen.earlier.round, ""))


def _words(version: EarlierVersion) -> str:
    ended = f"; {version.outcome}" if version.outcome else ""
    return f"Version {version.round}, submitted by {version.by} on {version.when}{ended}"


def _read(view: DocumentView, version: VersionRead, words: str) -> None:
    """All of it in the form's order, under plain titles: links to sections lead to what stands on the page now."""
    earlier = replace(view, stage=version.stage, answers=version.answers, facts=version.facts, hidden=version.hidden)
    with st.container(key="cts_earlier"):
        reading = Reading("earlier")
        reading.words(words)
        for section in earlier.spec.sections:
            if section.fields:
                reading.subtitle(section.title)
                read_facts(reading, section, earlier.facts, earlier.hidden)
                read_answers(reading, earlier, section, section.fields)
        reading.draw()


def _choose(place: str, key: str) -> None:
    """Read the chosen version once: each reading is a look that is logged."""
    chosen = at_once().get(key)
    screen, actor = current_screen(place), frame.actor_now()
    if screen is None or actor is None:
        return
    if chosen is None:
        screen.earlier = None
        return
    try:
        screen.earlier = read_version(actor, screen.number, screen.kind, screen.sequence, chosen, frame.now())
    except Refusal as refusal:
        screen.earlier = None
        frame.refused(str(refusal))
