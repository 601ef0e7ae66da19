"""What stands above every tab of a client record: whose it is, who serves, how much of the service is left."""

from typing import Any

from cts.domain.addresses import Tab
from cts.services.actor import Actor
from cts.services.record import RecordView
from cts.services.refusals import Refusal
from pages.parts.component import component
from pages.parts.line import Line
from pages.parts.meter_view import meter_words
from pages.parts.status_colours import STATUS_COLOURS
from pages.shell.menu import ASSIGNMENT

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
    asked = Line("cts_record_asked", "alert")
    if record.asked:
        asked.words(f"Waiting on the agency coordinator: {record.asked}")
        if record.tab is not Tab.REFERRAL:
            asked.link("Open the Referral", ASSIGNMENT.address(number=record.number, tab=Tab.REFERRAL))
    asked.draw()
