"""An address that names a document which is not there: it is said, and what there is stands below, whoever is writing it."""

from streamlit.testing.v1 import AppTest

from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from pages.parts.record_place import NO_SUCH_ITEM
from tests.cast import Cast


def script(actor: "Actor", number: int) -> None:
    import streamlit as st

    from cts.domain.addresses import Tab
    from cts.domain.vocabulary import Document
    from pages.parts.document_screen import show_document
    from pages.parts.record_place import Place, chosen
    from pages.shell.menu import ENTRIES, st_page

    st.navigation([st_page(entry, actor) for entry in ENTRIES], position="top")
    chosen(Place(number, Tab.PLAN, "99", arrived=True), {(Document.REFERRAL, 1)})
    show_document(actor, number, Document.REFERRAL, True)


def test_the_notice_stands_above_a_document_that_somebody_else_is_writing(cast: Cast) -> None:
    page = AppTest.from_function(script, args=(cast.scsw, cast.dcfs_number), default_timeout=30).run()
    assert [e.value for e in page.exception] == []
    said = [e.value for e in page.text]
    assert said.index(NO_SUCH_ITEM) < next(
        n for n, words in enumerate(said) if words.startswith(f"The {Document.REFERRAL}")
    )
