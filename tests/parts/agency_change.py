"""CSEC Administration assigns a youth in service to another agency."""

from typing import Any

from cts.domain.vocabulary import Action
from cts.services.steps import StepDone
from tests.parts.desk import Desk


def reassigns(desk: Desk, who: str, agency: str = "New Dawn, Inc.", **more: Any) -> StepDone:
    """Another agency goes on with the service."""
    why = {"reason_code": "contract", "reason_text": "The contract ends in December."}
    return desk.takes(who, Action.REASSIGN, agency_id=desk.cast.agencies[agency], **why, **more)
