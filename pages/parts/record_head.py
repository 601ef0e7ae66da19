"""What stands above every tab of a client record: whose it is, who serves, how much of the service is left."""

from typing import Any

import streamlit as st

from cts.domain.addresses import Tab
from cts.services.actor import Actor
from cts.services.record import RecordView
from cts.services.refusals import Refusal
from pages.parts.component import component
from pages.parts.meter_view import meter_words
from pages.parts.status_colours import STATUS_COLOURS
from pages.shell.menu import ASSIGNMENT, st_page

_draw = component("cts_record_head", "record_head.js")


def show_head(actor: Actor, record: RecordView) -> None:
    """Title, Assignment #, status, the youth, agency and Advocate, the meter, and what the agency still has to do."""
    preferred = f"Preferred name: {record.preferred_name}" if record.preferred_name else ""
    served = " / ".join(part for part in (record.agency, record.advocate) if part)
    told: dict[str, Any] = {
        "title": "Client record",
        "number": f"Assignment # {record.number}",
        "status": record.status,
        "colour": STATUS_COLOURS[record.status],
        "papers": [
            {"text": "PDF of the whole record", "href": f"/records/{record.number}/pdf"},
            {"text": "Hand-over sheet", "href": f"/records/{record.number}/hand-over"},
        ],
        "youth": [words for words in (record.youth_name, preferred, served) if words],
    }
    try:
        told["meter"] = meter_words(actor, record.number)
    except Refusal as refusal:
        told["refused"] = str(refusal)
    _draw(key="cts_record_head", data=told)
    with st.container(key="cts_record_asked", horizontal=True):
        if record.asked:
            st.text(f"Waiting on the agency coordinator: {record.asked}")
        if record.asked and record.tab is not Tab.REFERRAL:
            st.page_link(
                st_page(ASSIGNMENT),
                label="Open the Referral",
                query_params={"number": str(record.number), "tab": Tab.REFERRAL},
            )
