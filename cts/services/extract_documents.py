"""What an extract does to the documents of an assignment: holds them, hands them on, lets a screen notice that facts have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from cts.domain.vocabulary import Action, Document, Status
from cts.domain.workflow import ENDS, STEPS, may_be_written
from db.models import Assignment, ReviewedDocument

Documents = Sequence[ReviewedDocument]


def hold_documents(session: Session, assignment_ids: Sequence[int]) -> None:
    """Hold all documents of these assignments until the load is done, in the order in which a step holds them (`fetching.fetch`).

    A step that somebody takes at this moment comes before or after, whole. As weak as the step's own lock: an entry of the access log,
    which refers to a document, does not wait for the load.
    """
    held = select(ReviewedDocument.id).where(ReviewedDocument.assignment_id.in_(assignment_ids))
    session.execute(held.order_by(ReviewedDocument.id).with_for_update(key_share=True))


def held_documents(session: Session, assignment_ids: Sequence[int]) -> Mapping[int, list[ReviewedDocument]]:
    """All documents of these assignments, held, by assignment; the assignments are in the session, too.

    They are read after they are held: also what was begun while the load waited in the queue is there.
    """
    hold_documents(session, assignment_ids)
    wanted = select(ReviewedDocument).where(ReviewedDocument.assignment_id.in_(assignment_ids))
    found: dict[int, list[ReviewedDocument]] = {assignment_id: [] for assignment_id in assignment_ids}
    for document in session.scalars(wanted.order_by(ReviewedDocument.id)):
        found[document.assignment_id].append(document)
    session.scalars(select(Assignment).where(Assignment.id.in_(assignment_ids))).all()
    return found


def referral_of(documents: Documents) -> ReviewedDocument:
    """The Referral among the documents of one assignment; there is always one."""
    return next(document for document in documents if document.kind == Document.REFERRAL)


def hand_on(documents: Documents, *, to_another_office: bool) -> None:
    """Open work goes along with its assignment: a screen of before the move is stale, and no supervisor of the old office is named."""
    for document in documents:
        kind, status = Document(document.kind), Status(document.status)
        if (kind, status) in ENDS and not may_be_written(kind, status):
            continue
        if to_another_office:
            document.named_supervisor_id = None
        document.version += 1


def note_new_facts(documents: Documents, seen: Mapping[int, int]) -> None:
    """Nobody submits or signs facts he or she has not seen: a screen on which a document is being written is stale.

    `seen`: versions before this load by document; what was raised already is not raised again.
    """
    for document in documents:
        written = may_be_written(Document(document.kind), Status(document.status))
        if written and document.version == seen[document.id]:
            document.version += 1


def note_new_facts_of_youth(session: Session, assignment_ids: Sequence[int]) -> None:
    """The same for all assignments of a youth, whose documents are held first."""
    hold_documents(session, assignment_ids)
    session.execute(
        update(ReviewedDocument)
        .where(ReviewedDocument.assignment_id.in_(assignment_ids), _BEING_WRITTEN)
        .values(version=ReviewedDocument.version + 1)
        .execution_options(synchronize_session=False)
    )


_BEING_WRITTEN = or_(
    *(
        and_(ReviewedDocument.kind == step.document, ReviewedDocument.status == step.status)
        for step in STEPS
        if step.action is Action.SAVE
    )
)
