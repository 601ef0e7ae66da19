"""The service of a youth by an agency: it begins with the approved Referral, its plan opens phase by phase, a Termination Report ends it."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from cts.domain.calendar import add_months
from cts.domain.vocabulary import LAST_PHASE, Action, Document, Party, Status
from cts.domain.workflow import BEGINNINGS, ENDS
from cts.forms.advocacy_plan import first_phase, next_phase
from cts.forms.all_forms import SPECS
from cts.forms.client_summary import FROM_THE_REFERRAL
from cts.services.fetching import current_facts, today_of
from cts.services.step_case import StepCase
from cts.settings import settings
from db.models import HistoryEntry, ReviewedDocument

MONEY_UNDER_WAY = frozenset({Status.APPROVED, Status.RECEIPTS_SUBMITTED})
"""An approved Restoration Fund Request outlives the service: what was bought is still reimbursed."""


def begin_service(case: StepCase) -> None:
    """The Referral is approved: the twelve months (a setting) begin on this day of the office."""
    start = today_of(case.now)
    case.found.assignment.service_start_on = start
    case.found.assignment.service_end_on = add_months(start, settings().service_months)


def open_first_phase(case: StepCase) -> None:
    """The first Advocate of the term is named: phase 1 of the plan and the Client Summary can be written."""
    documents = select(ReviewedDocument.id).where(ReviewedDocument.assignment_id == case.found.assignment.id)
    if case.session.scalar(documents.where(ReviewedDocument.kind == Document.PLAN).limit(1)) is not None:
        return
    referral = case.found.document.answers
    summary = {key: referral[key] for key in FROM_THE_REFERRAL if referral.get(key)}
    _open(case, Document.PLAN, 1, first_phase(today_of(case.now)))
    _open(case, Document.SUMMARY, 1, summary)


def open_next_phase(case: StepCase) -> dict[str, Any]:
    """A phase is approved: the next one opens, and starts from the goals still open (mission §4.2)."""
    phase = case.found.document
    if phase.sequence < LAST_PHASE:
        _open(case, Document.PLAN, phase.sequence + 1, next_phase(phase.answers, today_of(case.now)))
    return {}


def move_service_end(case: StepCase) -> dict[str, Any]:
    """An Extension Request is approved: the service ends on the day it asks for."""
    asked = str(case.found.document.answers["to_on"])
    case.found.assignment.service_end_on = date.fromisoformat(asked)
    return {"service_end_on": asked}


def end_service(case: StepCase) -> None:
    """A Termination Report is approved: the assignment is closed; what nobody has decided yet ends with it. Called before stays are renewed."""
    assignment = case.found.assignment
    assignment.status, assignment.closed_at = Status.TERMINATED, case.now
    assignment.version += 1
    documents = select(ReviewedDocument).where(
        ReviewedDocument.assignment_id == assignment.id, ReviewedDocument.id != case.found.document.id
    )
    for document in case.session.scalars(documents.order_by(ReviewedDocument.id)):
        kind, before = Document(document.kind), Status(document.status)
        if document.facts is None:
            # The former agency keeps what was known on this day; what extracts bring afterwards is not its business.
            found = replace(case.found, document=document)
            document.facts = current_facts(case.session, found, today_of(case.now)).as_json()
        if kind in {Document.REFERRAL, Document.SUMMARY}:
            document.status = Status.TERMINATED
        elif (kind, before) in ENDS or (kind is Document.FUNDS and before in MONEY_UNDER_WAY):
            continue
        else:
            document.status = Status.WITHDRAWN
            case.session.add(_ended_with_it(case, document, before))
        document.version += 1


def _ended_with_it(case: StepCase, document: ReviewedDocument, before: Status) -> HistoryEntry:
    return HistoryEntry(
        assignment_id=case.found.assignment.id,
        document_id=document.id,
        round=document.rounds,
        at=case.now,
        actor_id=case.actor.person_id,
        party=Party.SUPERVISOR,
        action=Action.CLOSE,
        status_before=before,
        status_after=Status.WITHDRAWN,
        details={"with_service": True},
    )


def _open(case: StepCase, kind: Document, sequence: int, answers: dict[str, Any]) -> None:
    case.session.add(
        ReviewedDocument(
            assignment_id=case.found.assignment.id,
            kind=kind,
            sequence=sequence,
            status=BEGINNINGS[kind],
            spec_version=SPECS[kind].version,
            answers=answers,
        )
    )
    case.session.flush()
