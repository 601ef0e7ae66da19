"""A closed youth is referred again (mission §4.3): a new term with a number of its own. Each agency keeps to its own term."""

from typing import Any

from sqlalchemy import inspect, select

from cts.domain.vocabulary import Action, Document, Party, Status
from cts.forms.referral import REFERRAL
from cts.services.stays import begin_stay
from cts.services.step_case import StepCase
from cts.services.terms import next_number
from db.models import Assignment, GridRow, HistoryEntry, ReviewedDocument

OF_THE_TERM = frozenset(
    {
        "id",
        "number",
        "term",
        "status",
        "version",
        "agency_id",
        "advocate_id",
        "agency_assigned_at",
        "alerts_acknowledged_at",
        "alerts_acknowledged_by",
        "service_start_on",
        "service_end_on",
        "phase_due_on",
        "contact_due_on",
        "closed_at",
    }
)
"""Columns that begin anew; all others are facts of CWS/CMS, which the new term shares.

The fingerprint of the facts (`facts_hash`) is among them: the next extract that states the same finds nothing to change. From now on
extracts speak of the newest term only (`extract_plan`); the earlier ones stay as they ended.
"""


def refer_again(case: StepCase) -> dict[str, Any]:
    """Open the next term of this episode, New, on the same caseload. The number is CTS's next."""
    session, before = case.session, case.found.assignment
    number = next_number(session)
    shared = {c.key: getattr(before, c.key) for c in inspect(Assignment).column_attrs if c.key not in OF_THE_TERM}
    after = Assignment(**shared, number=number, term=before.term + 1, status=Status.NEW, version=1)
    session.add(after)
    session.flush()
    for row in session.scalars(select(GridRow).where(GridRow.assignment_id == before.id)):
        session.add(GridRow(assignment_id=after.id, csec_type=row.csec_type, start_on=row.start_on, end_on=row.end_on))
    document = ReviewedDocument(
        assignment_id=after.id,
        kind=Document.REFERRAL,
        status=Status.NEW,
        spec_version=REFERRAL.version,
        answers={"new_or_returning": "returning"},
    )
    session.add(document)
    session.flush()
    session.add(
        HistoryEntry(
            assignment_id=after.id,
            document_id=document.id,
            at=case.now,
            actor_id=case.actor.person_id,
            party=Party.CASE_WORKER,
            action=Action.REOPEN,
            status_after=Status.NEW,
            details={"old_number": before.number},
        )
    )
    begin_stay(session, document, after, case.now)
    return {"new_number": number}
