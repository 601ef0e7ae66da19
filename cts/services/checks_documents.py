"""Checks of documents: signature, history, status and stays tell the same story."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from cts.domain.vocabulary import CLOSED_STATUSES, Document, Need, Status
from cts.domain.workflow import BEGINNINGS, ENDS, STEPS, waiting_in
from cts.services.checking import About, Check, found_by
from cts.services.service_term import MONEY_UNDER_WAY
from db.models import Assignment, DocumentVersion, HistoryEntry, ReviewedDocument, Signature, Stay

WHICH = "Assignment {number}, {kind} {sequence}"
_REFERRAL = ReviewedDocument.kind == Document.REFERRAL
_NAMED = (Assignment.number, ReviewedDocument.kind, ReviewedDocument.sequence)

_SIGNED_STEPS = sorted({(s.document, s.action, s.status) for s in STEPS if Need.SIGNATURE in s.needs})
_BEGINNING = or_(
    *(and_(ReviewedDocument.kind == kind, ReviewedDocument.status == status) for kind, status in BEGINNINGS.items())
)


def _documents() -> Select[int, str, int]:
    """Documents, named, of assignments that were not purged; by assignment."""
    query = select(*_NAMED).select_from(ReviewedDocument).join(Assignment)
    return query.where(Assignment.purged_at.is_(None)).order_by(Assignment.number, ReviewedDocument.id)


def _unsigned(session: Session, _now: datetime) -> Sequence[str]:
    """Steps that need a signature (workflow table) and have none of that person, on that round, of the content that was sent."""
    signed = (
        exists()
        .where(
            Signature.document_id == HistoryEntry.document_id,
            Signature.round == HistoryEntry.round,
            Signature.person_id == HistoryEntry.actor_id,
            Signature.fingerprint == DocumentVersion.fingerprint,
            DocumentVersion.document_id == Signature.document_id,
            DocumentVersion.round == Signature.round,
        )
        .correlate(HistoryEntry)
    )
    step = tuple_(ReviewedDocument.kind, HistoryEntry.action, HistoryEntry.status_before)
    query = (
        _documents()
        .add_columns(HistoryEntry.action, HistoryEntry.round)
        .join(HistoryEntry, HistoryEntry.document_id == ReviewedDocument.id)
        .where(ReviewedDocument.rounds > 0, step.in_(_SIGNED_STEPS), ~signed)
    )
    return found_by(session, query, WHICH + ": {action} in round {round}")


def _without_history(session: Session, _now: datetime) -> Sequence[str]:
    """A status that no history entry led to. What ends with the service has the history of the Termination Report that ended it."""
    led_here = exists().where(
        HistoryEntry.document_id == ReviewedDocument.id, HistoryEntry.status_after == ReviewedDocument.status
    )
    report = aliased(ReviewedDocument)
    by_report = and_(
        ReviewedDocument.status == Status.TERMINATED,
        exists().where(
            report.assignment_id == ReviewedDocument.assignment_id,
            report.kind == Document.TERMINATION,
            report.status == Status.APPROVED,
        ),
    )
    return found_by(session, _documents().where(~_BEGINNING, ~led_here, ~by_report), WHICH)


def _disagreeing(session: Session, _now: datetime) -> Sequence[str]:
    """Document, its open stay, the newest entry of its history and (of a Referral) the assignment name different statuses."""
    newest, entry = aliased(HistoryEntry), aliased(HistoryEntry)
    last_id = (
        select(func.max(newest.id))
        .where(newest.document_id == ReviewedDocument.id, newest.status_after != "")
        .scalar_subquery()
    )
    ended_with_service = and_(
        ReviewedDocument.status == Status.TERMINATED, ReviewedDocument.kind.in_([Document.REFERRAL, Document.SUMMARY])
    )
    query = (
        _documents()
        .add_columns(
            ReviewedDocument.status,
            func.coalesce(Stay.status, "none").label("stay"),
            func.coalesce(entry.status_after, "none").label("history"),
        )
        .outerjoin(Stay, and_(Stay.document_id == ReviewedDocument.id, Stay.left_at.is_(None)))
        .outerjoin(entry, entry.id == last_id)
        .where(
            or_(
                Stay.status != ReviewedDocument.status,
                and_(entry.status_after != ReviewedDocument.status, ~ended_with_service),
                and_(_REFERRAL, Assignment.status != ReviewedDocument.status),
            )
        )
    )
    return found_by(session, query, WHICH + ": is {status}, its open stay {stay}, its history {history}")


def _held_by_nobody(session: Session, _now: datetime) -> Sequence[str]:
    """Somebody has to act, and no stay is open; or nothing is awaited, and one is."""
    waiting = _any_of((kind, status) for kind in Document for status in Status if waiting_in(kind, status))
    held = exists().where(Stay.document_id == ReviewedDocument.id, Stay.left_at.is_(None))
    query = _documents().add_columns(ReviewedDocument.status)
    return found_by(session, query.where(or_(and_(waiting, ~held), and_(~waiting, held))), WHICH + ": {status}")


def _overlapping(session: Session, _now: datetime) -> Sequence[str]:
    """Two stays of one document at the same time, or one that ended before it began."""
    one, later = aliased(Stay), aliased(Stay)
    own = one.document_id == ReviewedDocument.id
    both = exists().where(
        own,
        later.document_id == one.document_id,
        later.id > one.id,
        or_(one.left_at.is_(None), one.left_at > later.entered_at),
    )
    return found_by(session, _documents().where(or_(both, exists().where(own, one.left_at < one.entered_at))), WHICH)


def _open_after_the_end(session: Session, _now: datetime) -> Sequence[str]:
    """Of a closed assignment everything has ended but approved money (decision 0024)."""
    over = _any_of(ENDS)
    money = and_(ReviewedDocument.kind == Document.FUNDS, ReviewedDocument.status.in_(sorted(MONEY_UNDER_WAY)))
    query = _documents().add_columns(ReviewedDocument.status)
    query = query.where(Assignment.status.in_(sorted(CLOSED_STATUSES)), ~_REFERRAL, ~over, ~money)
    return found_by(session, query, WHICH + ": {status}")


def _any_of(places: Iterable[tuple[Document, Status]]) -> ColumnElement[bool]:
    """Whether a document is one of these (kind, status)."""
    return tuple_(ReviewedDocument.kind, ReviewedDocument.status).in_(sorted(places))


CHECKS = (
    Check(
        "unsigned",
        About.RECORDS,
        "Every step that needs a signature has one",
        "A document was sent or decided without the signature its step needs, or the signature is of other content.",
        "Ask the person who took the step whether it was theirs. If so, CSEC Administration rejects the document with that "
        "reason and it is signed and sent again; if not, tell the security officer.",
        _unsigned,
    ),
    Check(
        "without_history",
        About.RECORDS,
        "Every status has its history",
        "A document is in a status and no entry of its history says how it came there: something wrote past CTS.",
        "Look at the newest backup for what was there. Technical support restores the status that the history tells, with "
        "two people looking.",
        _without_history,
    ),
    Check(
        "disagreeing",
        About.RECORDS,
        "Document, stay, history and listing agree",
        "Two places name different statuses: the listing may show what the document is not, and the wrong person is waited for.",
        "The history is right. Technical support brings document, stay and assignment to its last status; a database "
        "restored in part is restored again as a whole.",
        _disagreeing,
    ),
    Check(
        "held_by_nobody",
        About.RECORDS,
        "Whatever waits, waits for somebody",
        "A document waits and nobody holds it, so that it is on no list and nobody is reminded; or it is over and somebody is waited for.",
        "Load the newest extract again, which hands open work to its holder; if it stays, Technical support adds or ends the stay.",
        _held_by_nobody,
    ),
    Check(
        "overlapping",
        About.RECORDS,
        "Nobody holds a document twice at a time",
        "Two stays of one document are open, or overlap: two people are waited for, and time in status is counted twice.",
        "Technical support ends the older stay at the moment the later one began.",
        _overlapping,
    ),
    Check(
        "open_after_the_end",
        About.RECORDS,
        "A closed assignment has no open drafts",
        "The assignment is closed, and a plan, report or request of it is still open to be written or decided.",
        "The Advocate or CSEC Administration withdraws it on the record; if the buttons are not there, Technical support does.",
        _open_after_the_end,
    ),
)
