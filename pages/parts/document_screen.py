"""One document on one page: what it is, what is asked, the form, signatures, history, and what can be done."""

import streamlit as st

from cts.domain.fields import FormSpec
from cts.domain.vocabulary import SIGNER_TITLES, Action, Document, Status
from cts.services.actor import Actor
from cts.services.documents import DocumentView, open_document, read_document
from cts.services.refusals import Refusal
from pages.parts.action_bar import show_actions, step_button
from pages.parts.banners import show_banners
from pages.parts.form_view import section_anchor, show_form
from pages.parts.on_screen import bring_up_to_date, save_typed, screen_of
from pages.parts.read_view import show_read_only
from pages.parts.step_dialog import show_dialog
from pages.shell import frame
from pages.shell.menu import HOME, st_page

BADGES = {
    Status.NEW: "blue",
    Status.PENDING_SUPERVISOR: "orange",
    Status.PENDING_ADMINISTRATION: "orange",
    Status.REJECTED: "red",
    Status.APPROVED: "green",
}


def show_document(actor: Actor, number: int, kind: Document, arrived: bool) -> None:
    """The document of assignment `number` as this person may see it; `arrived`: the page was just opened, and the look is logged."""
    save_typed(number)
    screen, opened = screen_of(number, kind, arrived)
    try:
        view = (open_document if opened else read_document)(actor, number, frame.now(), kind)
    except Refusal as refusal:
        not_found(str(refusal))
        return
    bring_up_to_date(screen, view)
    saved = _head(view)
    _sections(view.spec)
    show_banners(view, screen)
    if view.writable:
        show_form(view, saved)
    else:
        show_read_only(view)
    _signatures(view)
    _history(view)
    show_actions(view)
    show_dialog(view, screen)


def not_found(sentence: str) -> None:
    """No such document, or not for this person: the two look alike."""
    st.title("Not found")
    st.text(sentence)
    with st.container(key="cts_way_home"):
        st.page_link(st_page(HOME), label="Home")


def _head(view: DocumentView) -> "st.delta_generator.DeltaGenerator":
    with st.container(key="cts_head"):
        st.title(view.title, anchor=False)
        with st.container(key="cts_head_line", horizontal=True):
            st.text(f"Assignment # {view.number}")
            st.badge(view.status, color=BADGES.get(view.status, "gray"))  # type: ignore[arg-type]
            saved = st.empty()
        st.text(str(view.facts.values.get("youth_name", "")))
        if view.status is Status.APPROVED and view.advocate:
            st.text(f"Served by {view.advocate}, {view.agency}")
        elif view.waiting is not None:
            st.text(f"Waiting on {view.holder}: {view.waiting.asked}")
    return saved


def _sections(spec: FormSpec) -> None:
    links = "\n".join(f"- [{s.title}](#{section_anchor(s)})" for s in spec.sections)
    with st.container(key="cts_jump"):
        st.markdown(links)


def _signatures(view: DocumentView) -> None:
    section = view.spec.sections[-1]
    st.header(section.title, anchor=section_anchor(section))
    found = {s.party: s for s in view.signatures}
    with st.container(key="cts_signatures"):
        for party, words in SIGNER_TITLES.items():
            st.text(words)
            signature = found.get(party)
            if signature is None:
                st.text("Not signed")
                continue
            acting = f", acting for {signature.acting_for}" if signature.acting_for else ""
            void = "" if signature.valid else f"\nNo longer valid: the {view.kind} was changed after this signature."
            st.text(f"{signature.name}, {signature.title}{acting}\nSigned {signature.signed}{void}")
    for step in view.steps:
        if step.action is Action.SIGN:
            step_button(view, step)


def _history(view: DocumentView) -> None:
    with st.expander("History"), st.container(key="cts_history"):
        if not view.history:
            st.text("Nothing has happened yet.")
        for line in view.history:
            st.text(line.when)
            st.text(f"{line.sentence}\n{line.why}" if line.why else line.sentence)
