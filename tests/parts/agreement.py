"""Whether everything CTS knows about a document agrees: status, history, stays, versions, signatures, e-mails. Written without the table."""

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Assignment, DocumentVersion, EmailOwed, HistoryEntry, ReviewedDocument, Signature, Stay
from db.session import reading

HOLDERS = {
    "New": {"case worker"},
    "Rejected": {"case worker"},
    "Pending Supervisor Approval": {"supervisor"},
    "Pending CSEC Admin Approval": {"CSEC Administration"},
    "Approved": {"agency coordinator", "advocate"},
}
CLOSED = {"Terminated", "Flag ended", "Withdrawn"}
SENT = {"Pending Supervisor Approval", "Pending CSEC Admin Approval", "Approved"}

MOVES = {
    ("submit", "New", "Pending Supervisor Approval"): {"referral_to_review"},
    ("submit", "Rejected", "Pending Supervisor Approval"): {"referral_to_review"},
    ("recall", "Pending Supervisor Approval", "New"): set(),
    ("approve", "Pending Supervisor Approval", "Pending CSEC Admin Approval"): {
        "referral_to_decide",
        "referral_passed_on",
    },
    ("reject", "Pending Supervisor Approval", "Rejected"): {"referral_rejected"},
    ("approve", "Pending CSEC Admin Approval", "Approved"): {"referral_approved", "assignment_to_agency"},
    ("reject", "Pending CSEC Admin Approval", "Rejected"): {
        "referral_rejected",
        "referral_rejected_by_administration",
    },
    ("acknowledge", "Approved", "Approved"): set(),
    ("assign", "Approved", "Approved"): {"advocate_assigned", "advocate_named", "former_advocate"},
    ("close", "New", "Withdrawn"): {"assignment_closed"},
    ("close", "Rejected", "Withdrawn"): {"assignment_closed"},
}
"""What can happen to a Referral, and the e-mails each owes (mission §4)."""
ONLY_FOR_A_CHANGE = {"former_advocate"}


def disagreements() -> list[str]:
    """Every contradiction in the database of this process, as sentences; empty when all agrees."""
    with reading() as session:
        pairs = session.execute(
            select(Assignment, ReviewedDocument)
            .join(ReviewedDocument, ReviewedDocument.assignment_id == Assignment.id)
            .order_by(Assignment.number)
        ).all()
        found = [f"{a.number}: {fault}" for a, d in pairs for fault in _faults_of(session, a, d)]
        return found + list(_lost_emails(session))


def _faults_of(session: Session, assignment: Assignment, document: ReviewedDocument) -> Iterator[str]:
    entries = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.document_id == document.id, HistoryEntry.actor_id.is_not(None))
        .order_by(HistoryEntry.id)
    ).all()
    if assignment.status != document.status:
        yield f"the assignment is {assignment.status}, the Referral {document.status}"
    if (assignment.closed_at is not None) != (document.status in CLOSED):
        yield f"{document.status}, closed at {assignment.closed_at}"
    yield from _faults_of_history(document, list(entries))
    yield from _faults_of_stays(session, document)
    yield from _faults_of_versions(session, document, list(entries))
    for entry in entries:
        yield from _faults_of_emails(session, entry)


def _faults_of_history(document: ReviewedDocument, entries: list[HistoryEntry]) -> Iterator[str]:
    status = "New"
    for entry in entries:
        if entry.status_before != status:
            yield f"{entry.action} began in {entry.status_before}, but the Referral was {status}"
        move = (entry.action, entry.status_before, entry.status_after)
        if entry.action in {"save", "sign"}:
            if entry.status_before != entry.status_after:
                yield f"{entry.action} moved the Referral"
        elif move not in MOVES:
            yield f"impossible: {move}"
        elif not entry.step_key:
            yield f"{entry.action} has no key"
        status = entry.status_after
    if status != document.status:
        yield f"the history ends in {status}, the Referral is {document.status}"
    submits = sum(e.action == "submit" for e in entries)
    if document.rounds != submits:
        yield f"{submits} times submitted, but in round {document.rounds}"
    if document.version < 1 + sum(e.action not in {"save", "sign"} for e in entries):
        yield f"version {document.version} is lower than the steps taken"


def _faults_of_stays(session: Session, document: ReviewedDocument) -> Iterator[str]:
    stays = session.scalars(select(Stay).where(Stay.document_id == document.id).order_by(Stay.id)).all()
    still = [s for s in stays if s.left_at is None]
    if len(still) != (document.status not in CLOSED):
        yield f"{len(still)} open stays in {document.status}"
    for before, after in pairwise(stays):
        if before.left_at != after.entered_at:
            yield f"a gap between the stays in {before.status} and {after.status}"
    for stay in stays:
        if stay.party not in HOLDERS.get(stay.status, set()):
            yield f"held by {stay.party} in {stay.status}"
    if still and still[0].status != document.status:
        yield f"the open stay is in {still[0].status}, the Referral {document.status}"


def _faults_of_versions(session: Session, document: ReviewedDocument, entries: list[HistoryEntry]) -> Iterator[str]:
    versions = {
        v.round: v for v in session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == document.id))
    }
    if sorted(versions) != list(range(1, document.rounds + 1)):
        yield f"versions {sorted(versions)} in round {document.rounds}"
        return
    if document.status in SENT:
        sent = versions[document.rounds]
        if (sent.answers, sent.facts) != (document.answers, document.facts):
            yield "the Referral differs from the version submitted"
    signed = {
        (s.person_id, s.round, s.fingerprint, s.party)
        for s in session.scalars(select(Signature).where(Signature.document_id == document.id))
    }
    for entry in entries:
        by_supervisor = entry.action in {"approve", "reject"} and entry.party == "supervisor"
        if entry.action == "submit" or by_supervisor:
            number = entry.round
            if (entry.actor_id, number, versions[number].fingerprint, entry.party) not in signed:
                yield f"{entry.action} in round {number} without a signature of what was sent"


def _faults_of_emails(session: Session, entry: HistoryEntry) -> Iterator[str]:
    owed = session.scalars(select(EmailOwed).where(EmailOwed.history_id == entry.id)).all()
    wanted = MOVES.get((entry.action, entry.status_before, entry.status_after), set())
    templates = {e.template for e in owed}
    if not templates <= wanted:
        yield f"{entry.action} owes {sorted(templates - wanted)}"
    always = wanted - ONLY_FOR_A_CHANGE
    if not always <= templates:
        yield f"{entry.action} does not owe {sorted(always - templates)}"
    people = [e.to_person_id for e in owed]
    if len(people) != len(set(people)):
        yield f"{entry.action} owes somebody two e-mails"
    if entry.actor_id in people:
        yield f"{entry.action} owes an e-mail to the person who acted"


def _lost_emails(session: Session) -> Iterator[str]:
    for owed in session.scalars(select(EmailOwed).where(EmailOwed.history_id.is_(None))):
        yield f"e-mail {owed.id} ({owed.template}) belongs to no step"
