"""One document on one page: what it is, what is asked, the form, signatures, history, and what can be done."""

import streamlit as st

from cts.domain.addresses import Tab
from cts.domain.vocabulary import SIGNER_TITLES, Action, Document
from cts.domain.workflow import is_reviewed
from cts.services.actor import Actor
from cts.services.documents import DocumentView, open_document, read_document
from cts.services.refusals import Refusal
from cts.services.signatures import SignatureView
from pages.parts.action_bar import show_actions, step_button
from pages.parts.banners import show_banners
from pages.parts.claim_view import show_claim
from pages.parts.component import together
from pages.parts.cover_view import show_covered
from pages.parts.earlier_view import show_earlier
from pages.parts.emergency_dialog import show_emergency
from pages.parts.form_view import show_form
from pages.parts.hold_view import show_holds
from pages.parts.line import Line
from pages.parts.on_screen import OnScreen, bring_up_to_date, screen_of
from pages.parts.read_view import sections_there, show_read_only
from pages.parts.reading import Reading, section_anchor
from pages.parts.saving import save_typed
from pages.parts.status_colours import STATUS_COLOURS
from pages.parts.step_dialog import show_dialog
from pages.parts.ways import Way, show_ways
from pages.shell import frame
from pages.shell.menu import ASSIGNMENT, st_page, way_home


def show_document(
    actor: Actor,
    number: int,
    kind: Document,
    arrived: bool,
    sequence: int | None = None,
    within_record: bool = False,
    looks: bool = False,
) -> None:
    """A document of assignment `number` as this person may see it; `sequence` None is the newest of its kind.

    `arrived`: the page was just opened, and the look is logged. `within_record`: it stands on a tab of the client record. `looks`: its History
    leads to who looked at it.
    """
    save_typed()
    screen, opened = screen_of(number, kind, sequence, arrived)
    which = sequence if opened else screen.sequence
    try:
        view = (open_document if opened else read_document)(actor, number, frame.now(), kind, which)
    except Refusal as refusal:
        not_found(str(refusal), refusal.title)
        return
    bring_up_to_date(screen, view)
    saved = _top(view, within_record)
    if not within_record:
        # Below the head, which stays in view and would lie over them.
        show_emergency(actor, number)
        show_covered(actor, number)
        show_holds(actor, number)
    show_banners(view, screen)
    show_claim(view, screen)
    if saved is None:
        show_read_only(view)
    else:
        show_form(view, screen.place, saved)
    _signatures(view, screen)
    show_earlier(actor, view, screen)
    _history(view, looks)
    show_actions(view, screen, within_record)
    show_dialog(view, screen)


def not_found(sentence: str, title: str = Refusal.title) -> None:
    """No such document, or not for this person: the two look alike. Another title says that it cannot be opened by anybody now."""
    st.title(title)
    st.text(sentence)
    way_home()


def _top(view: DocumentView, within_record: bool) -> "st.delta_generator.DeltaGenerator | None":
    """The head and the list of sections; returns where "Saved 10:42 AM" stands of a document that is written, else None."""
    if within_record and not view.writable:
        with together("document_top"):
            _head_to_read(view)
            _sections(view, within_record)
        return None
    saved = _head(view, within_record)
    _sections(view, within_record)
    return saved if view.writable else None


def _head(view: DocumentView, within_record: bool) -> "st.delta_generator.DeltaGenerator":
    with st.container(key="cts_head_within" if within_record else "cts_head"):
        (st.header if within_record else st.title)(view.title, anchor=False)
        with st.container(key="cts_head_line", horizontal=True):
            if not within_record:
                st.text(f"Assignment # {view.number}")
            if is_reviewed(view.kind):
                st.badge(view.status, color=STATUS_COLOURS[view.status])  # type: ignore[arg-type]
            saved = st.empty()
        if not within_record:
            st.text(str(view.facts.values.get("youth_name", "")))
        for words in _who(view):
            st.text(words)
    return saved


def _head_to_read(view: DocumentView) -> None:
    """On a tab of the client record, whose own head stands above, nothing is saved: one line."""
    head = Line("document_head", "document")
    head.title(view.title)
    if is_reviewed(view.kind):
        head.badge(view.status, STATUS_COLOURS[view.status])
    for words in _who(view):
        head.words(words, quiet=True)
    head.draw()


def _who(view: DocumentView) -> list[str]:
    """Who has it now, who serves, who submitted it."""
    told = []
    if view.waiting is not None:
        told.append(f"Waiting on {view.holder}: {view.waiting.asked}")
    elif view.advocate and not view.writable:
        told.append(f"Served by {view.advocate}, {view.agency}")
    if not view.signers and view.submitted:
        told.append(f"Submitted by {view.submitted}")
    return told


def _sections(view: DocumentView, within_record: bool) -> None:
    ways = [Way(section.title, f"#{section_anchor(section)}") for section in sections_there(view)]
    key = "cts_jump_within" if within_record else "cts_jump"
    show_ways("Sections", ways, key=key, shape="pills" if within_record else "rail")


def _signatures(view: DocumentView, screen: OnScreen) -> None:
    """Who signed, where a document is signed; its last section is there for it."""
    if not view.signers:
        return
    section = view.spec.sections[-1]
    reading = Reading("signatures")
    reading.section(section)
    found = {s.party: s for s in view.signatures}
    signed = [(SIGNER_TITLES[party], _signed(view.kind, found.get(party))) for party in view.signers]
    reading.pairs("signatures", signed)
    reading.draw()
    for step in view.steps:
        if step.action is Action.SIGN:
            step_button(view, step, screen)


def _signed(kind: Document, signature: SignatureView | None) -> str:
    if signature is None:
        return "Not signed"
    acting = f", acting for {signature.acting_for}" if signature.acting_for else ""
    void = "" if signature.valid else f"\nNo longer valid: the {kind} was changed after this signature."
    return f"{signature.name}, {signature.title}{acting}\nSigned {signature.signed}{void}"


def _history(view: DocumentView, looks: bool) -> None:
    with st.expander("History"):
        reading = Reading("history")
        if not view.history:
            reading.words("Nothing has happened yet.")
        told = [(line.when, f"{line.sentence}\n{line.why}" if line.why else line.sentence) for line in view.history]
        reading.pairs("history", told)
        reading.draw()
        if looks:
            query = {"number": str(view.number), "tab": Tab.HISTORY}
            with st.container(key="cts_looks_link"):
                st.page_link(st_page(ASSIGNMENT), label="Who looked at this record", query_params=query)
    if view.reminders:
        with st.expander("Reminders"), st.container(key="cts_reminders", gap="xxsmall"):
            for sentence in view.reminders:
                st.text(sentence)
