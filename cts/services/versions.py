"""Which version of a document each person reads, why it came back, and what changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from cts.domain.answer_words import Difference, differences
from cts.domain.names import spoken_name
from cts.domain.vocabulary import PENDING_STATUSES, Action, Status, reasons_for
from cts.domain.workflow import is_reviewed
from cts.domain.workflow_table import DECISIONS
from cts.services.facts import Facts
from cts.services.fetching import Fetched
from cts.services.history import clock
from db.models import DocumentVersion, HistoryEntry, Person


@dataclass(frozen=True)
class Rejection:
    """Why a document came back: by whom, when, the coded reason and the text."""

    by: str
    when: str
    reason: str
    text: str


READ_AS_IT_STANDS = PENDING_STATUSES | {Status.APPROVED, Status.REIMBURSED, Status.TERMINATED}


def content_for(session: Session, found: Fetched, facts: Facts) -> tuple[Mapping[str, Any], Facts]:
    """Answers and facts as this person may read them.

    A draft belongs to its author: nobody else sees it, also after the assignment was closed. Everybody else sees what was last
    submitted and not recalled unread, or only the facts. What nobody reviews is read by all as it stands.
    """
    if _is_read_as_it_stands(found):
        return found.document.answers, facts
    last = _last_sent(session, found)
    return (last.answers, Facts.from_json(last.facts)) if last else ({}, facts)


def listed_answers(session: Session, found: Fetched) -> Mapping[str, Any]:
    """Those answers that lists show, as content_for gives them: without what is sealed, so that a list opens nothing."""
    if _is_read_as_it_stands(found):
        return found.document.kept_answers
    last = _last_sent(session, found)
    return last.kept_answers if last else {}


def _is_read_as_it_stands(found: Fetched) -> bool:
    stands = not found.being_written and found.status in READ_AS_IT_STANDS
    return found.is_writer or stands or not is_reviewed(found.kind)


def _last_sent(session: Session, found: Fetched) -> DocumentVersion | None:
    return session.get(DocumentVersion, (found.document.id, round_sent(session, found)))


def round_sent(session: Session, found: Fetched) -> int:
    """The newest submission that reached a reviewer; 0 for none."""
    sent_or_recalled = (
        HistoryEntry.document_id == found.document.id,
        HistoryEntry.action.in_([Action.SUBMIT, Action.RECALL]),
    )
    last = session.scalar(
        select(HistoryEntry.action).where(*sent_or_recalled).order_by(HistoryEntry.id.desc()).limit(1)
    )
    if last == Action.SUBMIT:
        return found.document.rounds
    return _round_rejected(session, found) or _round_approved(session, found)


def _round_approved(session: Session, found: Fetched) -> int:
    """The submission that was approved, 0 for none: receipts that were recalled unread leave the request as it was approved."""
    approved = session.get(HistoryEntry, _approved_in(session, found))
    return approved.round if approved else 0


def _round_rejected(session: Session, found: Fetched) -> int:
    """The newest submission that was rejected since the last approval; 0 for none."""
    return session.scalar(_REJECTED, {"document_id": found.document.id}) or 0


def _approved_in(session: Session, found: Fetched) -> int:
    """The history entry of the last approval that ended a review, 0 for none: what was rejected before it is settled."""
    return session.scalar(_APPROVED, {"document_id": found.document.id}) or 0


_MINE = HistoryEntry.document_id == bindparam("document_id")
_APPROVED = select(func.max(HistoryEntry.id)).where(
    _MINE, HistoryEntry.action == Action.APPROVE, HistoryEntry.status_after == Status.APPROVED
)
_REJECTED = select(func.max(HistoryEntry.round)).where(
    _MINE, HistoryEntry.action == Action.REJECT, HistoryEntry.id > func.coalesce(_APPROVED.scalar_subquery(), 0)
)


def rejection_of(session: Session, found: Fetched) -> Rejection | None:
    """The reason to show beside the form while it is being changed; None when it was never rejected."""
    if found.document.rounds == 0 or not found.being_written:
        return None
    decided = (HistoryEntry.document_id == found.document.id, HistoryEntry.action.in_(DECISIONS))
    last = session.scalar(select(HistoryEntry).where(*decided).order_by(HistoryEntry.id.desc()).limit(1))
    if last is None or last.action != Action.REJECT:
        return None
    person = session.get(Person, last.actor_id) if last.actor_id else None
    by = spoken_name(person.name) if person else ""
    reason = reasons_for(found.kind, Action.REJECT).get(last.reason_code, last.reason_code)
    return Rejection(f"{by} ({last.party})", clock(last.at), reason, last.reason_text)


def changes_since_rejection(session: Session, found: Fetched) -> list[Difference]:
    """What a reviewer sees on the next review: field by field, facts too, against the version rejected (mission §4)."""
    if found.status not in PENDING_STATUSES or found.document.rounds < 2:
        return []
    rejected = session.get(DocumentVersion, (found.document.id, _round_rejected(session, found)))
    if rejected is None or rejected.round == found.document.rounds:
        return []
    before = {**Facts.from_json(rejected.facts).values, **rejected.answers}
    after = {**Facts.from_json(found.document.facts or rejected.facts).values, **found.document.answers}
    return differences(found.spec, before, after)
