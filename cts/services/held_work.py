"""What somebody who leaves, or gets another role or place, holds: by what he or she is to each assignment (mission §7)."""

from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from cts.domain.vocabulary import CLOSED_STATUSES, PENDING_STATUSES, Party
from db.models import Assignment, ReviewedDocument, Stay


class HeldAs(StrEnum):
    """What a person can be to open work, as the preview says it."""

    WORKER = "as case worker"
    SUPERVISOR = "as supervisor"
    NAMED = "Referrals sent to him or her by name"
    ADVOCATE = "as Advocate"
    OTHER = "as worker of the other department"
    CONTACT = "offices as escalation contact"


def held_by(session: Session, person_id: int) -> dict[HeldAs, list[int]]:
    """The ids of the assignments this person holds, by what he or she is to them; each in order."""
    return {kind: list(session.scalars(_ids(condition))) for kind, condition in _conditions(person_id).items()}


def _conditions(person_id: int) -> dict[HeldAs, ColumnElement[bool]]:
    lasts = Assignment.status.not_in(CLOSED_STATUSES)
    # An approved Restoration Fund Request outlives the service.
    mine = (Stay.assignment_id == Assignment.id, Stay.left_at.is_(None), Stay.person_id == person_id)
    holds = exists(select(Stay.id).where(*mine, Stay.party == Party.ADVOCATE))
    named = exists(
        select(ReviewedDocument.id).where(
            ReviewedDocument.assignment_id == Assignment.id,
            ReviewedDocument.named_supervisor_id == person_id,
            ReviewedDocument.status.in_(PENDING_STATUSES),
        )
    )
    others = or_(Assignment.supervisor_id.is_(None), Assignment.supervisor_id != person_id)
    waits = exists(select(Stay.id).where(*mine, Stay.party == Party.SUPERVISOR))
    return {
        HeldAs.WORKER: and_(Assignment.worker_id == person_id, lasts),
        HeldAs.SUPERVISOR: and_(Assignment.supervisor_id == person_id, lasts),
        HeldAs.NAMED: and_(waits, named, others),
        HeldAs.ADVOCATE: and_(Assignment.advocate_id == person_id, or_(lasts, holds)),
        HeldAs.OTHER: and_(Assignment.other_worker_id == person_id, lasts),
    }


def _ids(condition: ColumnElement[bool]) -> Select[int]:
    return select(Assignment.id).where(condition).order_by(Assignment.id)
