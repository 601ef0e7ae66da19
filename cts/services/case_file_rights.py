"""What a person may do with the files of a record: add, see, remove."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.case_files import KINDS, RECEIPT
from cts.domain.rows import full_rows
from cts.domain.vocabulary import AGENCY_ROLES, Document, Party, Status
from cts.services.actor import Actor
from cts.services.fetching import Fetched
from cts.services.history import document_words
from db.models import CaseFile, DocumentVersion, Person, ReviewedDocument

ADDERS = frozenset({Party.ADVOCATE, Party.CASE_WORKER})


def addable(session: Session, found: Fetched) -> tuple[tuple[str, ...], str]:
    """The kinds of file this person may add now; where there are none, the sentence that says who may."""
    if not found.parties & ADDERS:
        return (), "The Advocate and the case worker of this youth add files; all others can read."
    if found.assignment.status == Status.APPROVED:
        return tuple(KINDS), ""
    if Party.ADVOCATE in found.parties and _money_is_open(session, found):
        return (RECEIPT,), ""
    return (), f"The service has ended ({found.assignment.status}); files can be read, not added."


def may_take_away(actor: Actor, found: Fetched, row: CaseFile, kinds: Collection[str]) -> bool:
    """Whether a file is this person's to remove, whatever else may keep it: CSEC Administration's, or who uploaded it and still writes here.

    `kinds` are those this person may add now.
    """
    own = row.uploaded_by == actor.person_id and bool(kinds)
    return own or Party.ADMINISTRATION in found.parties


def kept_receipts(session: Session, found: Fetched) -> dict[str, str]:
    """Why files cannot be removed, by token: the fund requests they are receipts of."""
    mine = (ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind == Document.FUNDS)
    submitted: dict[int, set[str]] = defaultdict(set)
    versions = select(DocumentVersion.document_id, DocumentVersion.kept_answers).join(ReviewedDocument).where(*mine)
    for document_id, answers in session.execute(versions):
        submitted[document_id] |= receipts_in(answers)
    kept: dict[str, str] = {}
    for request in session.scalars(select(ReviewedDocument).where(*mine).order_by(ReviewedDocument.sequence)):
        words = document_words(Document.FUNDS, request.sequence)
        if request.status != Status.WITHDRAWN:
            sentence = f"This is a receipt of {words}. Take it out of the request first."
            kept |= dict.fromkeys(receipts_in(request.kept_answers), sentence)
        kept |= dict.fromkeys(submitted[request.id], f"This is a receipt of {words}, which was submitted: it stays.")
    return kept


def receipts_in(answers: Mapping[str, Any]) -> set[str]:
    """The tokens of the receipts among the answers of a Restoration Fund Request."""
    return {str(row["file"]) for row in full_rows(answers.get("receipts")) if row.get("file")}


def is_withheld(session: Session, found: Fetched, row: CaseFile) -> bool:
    """What the county uploaded may tell where the youth is: the agency sees it once the safety alerts are acknowledged (mission §4.1 IV)."""
    return found.alerts_withhold and session.get_one(Person, row.uploaded_by).role not in AGENCY_ROLES


def _money_is_open(session: Session, found: Fetched) -> bool:
    mine = (ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind == Document.FUNDS)
    approved = ReviewedDocument.status == Status.APPROVED
    return session.scalar(select(ReviewedDocument.id).where(*mine, approved).limit(1)) is not None
