"""Whether everything CTS knows agrees: status, history, stays, versions, signatures, e-mails, of every document and between them.

Written without the workflow table: what can happen stands in tests/parts/moves.py by hand.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Assignment, DocumentVersion, EmailOwed, HistoryEntry, ReviewedDocument, Signature, Stay
from db.session import reading
from tests.parts.counts import differing_counts
from tests.parts.moves import CLOSED, FIRST_SAVE, NOT_SUBMITTED, ONLY_FOR_A_CHANGE, WAYS, Way

__all__ = ["CLOSED", "disagreements"]

REFERRAL, PLAN, REPORT = "Referral", "Advocacy Plan", "Termination Report"
MONEY, EXTENSION, SUMMARY = "Restoration Fund Request", "Extension Request", "Client Summary"


def disagreements() -> list[str]:
    """Every contradiction in the database of this process, as sentences; empty when all agrees."""
    with reading() as session:
        found = []
        for assignment in session.scalars(select(Assignment).order_by(Assignment.number)):
            mine = select(ReviewedDocument).where(ReviewedDocument.assignment_id == assignment.id)
            documents = list(session.scalars(mine.order_by(ReviewedDocument.id)))
            for document in documents:
                called = f"{assignment.number}, {document.kind} {document.sequence}"
                found += [f"{called}: {fault}" for fault in _faults_of(session, assignment, document)]
            found += [f"{assignment.number}: {fault}" for fault in _faults_between(session, assignment, documents)]
        return found + list(_lost_emails(session)) + differing_counts(session)


def _faults_of(session: Session, assignment: Assignment, document: ReviewedDocument) -> Iterator[str]:
    way = WAYS[document.kind]
    acted = (HistoryEntry.document_id == document.id, HistoryEntry.actor_id.is_not(None))
    entries = list(session.scalars(select(HistoryEntry).where(*acted).order_by(HistoryEntry.id)))
    yield from _faults_of_history(way, assignment, document, entries)
    yield from _faults_of_stays(session, way, document)
    yield from _faults_of_versions(session, way, document, entries)
    owed: dict[int, list[EmailOwed]] = {}
    of_entries = EmailOwed.history_id.in_([entry.id for entry in entries])
    for email in session.scalars(select(EmailOwed).where(of_entries)):
        owed.setdefault(email.history_id or 0, []).append(email)
    for entry in entries:
        yield from _faults_of_emails(owed.get(entry.id, []), way, entry)
    decided = Counter((e.round, e.status_before) for e in entries if e.action in {"approve", "reject", "reimburse"})
    yield from (f"decided {n} times in round {r}, {status}" for (r, status), n in decided.items() if n > 1)


def _faults_of_history(
    way: Way, assignment: Assignment, document: ReviewedDocument, entries: list[HistoryEntry]
) -> Iterator[str]:
    status = way.begins
    for entry in entries:
        if entry.action == "reopen":
            status = entry.status_before  # a later term begins so; of the former, the report tells why it was closed
        if entry.status_before != status:
            yield f"{entry.action} began in {entry.status_before}, but the document was {status}"
        status = entry.status_after
        yield from _faults_of_step(way, assignment, document, entry)
    by_report = assignment.status == document.status == "Terminated" and document.kind in {REFERRAL, SUMMARY}
    if status != document.status and not by_report:
        yield f"the history ends in {status}, the document is {document.status}"
    submits = sum(e.action == "submit" for e in entries)
    if document.rounds != submits:
        yield f"{submits} times submitted, but in round {document.rounds}"
    if document.version < 1 + sum(e.action not in {*NOT_SUBMITTED, "start"} and bool(e.step_key) for e in entries):
        yield f"version {document.version} is lower than the steps taken"


def _faults_of_step(way: Way, assignment: Assignment, document: ReviewedDocument, entry: HistoryEntry) -> Iterator[str]:
    move = (entry.action, entry.status_before, entry.status_after)
    if entry.action in NOT_SUBMITTED:
        if entry.status_before != entry.status_after and (document.kind, *move) not in FIRST_SAVE:
            yield f"{entry.action} moved the document"
    elif entry.details.get("with_service"):
        if entry.status_after != "Withdrawn" or assignment.status != "Terminated":
            yield f"ended with the service as {entry.status_after}"
    elif move == ("reopen", "", "New"):
        if assignment.term == 1:
            yield "the first term was referred again"
    elif move not in way.moves:
        yield f"impossible: {move}"
    elif not entry.step_key:
        yield f"{entry.action} has no key"


def _faults_of_stays(session: Session, way: Way, document: ReviewedDocument) -> Iterator[str]:
    stays = session.scalars(select(Stay).where(Stay.document_id == document.id).order_by(Stay.id)).all()
    still = [s for s in stays if s.left_at is None]
    if len(still) != (document.status not in way.nobody):
        yield f"{len(still)} open stays in {document.status}"
    for before, after in pairwise(stays):
        if before.left_at != after.entered_at:
            yield f"a gap between the stays in {before.status} and {after.status}"
    for stay in stays:
        if stay.party not in way.holders.get(stay.status, set()):
            yield f"held by {stay.party} in {stay.status}"
        if stay.party == "advocate" and stay.person_id is None:
            yield f"held by no Advocate in {stay.status}"
    if still and still[0].status != document.status:
        yield f"the open stay is in {still[0].status}, the document {document.status}"


def _faults_of_versions(
    session: Session, way: Way, document: ReviewedDocument, entries: list[HistoryEntry]
) -> Iterator[str]:
    versions = {
        v.round: v for v in session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == document.id))
    }
    if sorted(versions) != list(range(1, document.rounds + 1)):
        yield f"versions {sorted(versions)} in round {document.rounds}"
        return
    if document.status in way.sent:
        sent = versions[document.rounds]
        if (sent.answers, sent.facts) != (document.answers, document.facts):
            yield "the document differs from the version submitted"
    if not way.signed:
        return
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


def _faults_of_emails(owed: list[EmailOwed], way: Way, entry: HistoryEntry) -> Iterator[str]:
    wanted = way.moves.get((entry.action, entry.status_before, entry.status_after), set())
    wanted = set() if entry.details.get("with_service") else wanted
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


def _faults_between(session: Session, assignment: Assignment, documents: list[ReviewedDocument]) -> Iterator[str]:
    """What the documents of one assignment say about each other."""
    of = {kind: [d for d in documents if d.kind == kind] for kind in WAYS}
    for kind, same in of.items():
        if sorted(d.sequence for d in same) != list(range(1, len(same) + 1)):
            yield f"{kind} {[d.sequence for d in same]}"
    if len(of[REFERRAL]) != 1 or of[REFERRAL][0].status != assignment.status:
        yield f"the assignment is {assignment.status}, the Referral {[d.status for d in of[REFERRAL]]}"
    if (assignment.closed_at is not None) != (assignment.status in CLOSED):
        yield f"{assignment.status}, closed at {assignment.closed_at}"
    assigned = (HistoryEntry.assignment_id == assignment.id, HistoryEntry.action == "assign")
    ever = session.scalar(select(HistoryEntry.id).where(*assigned).limit(1)) is not None
    if ever != bool(of[PLAN]) or ever != bool(of[SUMMARY]):
        yield f"Advocate assigned: {ever}, but {len(of[PLAN])} phases and {len(of[SUMMARY])} summaries"
    phases = sorted(of[PLAN], key=lambda d: d.sequence)
    if any(d.status != "Approved" for d in phases[:-1]):
        yield f"a phase opened too early: {[d.status for d in phases]}"
    if phases and phases[-1].status == "Approved" and len(phases) < 3 and assignment.status == "Approved":
        yield f"phase {len(phases)} is approved, and the next has not opened"
    yield from _faults_of_service(assignment, of)


def _faults_of_service(assignment: Assignment, of: dict[str, list[ReviewedDocument]]) -> Iterator[str]:
    """The service: begun with the agency, moved by approved extensions only, ended by an approved report only."""
    ended = sum(d.status == "Approved" for d in of[REPORT])
    if ended != (assignment.status == "Terminated"):
        yield f"{assignment.status} with {ended} approved reports"
    still = {MONEY: {"Approved", "Receipts Submitted", "Reimbursed"}, PLAN: {"Approved"}, EXTENSION: {"Approved"}}
    for kind, documents in of.items():
        left = still.get(kind, {"Approved"} if kind == REPORT else set()) | CLOSED
        over = [d.status for d in documents if assignment.status == "Terminated" and d.status not in left]
        if over:
            yield f"Terminated, but a {kind} is {over}"
    for kind in (REPORT, EXTENSION):
        under_way = [d.status for d in of[kind] if d.status not in {"Approved", *CLOSED}]
        if len(under_way) > 1:
            yield f"several of {kind} under way: {under_way}"
    start, end = assignment.service_start_on, assignment.service_end_on
    if (start is not None) != (assignment.agency_id is not None):
        yield f"service began {start}, agency {assignment.agency_id}"
    longer = [date.fromisoformat(d.answers["to_on"]) for d in of[EXTENSION] if d.status == "Approved"]
    if start and end != max([start.replace(year=start.year + 1), *longer]):
        yield f"service from {start} to {end}, extended to {longer}"


def _lost_emails(session: Session) -> Iterator[str]:
    of_no_step = EmailOwed.template.not_in(["cover_changed", "agency_left"])
    for owed in session.scalars(select(EmailOwed).where(EmailOwed.history_id.is_(None), of_no_step)):
        yield f"e-mail {owed.id} ({owed.template}) belongs to no step"
