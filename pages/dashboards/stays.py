"""The list behind a number of the dashboards: documents that wait, or that left a stage."""

import streamlit as st

from cts.domain.counting import counted
from cts.services.actor import Actor
from cts.services.export_registry import STAYS
from cts.services.stay_export import stays_for_export
from cts.services.stay_list import list_stays, sentence_of, stays_asked
from pages.parts import stay_list_view as view
from pages.parts.export_view import show_export
from pages.shell import frame
from pages.shell.menu import DASHBOARDS, st_page


def render(actor: Actor) -> None:
    """The page: /stays?…; what is counted, the order and the page stand in the address, never a name."""
    st.title("Documents behind a number")
    frame.show_notice()
    asked, order, number = view.read_address()
    filters = stays_asked(asked)
    page = list_stays(actor, filters, frame.now(), sort_by=order.by, descending=order.descending, page=number)
    with st.container(key="cts_way_home"):
        st.page_link(st_page(DASHBOARDS), label="Back to Dashboards", query_params=view.way_back(filters))
    st.text(sentence_of(filters, page.of))
    st.text(f"Total: {counted(page.total, 'document')}")
    st.text("Days on which the youth was absent (AWOL) are not counted.")
    show_export(STAYS, stays_for_export(filters, order), page.total)
    view.show_stays(page, filters, order)
