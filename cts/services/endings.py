"""What a step writes into the stay that it ends: how it ended, with which coded reason, and the money of Restoration Funds.

Dashboards count what stands there: a reason of termination or a sum that stays in the answers could not be counted without reading them all.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from cts.domain.fields import Stage
from cts.domain.ledger import read_request
from cts.domain.vocabulary import Action, Document, Status
from cts.domain.workflow import Step, stage_of
from cts.services.stays import Ending
from cts.services.step_case import StepCase
from db.models import Stay

AGAIN = "submit again"
"""What was sent before, and came back. First sendings are counted apart, so that nothing counts as new twice."""


def ending_of(case: StepCase, step: Step) -> Ending:
    """What ends the stay before this step."""
    by = AGAIN if step.action is Action.SUBMIT and _sent_before(case, step) else str(step.action)
    moves_money = step.document is Document.FUNDS and by != AGAIN
    return Ending(by, _reason(case, step), cents_of(step, case.found.document.answers) if moves_money else 0)


def _sent_before(case: StepCase, step: Step) -> bool:
    """Whether this part of the document, the request or its receipts, was submitted before."""
    sent = select(Stay.status).where(Stay.document_id == case.found.document.id, Stay.ended_by == Action.SUBMIT)
    part = stage_of(step.document, step.status)
    return any(stage_of(step.document, Status(status)) is part for status in case.session.scalars(sent))


def _reason(case: StepCase, step: Step) -> str:
    if step.ends_service:
        return str(case.found.document.answers.get("reason") or "")
    return case.request.reason_code


def cents_of(step: Step, answers: Mapping[str, Any]) -> int:
    """What is asked at the first submission and approved at the last approval; spent, by the receipts' submission; paid back. Pure."""
    moves_money = step.action in _WITH_MONEY or (step.action is Action.APPROVE and step.becomes is Status.APPROVED)
    if step.document is not Document.FUNDS or not moves_money:
        return 0
    asked = read_request(0, 0, "", step.becomes, None, answers, {})
    spending = stage_of(step.document, step.status) is Stage.SPENDING
    costs = asked.actual_costs if spending else asked.projected_costs
    return int(sum(costs, Decimal(0)) * 100)


_WITH_MONEY = frozenset({Action.SUBMIT, Action.REIMBURSE})
