"""What a purge removes from each table, and what it leaves: the one list of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from cts.domain.fields import ROW_ID
from cts.domain.rows import full_rows
from cts.domain.vocabulary import Document
from cts.services.ledger import answers_sent
from cts.services.name_index import forget_names
from db.models import (
    Activity,
    Assignment,
    CaseFile,
    CaseFileContent,
    ClientUpdate,
    DocumentVersion,
    EmergencyAccess,
    ExtractLoad,
    ExtractRefusal,
    GridRow,
    HistoryEntry,
    LegalHold,
    PurgeMark,
    PurgePermit,
    ReviewedDocument,
    Signature,
    Stay,
    Youth,
)

PURGED_NAME = "Purged"
UNKNOWN_DAY = date(1900, 1, 1)
"""Stands where a birth date stood: the column cannot be empty."""

KEPT_DETAILS = frozenset(
    {
        "agency",
        "advocate",
        "former_advocate",
        "supervisor",
        "other_worker",
        *("former", "worker", "to_office", "to_agency", "nobody_reads", "former_agency"),
        "former_other_worker",
        "old_number",
        "new_number",
        "with_service",
        "service_end_on",
        "extract_on",
    }
)
"""Details of the history that name staff, agencies, dates and numbers; whatever else stands there may name the youth."""

EMPTIED: dict[str, Any] = {
    "referral_id": None,
    "referral_name": "",
    "response_type": "",
    "disposition": "",
    "case_id": None,
    "case_name": "",
    "project_name": "",
    "service_component": "",
    "placement_type": "",
    "awol_code": "N",
    "facts_hash": "",
}
"""Columns of the assignment that say who the youth is, where, or what happened to the youth; all others are numbers, dates, statuses, staff."""

EMPTIED_TEXTS: dict[Any, tuple[str, ...]] = {
    ReviewedDocument: ("sealed_answers",),
    HistoryEntry: ("reason_text",),
    EmergencyAccess: ("sealed_reason", "sealed_note"),
    Stay: ("end_reason",),
}
"""What people wrote in rows that remain: '' in every one of them."""

KEPT_OF_ITEMS, KEPT_OF_RECEIPTS = ("projected_cost", "actual_cost"), ("dated_on", "amount")
"""Of Restoration Funds the money remains, so that the sums of the ledger stay what they were."""


def empty_assignment(session: Session, assignment: Assignment, now: datetime) -> dict[str, int]:
    """Remove everything known of the youth from one assignment, in the caller's transaction; returns how many rows of each table.

    The assignment, its documents, stays and history remain as numbers, dates, statuses and staff. The youth is removed with the last of his
    or her assignments; this one is then a nobody's, so that no search, extract or other assignment leads to it.
    """
    documents = list(
        session.scalars(select(ReviewedDocument).where(ReviewedDocument.assignment_id == assignment.id)).all()
    )
    permits = _permit(session, assignment, documents)
    funds = select(ReviewedDocument.id).where(
        ReviewedDocument.assignment_id == assignment.id, ReviewedDocument.kind == Document.FUNDS
    )
    money = {document_id: _money_of(sent) for document_id, sent in answers_sent(session, funds).items()}
    counts = {table.__tablename__: _delete(session, table, which) for table, which in _removed(assignment.id)}
    counts["document"] = _empty_documents(session, documents, money)
    counts["history_entry"] = _empty_history(session, assignment.id)
    counts["emergency_access"] = _empty_emergencies(session, assignment.id)
    counts["stay"] = _empty_stays(session, assignment.id)
    counts |= _leave_youth(session, assignment)
    for column, value in EMPTIED.items():
        setattr(assignment, column, value)
    assignment.purged_at = now
    assignment.version += 1
    for permit in permits:
        session.delete(permit)
    session.flush()
    return {table: number for table, number in sorted(counts.items()) if number}


def _permit(session: Session, assignment: Assignment, documents: list[ReviewedDocument]) -> list[PurgePermit]:
    """Let the triggers of append-only tables pass for these rows until the transaction ends (db/append_only.py)."""
    permits = [PurgePermit(assignment_id=assignment.id), *(PurgePermit(document_id=d.id) for d in documents)]
    session.add_all(permits)
    session.flush()
    return permits


def is_left_over() -> ColumnElement[bool]:
    """Whether an assignment holds anything that a purge removes or empties: to be asked of what was purged. `told_still` asks the rest."""
    document = ReviewedDocument.assignment_id == Assignment.id
    facts = cast(ReviewedDocument.facts, Text).not_in(["{}", "null"])
    answers = and_(ReviewedDocument.kind != Document.FUNDS, cast(ReviewedDocument.kept_answers, Text) != "{}")
    return or_(
        *(getattr(Assignment, column).is_distinct_from(value) for column, value in EMPTIED.items()),
        *(exists().where(which) for _, which in _removed(Assignment.id)),
        *(
            exists().where(row.assignment_id == Assignment.id, or_(*(getattr(row, column) != "" for column in columns)))
            for row, columns in EMPTIED_TEXTS.items()
        ),
        exists().where(document, or_(facts, answers)),
        exists().where(Youth.id == Assignment.youth_id, Youth.last_name != PURGED_NAME),
    )


def told_still(session: Session) -> list[int]:
    """The numbers of purged assignments of which history or Restoration Funds say more than a purge leaves."""
    purged = select(Assignment.number).where(Assignment.purged_at.is_not(None))
    history = purged.add_columns(HistoryEntry.details).join(HistoryEntry, HistoryEntry.assignment_id == Assignment.id)
    history = history.where(cast(HistoryEntry.details, Text) != "{}")
    funds = purged.add_columns(ReviewedDocument.kept_answers).join(
        ReviewedDocument, ReviewedDocument.assignment_id == Assignment.id
    )
    funds = funds.where(ReviewedDocument.kind == Document.FUNDS)
    found = {number for number, details in session.execute(history) if not KEPT_DETAILS.issuperset(details)}
    return sorted(found | {number for number, answers in session.execute(funds) if _money_of(answers) != answers})


def _removed(own: Any) -> tuple[tuple[Any, ColumnElement[bool]], ...]:
    """Every table of which a purge removes rows, in its order, and which rows: those of assignment `own`, an id or the column of it."""
    documents = select(ReviewedDocument.id).where(ReviewedDocument.assignment_id == own).correlate(Assignment)
    files = select(CaseFile.id).where(CaseFile.assignment_id == own).correlate(Assignment)
    return (
        (DocumentVersion, DocumentVersion.document_id.in_(documents)),
        (Signature, Signature.document_id.in_(documents)),
        (ClientUpdate, ClientUpdate.assignment_id == own),
        (Activity, Activity.assignment_id == own),
        (CaseFileContent, CaseFileContent.file_id.in_(files)),
        (CaseFile, CaseFile.assignment_id == own),
        (GridRow, GridRow.assignment_id == own),
        (LegalHold, LegalHold.assignment_id == own),
        (PurgeMark, PurgeMark.assignment_id == own),
    )


def _delete(session: Session, table: Any, which: ColumnElement[bool]) -> int:
    number = session.scalar(select(func.count()).select_from(table).where(which)) or 0
    session.execute(delete(table).where(which).execution_options(synchronize_session=False))
    return number


def _empty_documents(session: Session, documents: list[ReviewedDocument], money: Mapping[int, dict[str, Any]]) -> int:
    for document in documents:
        document.answers, document.facts = money.get(document.id, {}), {} if document.facts is not None else None
        document.version += 1
    session.flush()
    return len(documents)


def _money_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, columns in (("items", KEPT_OF_ITEMS), ("receipts", KEPT_OF_RECEIPTS)):
        rows = full_rows(answers.get(key))
        if rows:
            kept[key] = [{k: row[k] for k in (ROW_ID, *columns) if k in row} for row in rows]
    return kept | ({"requested_on": answers["requested_on"]} if answers.get("requested_on") else {})


def _empty_history(session: Session, assignment_id: int) -> int:
    """Reasons and what an extract told, in the words of people, are emptied; what happened, when, by whom, stays."""
    rows = session.execute(
        select(HistoryEntry.id, HistoryEntry.reason_text, HistoryEntry.details).where(
            HistoryEntry.assignment_id == assignment_id
        )
    ).all()
    emptied = 0
    for entry_id, reason, details in rows:
        kept = {key: value for key, value in details.items() if key in KEPT_DETAILS}
        if reason or kept != details:
            values = {"reason_text": "", "details": kept}
            session.execute(
                update(HistoryEntry)
                .where(HistoryEntry.id == entry_id)
                .values(**values)
                .execution_options(synchronize_session=False)
            )
            emptied += 1
    return emptied


def _empty_emergencies(session: Session, assignment_id: int) -> int:
    """Who opened the record without a tie, when, and what the review found stays; the sentences of both are emptied."""
    opened = session.scalars(select(EmergencyAccess).where(EmergencyAccess.assignment_id == assignment_id)).all()
    for access in opened:
        for column in EMPTIED_TEXTS[EmergencyAccess]:
            setattr(access, column, "")
    return len(opened)


def _empty_stays(session: Session, assignment_id: int) -> int:
    """Why a stay ended, a termination among them, is emptied; who held what how long stays."""
    told = session.scalars(select(Stay).where(Stay.assignment_id == assignment_id, Stay.end_reason != "")).all()
    for stay in told:
        for column in EMPTIED_TEXTS[Stay]:
            setattr(stay, column, "")
    return len(told)


def _leave_youth(session: Session, assignment: Assignment) -> dict[str, int]:
    """Give the assignment to nobody; with the last assignment of a youth goes the youth, and the refused lines that name it."""
    youth = session.get_one(Youth, assignment.youth_id)
    nobody = Youth(
        client_id=f"P{assignment.number:018d}",
        last_name=PURGED_NAME,
        first_name="",
        birth_date=UNKNOWN_DAY,
    )
    session.add(nobody)
    session.flush()
    assignment.youth_id = nobody.id
    session.flush()
    others: Select[int] = select(Assignment.id).where(Assignment.youth_id == youth.id).limit(1)
    if session.scalar(others) is not None:
        return {}
    counts = {
        **forget_names(session, [youth.id]),
        "extract_refusal": _forget_refusals(session, youth.client_id),
        "youth": 1,
    }
    session.delete(youth)
    session.flush()
    return counts


def _forget_refusals(session: Session, client_id: str) -> int:
    """Refused lines hold the client id as it was typed, with hyphens or not; there are those of a few months only."""
    rows = session.execute(select(ExtractRefusal.id, ExtractRefusal.line).join(ExtractLoad)).all()
    named = [i for i, line in rows if "".join(c for c in str(line.get("client_id") or "") if c.isdigit()) == client_id]
    return _delete(session, ExtractRefusal, ExtractRefusal.id.in_(named))
