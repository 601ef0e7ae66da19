"""The twelve-month meter of a client record (mission §4.5), read from the service's dates, its requests and its report."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from cts.domain.service_time import Extension, ServiceTime
from cts.domain.vocabulary import Document, Status
from cts.domain.workflow import ENDS
from cts.services.actor import Actor
from cts.services.fetching import today_of
from cts.services.history import document_words
from cts.services.record_access import fetch_record
from db.models import ReviewedDocument
from db.session import reading


def meter_of(actor: Actor, number: int, now: datetime) -> ServiceTime | None:
    """How much of the service is used; None for a record without the dates of a service. Raises NotPermitted.

    A service that has ended was served up to the date of termination its report names.
    """
    with reading() as session:
        assignment = fetch_record(session, actor, number).assignment
        if assignment.service_start_on is None or assignment.service_end_on is None:
            return None
        documents = session.scalars(
            select(ReviewedDocument)
            .where(
                ReviewedDocument.assignment_id == assignment.id,
                ReviewedDocument.kind.in_([Document.EXTENSION, Document.TERMINATION]),
            )
            .order_by(ReviewedDocument.id)
        ).all()
        closed_on = today_of(assignment.closed_at) if assignment.closed_at else None
        return ServiceTime(
            start_on=assignment.service_start_on,
            end_on=assignment.service_end_on,
            today=today_of(now),
            extensions=_extensions(documents),
            in_hand=tuple(
                f"{document_words(Document(d.kind), d.sequence)} ({d.status})"
                for d in documents
                if (d.kind, d.status) not in ENDS
            ),
            served_to=_served_to(documents, closed_on),
        )


def _extensions(documents: Sequence[ReviewedDocument]) -> tuple[Extension, ...]:
    approved = (d.kept_answers for d in documents if d.kind == Document.EXTENSION and d.status == Status.APPROVED)
    return tuple(Extension(date.fromisoformat(a["from_on"]), date.fromisoformat(a["to_on"])) for a in approved)


def _served_to(documents: Sequence[ReviewedDocument], closed_on: date | None) -> date | None:
    if closed_on is None:
        return None
    report = next((d for d in documents if d.kind == Document.TERMINATION and d.status == Status.APPROVED), None)
    stated = report.kept_answers.get("terminated_on") if report else None
    return date.fromisoformat(stated) if stated else closed_on
