"""What a step changes besides the status. Each returns the details its history sentence and e-mails need."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import update

from cts.domain.vocabulary import Action, Document, Status
from cts.services.former_agency import tell_former_agency
from cts.services.refer_again import refer_again
from cts.services.service_term import begin_service, move_service_end, open_first_phase, open_next_phase
from cts.services.step_case import StepCase
from db.models import Agency, DocumentVersion, Person, ReviewedDocument


def _submit(case: StepCase) -> dict[str, Any]:
    document = case.found.document
    document.rounds += 1
    document.facts = case.facts.as_json()
    document.submitted_at = case.now
    document.named_supervisor_id = case.request.supervisor_id
    document.opened_by_reviewer_at = None
    version = DocumentVersion(
        document_id=document.id,
        round=document.rounds,
        spec_version=document.spec_version,
        facts=document.facts,
        fingerprint=case.fingerprint,
        submitted_by=case.actor.person_id,
        submitted_at=case.now,
    )
    version.copy_answers(document)
    case.session.add(version)
    if document.named_supervisor_id is None:
        return {}
    return {"supervisor": case.session.get_one(Person, document.named_supervisor_id).name}


def _recall(case: StepCase) -> dict[str, Any]:
    case.found.document.opened_by_reviewer_at = None
    return {}


def _approve(case: StepCase) -> dict[str, Any]:
    if case.found.status is not Status.APPROVED:
        return {}  # an approval on the way gives nobody anything, whatever was asked for
    case.found.document.approved_at = case.now
    return APPROVED[case.found.kind](case) if case.found.kind in APPROVED else {}


def _give_to_agency(case: StepCase) -> dict[str, Any]:
    agency = _to_agency(case)
    begin_service(case)
    return {"agency": agency.name}


def _to_agency(case: StepCase) -> Agency:
    """The agency begins: its coordinator acknowledges the alerts and names the Advocate."""
    assignment = case.found.assignment
    agency = case.session.get_one(Agency, case.request.agency_id)
    assignment.agency_id, assignment.agency_assigned_at = agency.id, case.now
    assignment.alerts_acknowledged_at = assignment.alerts_acknowledged_by = assignment.advocate_id = None
    return agency


def _reassign(case: StepCase) -> dict[str, Any]:
    """Another agency goes on with the same service: its months, its plan and what is under way go along (decision 0049)."""
    assignment = case.found.assignment
    former = case.session.get_one(Agency, assignment.agency_id)
    paid = (ReviewedDocument.assignment_id == assignment.id, ReviewedDocument.kind == Document.FUNDS)
    settled = (ReviewedDocument.status == Status.REIMBURSED, ReviewedDocument.paid_agency_id.is_(None))
    case.session.execute(update(ReviewedDocument).where(*paid, *settled).values(paid_agency_id=former.id))
    if not case.request.one_of_many:
        tell_former_agency(case.session, case.actor, former.id, 1, case.now)
    return {"agency": _to_agency(case).name, "former_agency": former.name}


APPROVED: dict[Document, Callable[[StepCase], dict[str, Any]]] = {
    Document.REFERRAL: _give_to_agency,
    Document.PLAN: open_next_phase,
    Document.EXTENSION: move_service_end,
}
"""What the last approval of a document brings about."""


def _acknowledge(case: StepCase) -> dict[str, Any]:
    assignment = case.found.assignment
    assignment.alerts_acknowledged_at, assignment.alerts_acknowledged_by = case.now, case.actor.person_id
    return {}


def _assign(case: StepCase) -> dict[str, Any]:
    assignment = case.found.assignment
    former = case.session.get(Person, assignment.advocate_id) if assignment.advocate_id else None
    advocate = case.session.get_one(Person, case.request.advocate_id)
    assignment.advocate_id = advocate.id
    open_first_phase(case)
    return {"advocate": advocate.name} | ({"former_advocate": former.name} if former else {})


EFFECTS: dict[Action, Callable[[StepCase], dict[str, Any]]] = {
    Action.SUBMIT: _submit,
    Action.RECALL: _recall,
    Action.APPROVE: _approve,
    Action.ACKNOWLEDGE: _acknowledge,
    Action.ASSIGN: _assign,
    Action.REASSIGN: _reassign,
    Action.REOPEN: refer_again,
}
