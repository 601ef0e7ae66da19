"""The tables of a client record: the phases of the plan as the guide shows them, requests with their amounts, and what can be begun."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.counting import counted
from cts.domain.fields import us_date
from cts.domain.money import money_words
from cts.domain.rows import full_rows, sums
from cts.domain.vocabulary import CLOSED_STATUSES, LAST_PHASE, Document, Party, Status
from cts.domain.workflow import waiting_in
from cts.forms.advocacy_plan import projected_end
from cts.forms.restoration_funds import RESTORATION_FUNDS
from cts.services.actor import Actor
from cts.services.fetching import Fetched, today_of
from cts.services.history import document_words
from cts.services.record_access import fetch_record
from cts.services.starting import why_not_start
from cts.services.stays import holder_of
from cts.services.versions import listed_answers
from cts.settings import settings
from db.models import ReviewedDocument
from db.session import reading

ITEMS = RESTORATION_FUNDS.field("items")


@dataclass(frozen=True)
class PhaseRow:
    """One row of the guide's table of phases. `kept`: the phase has been opened, so that it can be read; `note` says when it will be.

    Dates as 11/02/2026.
    """

    sequence: int
    title: str
    start_on: str
    projected_end_on: str
    actual_end_on: str
    completed: str
    status: Status
    overdue: str
    kept: bool
    note: str


@dataclass(frozen=True)
class DocumentRow:
    """One report or request of a record. `amount` is money asked for ("$85.00 projected") or spent, or the day an extension goes to."""

    kind: Document
    sequence: int
    words: str
    asked_on: str
    amount: str
    status: Status
    waits_on: str


@dataclass(frozen=True)
class Start:
    """A document this person begins; `obstacle` says why not now, '' when it can be begun."""

    kind: Document
    obstacle: str


def phases(actor: Actor, number: int, now: datetime) -> tuple[PhaseRow, ...]:
    """The three phases of the Advocacy Plan (guide). Of a draft others see only what was submitted. Raises NotPermitted."""
    with reading() as session:
        found = fetch_record(session, actor, number)
        kept = {d.sequence: d for d in _documents(session, found, (Document.PLAN,))}
        return tuple(
            _phase(session, found, sequence, kept.get(sequence), today_of(now)) for sequence in range(1, LAST_PHASE + 1)
        )


def phase_to_show(rows: tuple[PhaseRow, ...]) -> int | None:
    """The phase that stands open below the table: the newest not approved, else the last; None before the first."""
    kept = [row for row in rows if row.kept]
    open_ones = [row.sequence for row in kept if row.status is not Status.APPROVED]
    return max(open_ones) if open_ones else max((row.sequence for row in kept), default=None)


def documents_of(actor: Actor, number: int, kinds: tuple[Document, ...]) -> tuple[DocumentRow, ...]:
    """The reports or requests of these kinds, newest first. Raises NotPermitted."""
    with reading() as session:
        found = fetch_record(session, actor, number)
        rows = [
            _row(session, replace(found, document=document)) for document in reversed(_documents(session, found, kinds))
        ]
        return tuple(rows)


def starts(actor: Actor, number: int, kinds: tuple[Document, ...]) -> tuple[Start, ...]:
    """What the Advocate may begin, or why not now; nothing for others. Raises NotPermitted."""
    with reading() as session:
        found = fetch_record(session, actor, number)
        if Party.ADVOCATE not in found.parties:
            return ()
        return tuple(
            Start(kind, why_not_start(session, found, kind) or _empty_one(session, found, kind)) for kind in kinds
        )


def _documents(session: Session, found: Fetched, kinds: tuple[Document, ...]) -> list[ReviewedDocument]:
    mine = (ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind.in_(kinds))
    return list(session.scalars(select(ReviewedDocument).where(*mine).order_by(ReviewedDocument.id)))


def _empty_one(session: Session, found: Fetched, kind: Document) -> str:
    """A request begun and left empty is written before another is offered: a second press of the button begins nothing."""
    untouched = (ReviewedDocument.status == Status.IN_PROGRESS, ReviewedDocument.saved_at.is_(None))
    mine = (ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind == kind)
    empty = select(ReviewedDocument.sequence).where(*mine, *untouched, ReviewedDocument.rounds == 0)
    sequence = session.scalar(empty.order_by(ReviewedDocument.sequence).limit(1))
    return f"{document_words(kind, sequence)} was begun and is still empty: write it first." if sequence else ""


def _phase(session: Session, record: Fetched, sequence: int, kept: ReviewedDocument | None, today: date) -> PhaseRow:
    title, days = settings().phases[sequence - 1]
    answers: dict[str, Any] = {}
    status = Status.NOT_STARTED
    if kept is not None:
        found = replace(record, document=kept)
        status = found.status
        # What CTS itself wrote when it opened the phase is nobody's draft.
        by_cts = status is Status.NOT_STARTED
        answers = dict(kept.kept_answers if by_cts else listed_answers(session, found))
    end = projected_end(answers, days)
    return PhaseRow(
        sequence=sequence,
        title=f"Phase {sequence} ({title})",
        start_on=_us(answers.get("start_on")),
        projected_end_on=us_date(end),
        actual_end_on=_us(answers.get("actual_end_on")),
        completed="Yes" if answers.get("completed") is True else "No",
        status=status,
        overdue=_overdue(end, status, today),
        kept=kept is not None,
        note="" if kept else _note(record, sequence),
    )


def _note(record: Fetched, sequence: int) -> str:
    if record.assignment.status != Status.APPROVED:
        return "was not opened"
    return "opens when the Advocate is named" if sequence == 1 else "opens when the phase before is approved"


def _overdue(end: date | None, status: Status, today: date) -> str:
    if end is None or end >= today or status is Status.APPROVED or status in CLOSED_STATUSES:
        return ""
    days = (today - end).days
    return f"Overdue by {counted(days, 'day')}"


def _row(session: Session, found: Fetched) -> DocumentRow:
    document, answers = found.document, listed_answers(session, found)
    amount = _money(found, answers) if found.kind is Document.FUNDS else _us(answers.get("to_on"))
    asked = answers.get("requested_on") if found.kind is Document.FUNDS else None
    return DocumentRow(
        kind=found.kind,
        sequence=document.sequence,
        words=document_words(found.kind, document.sequence),
        asked_on=_us(asked) or (us_date(today_of(document.submitted_at)) if document.submitted_at else ""),
        amount=f"to {amount}" if amount and found.kind is Document.EXTENSION else amount,
        status=found.status,
        waits_on=_waits_on(found),
    )


def _money(found: Fetched, answers: Any) -> str:
    """What was asked for; what it cost, once the receipts were submitted. The form's words say which."""
    rows = full_rows(answers.get("items"))
    if ITEMS is None or not rows:
        return ""
    total = sums(ITEMS, rows)
    spent = found.status in {Status.RECEIPTS_SUBMITTED, Status.REIMBURSED}
    return (
        f"{money_words(total['actual_cost'])} actual" if spent else f"{money_words(total['projected_cost'])} projected"
    )


def _waits_on(found: Fetched) -> str:
    holder = holder_of(found.assignment, found.kind, found.status, found.document.named_supervisor_id)
    waiting = waiting_in(found.kind, found.status)
    return f"{holder.party[0].upper()}{holder.party[1:]}: {waiting.asked}" if holder and waiting else ""


def _us(value: Any) -> str:
    return us_date(date.fromisoformat(str(value))) if value else ""
