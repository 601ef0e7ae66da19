"""What a step changes besides the status. Each returns the details its history sentence and e-mails need."""

from collections.abc import Callable
from typing import Any

from cts.domain.vocabulary import Action, Status
from cts.services.step_case import StepCase
from db.models import Agency, DocumentVersion, Person


def _submit(case: StepCase) -> dict[str, Any]:
    document = case.found.document
    document.rounds += 1
    document.facts = case.facts.as_json()
    document.submitted_at = case.now
    document.named_supervisor_id = case.request.supervisor_id
    document.opened_by_reviewer_at = None
    case.session.add(
        DocumentVersion(
            document_id=document.id,
            round=document.rounds,
            spec_version=document.spec_version,
            answers=document.answers,
            facts=document.facts,
            fingerprint=case.fingerprint,
            submitted_by=case.actor.person_id,
            submitted_at=case.now,
        )
    )
    return {"supervisor": case.session.get_one(Person, document.named_supervisor_id).name}


def _recall(case: StepCase) -> dict[str, Any]:
    case.found.document.opened_by_reviewer_at = None
    return {}


def _approve(case: StepCase) -> dict[str, Any]:
    if case.found.status is not Status.APPROVED:
        return {}  # a supervisor's approval gives the youth to nobody, whatever was asked for
    assignment = case.found.assignment
    agency = case.session.get_one(Agency, case.request.agency_id)
    assignment.agency_id, assignment.agency_assigned_at = agency.id, case.now
    assignment.alerts_acknowledged_at = assignment.alerts_acknowledged_by = assignment.advocate_id = None
    return {"agency": agency.name}


def _acknowledge(case: StepCase) -> dict[str, Any]:
    assignment = case.found.assignment
    assignment.alerts_acknowledged_at, assignment.alerts_acknowledged_by = case.now, case.actor.person_id
    return {}


def _assign(case: StepCase) -> dict[str, Any]:
    assignment = case.found.assignment
    former = case.session.get(Person, assignment.advocate_id) if assignment.advocate_id else None
    advocate = case.session.get_one(Person, case.request.advocate_id)
    assignment.advocate_id = advocate.id
    return {"advocate": advocate.name} | ({"former_advocate": former.name} if former else {})


EFFECTS: dict[Action, Callable[[StepCase], dict[str, Any]]] = {
    Action.SUBMIT: _submit,
    Action.RECALL: _recall,
    Action.APPROVE: _approve,
    Action.ACKNOWLEDGE: _acknowledge,
    Action.ASSIGN: _assign,
}
