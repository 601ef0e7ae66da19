"""The history of an assignment on screen: who, what, when, why, as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from cts.domain.calendar import office_time
from cts.domain.extract_changes import ExtractAction
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Action, Document, Party, reasons_for
from cts.services.fetching import Fetched
from cts.settings import settings
from db.models import Assignment, HistoryEntry, Person, ReviewedDocument

SENTENCES = {
    "start": "{who} began the {document}.",
    "save": "{who} began to write the {document}.",
    "save again": "{who} changed the {document}.",
    "sign": "{who} signed the {document}.",
    "submit": "{who} submitted the {document}.",
    "submit to": "{who} submitted the {document} to {supervisor}.",
    "recall": "{who} recalled the {document}.",
    "approve": "{who} approved the {document}.",
    "approve with agency": "{who} approved the {document} and assigned it to {agency}.",
    "reject": "{who} rejected the {document}.",
    "reimburse": "{who} marked the {document} as reimbursed.",
    "acknowledge": "{who} acknowledged the safety alerts.",
    "assign": "{who} assigned {advocate} as the Advocate.",
    "change advocate": "{who} changed the Advocate from {former_advocate} to {advocate}.",
    "reassign": "{who} assigned the youth to {agency}, in place of {former_agency}.",
    "close": "{who} closed the assignment.",
    "withdraw": "{who} withdrew the {document}.",
    "ended with the service": "The {document} ended with the service.",
    "reopen": "{who} referred the youth again: assignment {new_number}.",
    "referred again": "{who} referred the youth again, after assignment {old_number}.",
    "claim": "{who} claimed the {document}.",
    "take over": "{who} took the {document} over from {former_claimer}.",
    "return": "{who} returned the {document} to the supervisors of the office.",
    "other_department": "{who} named {other_worker} as the worker of the other department.",
    "other department changed": "{who} named {other_worker}, in place of {former_other_worker}, as the worker of the other department.",
    "rehome to worker": "{who} ended the account of {former}: {worker} stands in as the case worker until a colleague is chosen.",
    "rehome to_office": "{who} ended the account of {former}: what waits for the supervisor waits for every supervisor of the office.",
    "rehome to_agency": "{who} ended the account of {former}: the agency's coordinator names another Advocate.",
    "rehome to advocate": "{who} ended the account of {former}: {advocate} is the Advocate now.",
    "rehome nobody_reads": "{who} ended the account of {former}: nobody of the other department reads along.",
    "moved to worker": "{who} gave {former} another role or place: {worker} stands in as the case worker until a colleague is chosen.",
    "moved to_office": "{who} gave {former} another role or place: what waits for the supervisor waits for every supervisor of the office.",
    "moved to_agency": "{who} gave {former} another role or place: the agency's coordinator names another Advocate.",
    "moved to advocate": "{who} gave {former} another role or place: {advocate} is the Advocate now.",
    "moved nobody_reads": "{who} gave {former} another role or place: nobody of the other department reads along.",
    "choose_worker": "{who} chose {worker} as the case worker, in place of {former}.",
    "other department left": "{who} took {former_other_worker} off as the worker of the other department.",
}

PEOPLE = frozenset(
    {
        "supervisor",
        "advocate",
        "former_advocate",
        "other_worker",
        "former_other_worker",
        "former_claimer",
        "former",
        "worker",
    }
)
"""Details that hold a person's listed name, turned into a spoken one."""


@dataclass(frozen=True)
class HistoryLine:
    """One sentence of the history. `at` is UTC; `when` is the office's clock; `why` is '' when no reason was asked."""

    at: datetime
    when: str
    sentence: str
    why: str
    status_after: str
    action: str = ""


def clock(moment: datetime) -> str:
    """A moment as the office reads it: 11/02/2026 10:42 AM."""
    return office_time(moment, settings().time_zone).strftime("%m/%d/%Y %I:%M %p")


def clock_as_of(moment: datetime, now: datetime) -> str:
    """The same without its day where that is today: 10:42 AM."""
    zone = settings().time_zone
    same_day = office_time(moment, zone).date() == office_time(now, zone).date()
    return office_time(moment, zone).strftime("%I:%M %p").lstrip("0") if same_day else clock(moment)


_ACTOR, _OWN = aliased(Person), aliased(Person)
_OF_ASSIGNMENT = (
    select(HistoryEntry, _ACTOR.name, _OWN.name, ReviewedDocument.kind, ReviewedDocument.sequence)
    .outerjoin(_ACTOR, _ACTOR.id == HistoryEntry.actor_id)
    .outerjoin(_OWN, _OWN.id == HistoryEntry.acting_for_id)
    .outerjoin(ReviewedDocument, ReviewedDocument.id == HistoryEntry.document_id)
    .where(HistoryEntry.assignment_id == bindparam("assignment_id"))
    .order_by(HistoryEntry.id)
)
_OF_DOCUMENT = _OF_ASSIGNMENT.where(HistoryEntry.document_id == bindparam("document_id"))


def history_lines(session: Session, assignment_id: int, document_id: int | None = None) -> list[HistoryLine]:
    """Everything that happened to an assignment, or to one document of it, oldest first."""
    which = _OF_ASSIGNMENT if document_id is None else _OF_DOCUMENT
    rows = session.execute(which, {"assignment_id": assignment_id, "document_id": document_id})
    begun: set[tuple[int | None, int | None]] = set()
    lines = []
    for entry, actor_name, own_name, kind, sequence in rows:
        which_by_whom = (entry.document_id, entry.actor_id)
        if entry.action == Action.START:
            begun.add(which_by_whom)
        # Who began a document has begun to write it: said once.
        if not (entry.action == Action.SAVE and not entry.round and which_by_whom in begun):
            lines.append(_line(entry, actor_name, own_name, kind, sequence))
    return lines


def seen_by_agency(lines: Sequence[HistoryLine], assignment: Assignment) -> list[HistoryLine]:
    """What the agency may know: what happened since it was given the youth, not what CWS/CMS told after the service had ended.

    Nor that the youth was referred again, perhaps to another agency: each keeps to its own term. What CWS/CMS tells may say where the
    youth is: it is read once the safety alerts are acknowledged, as all whereabouts are.
    """
    since, closed = assignment.agency_assigned_at, assignment.closed_at
    if since is None:
        return []
    acknowledged = assignment.alerts_acknowledged_at is not None

    def seen(line: HistoryLine) -> bool:
        ended = closed is not None and line.at > closed
        by_extract = line.action in set(ExtractAction)
        return line.at >= since and not (by_extract and (ended or not acknowledged)) and line.action != Action.REOPEN

    return [line for line in lines if seen(line)]


def latest_sentence(session: Session, found: Fetched) -> str:
    """The last thing that happened, with its time: what a person with a stale screen reads."""
    lines = history_lines(session, found.assignment.id, found.document.id)
    return f"{lines[-1].sentence.rstrip('.')} at {lines[-1].when}." if lines else ""


def document_words(kind: Document, sequence: int) -> str:
    """Which document, where an assignment has several of a kind: "Advocacy Plan (Phase 2)"."""
    if kind is Document.PLAN:
        return f"{kind} (Phase {sequence})"
    return f"{kind} {sequence}" if kind in {Document.FUNDS, Document.EXTENSION} or sequence > 1 else str(kind)


def _line(
    entry: HistoryEntry, actor_name: str | None, own_name: str | None, kind: str | None, sequence: int | None
) -> HistoryLine:
    document = Document(kind) if kind else None
    words = document_words(document, sequence or 1) if document else "assignment"
    sentence = sentence_of(entry, actor_name, own_name, words)
    why = _why(entry, document or Document.REFERRAL)
    return HistoryLine(entry.at, clock(entry.at), sentence, why, entry.status_after, entry.action)


def sentence_of(
    entry: HistoryEntry, actor_name: str | None, own_name: str | None, document: str = str(Document.REFERRAL)
) -> str:
    """One history entry as a sentence. Names of staff and agencies stand as written, never as markup."""
    if entry.actor_id is None and entry.party == Party.EXTRACT:
        return str(entry.details.get("sentence", f"CWS/CMS: {entry.action}."))
    who = f"{spoken_name(actor_name or 'CTS')} ({entry.party})"
    if own_name:
        who = f"{spoken_name(actor_name or '')} ({entry.party}, acting for {spoken_name(own_name)})"
    words: dict[str, Any] = {k: spoken_name(v) if k in PEOPLE else v for k, v in entry.details.items()}
    template = SENTENCES[_variant(entry, document)]
    return template.format(**{"who": who, "document": document} | words)


def _variant(entry: HistoryEntry, document: str) -> str:
    if entry.action == "rehome":
        to_whom = {f"to {name}" for name in ("worker", "advocate") if name in entry.details}
        kinds = to_whom or {"to_office", "to_agency", "nobody_reads"} & set(entry.details)
        return f"{'moved' if 'stays_here' in entry.details else 'rehome'} {kinds.pop()}"
    if entry.action == "other_department" and "former_other_worker" in entry.details:
        return "other department changed" if "other_worker" in entry.details else "other department left"
    if entry.action == "save" and entry.round:
        return "save again"
    if entry.action == "submit" and "supervisor" in entry.details:
        return "submit to"
    if entry.action == "close" and document != Document.REFERRAL:
        return "ended with the service" if "with_service" in entry.details else "withdraw"
    if entry.action == "reopen" and "old_number" in entry.details:
        return "referred again"
    if entry.action == "approve" and "agency" in entry.details:
        return "approve with agency"
    if entry.action == "assign" and "former_advocate" in entry.details:
        return "change advocate"
    return entry.action


def _why(entry: HistoryEntry, document: Document) -> str:
    if not entry.reason_code:
        return ""
    label = reasons_for(document, Action(entry.action)).get(entry.reason_code, entry.reason_code)
    return f"{label}: {entry.reason_text}"
