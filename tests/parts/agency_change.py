"""CSEC Administration assigns a youth in service to another agency."""

from typing import Any

from cts.domain.vocabulary import Action, Need
from cts.services.documents import DocumentView
from cts.services.steps import StepDone
from tests.parts.desk import Desk


def reassigns(desk: Desk, who: str, agency: str = "New Dawn, Inc.", **more: Any) -> StepDone:
    """Another agency goes on with the service."""
    why = {"reason_code": "contract", "reason_text": "The contract ends in December."}
    return desk.takes(who, Action.REASSIGN, agency_id=desk.cast.agencies[agency], **why, **more)


def reassigns_elsewhere(desk: Desk, who: str, view: DocumentView | None) -> StepDone:
    """To the first agency that this person's screen offers; where it offers none, to one it would not."""
    offered = view.choices.get(Need.AGENCY, ()) if view else ()
    names = {number: name for name, number in desk.cast.agencies.items()}
    return reassigns(desk, who, names[offered[0].id]) if offered else reassigns(desk, who)
