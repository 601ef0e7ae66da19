"""The closing check-list: what is still open before a service ends (mission §4.3): the plan, money, time, contacts planned."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.activity import Outcome
from cts.domain.fields import us_date
from cts.domain.vocabulary import Document, Status
from cts.domain.workflow import ENDS
from cts.services.actor import Actor
from cts.services.fetching import Fetched
from cts.services.history import document_words
from cts.services.record_access import fetch_record
from cts.services.service_term import MONEY_UNDER_WAY
from cts.services.stays import holder_of
from db.models import Activity, ReviewedDocument
from db.session import reading


def still_open(actor: Actor, number: int) -> tuple[str, ...]:
    """What is still open in the service of assignment `number`, a sentence each; empty when all is done. Raises NotPermitted.

    Who reads the record may read it: statuses and days, nothing of what a draft says.
    """
    with reading() as session:
        found = fetch_record(session, actor, number)
        return (*_documents(session, found), *_planned_contacts(session, found))


def _documents(session: Session, found: Fetched) -> list[str]:
    """Phases, requests: everything with a way still to go. The Referral, the Client Summary and the report itself are not asked about."""
    served = (Document.PLAN, Document.FUNDS, Document.EXTENSION)
    documents = session.scalars(
        select(ReviewedDocument).where(
            ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind.in_(served)
        )
    ).all()
    order = {kind: place for place, kind in enumerate(served)}
    return [
        _sentence(found, document)
        for document in sorted(documents, key=lambda d: (order[Document(d.kind)], d.sequence))
        if (Document(document.kind), Status(document.status)) not in ENDS
    ]


def _sentence(found: Fetched, document: ReviewedDocument) -> str:
    kind, status = Document(document.kind), Status(document.status)
    words = document_words(kind, document.sequence)
    if kind is Document.FUNDS and status is Status.APPROVED:
        return f"{words} is Approved: receipts are still to be handed in. It stays open after the service ends."
    if kind is Document.FUNDS and status in MONEY_UNDER_WAY:
        return f"{words}: the receipts are still to be reimbursed. It stays open after the service ends."
    holder = holder_of(found.assignment, kind, status, document.named_supervisor_id)
    waits = f", waiting on the {holder.party}" if holder and document.rounds else ""
    waits = waits.replace("the CSEC", "CSEC")
    return f"{words} is {status}{waits}. It is withdrawn, and its reminders stop, when the service ends."


def _planned_contacts(session: Session, found: Fetched) -> list[str]:
    planned = (
        Activity.assignment_id == found.assignment.id,
        Activity.outcome == Outcome.SCHEDULED,
        Activity.voided_at.is_(None),
    )
    days = session.scalars(select(Activity.happened_on).where(*planned).order_by(Activity.happened_on, Activity.id))
    return [f"A contact is scheduled for {us_date(day)}." for day in days]
