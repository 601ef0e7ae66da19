"""What stands above every tab of a client record: whose it is, who serves, how much of the service is left."""

import streamlit as st

from cts.domain.addresses import Tab
from cts.services.actor import Actor
from cts.services.record import RecordView
from pages.parts.meter_view import show_meter
from pages.parts.status_colours import STATUS_COLOURS
from pages.shell.menu import ASSIGNMENT, st_page


def show_head(actor: Actor, record: RecordView) -> None:
    """Title, Assignment #, status, the youth, agency and Advocate, the meter, and what the agency still has to do."""
    with st.container(key="cts_record_head"):
        with st.container(key="cts_record_title"):
            st.title("Client record", anchor=False)
            with st.container(key="cts_record_line", horizontal=True):
                st.text(f"Assignment # {record.number}")
                st.badge(record.status, color=STATUS_COLOURS[record.status])  # type: ignore[arg-type]
                st.link_button("PDF of the whole record", f"/records/{record.number}/pdf")
                st.link_button("Hand-over sheet", f"/records/{record.number}/hand-over")
        with st.container(key="cts_record_youth"):
            st.text(record.youth_name)
            if record.preferred_name:
                st.text(f"Preferred name: {record.preferred_name}")
            st.text(" / ".join(part for part in (record.agency, record.advocate) if part))
        show_meter(actor, record.number)
    with st.container(key="cts_record_asked", horizontal=True):
        if record.asked:
            st.text(f"Waiting on the agency coordinator: {record.asked}")
        if record.asked and record.tab is not Tab.REFERRAL:
            st.page_link(
                st_page(ASSIGNMENT),
                label="Open the Referral",
                query_params={"number": str(record.number), "tab": Tab.REFERRAL},
            )
