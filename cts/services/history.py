"""The history of an assignment on screen: who, what, when, why, as sentences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cts.domain.calendar import office_time
from cts.domain.names import spoken_name
from cts.domain.vocabulary import CLOSING_REASONS, REJECTION_REASONS
from cts.services.fetching import Fetched
from cts.settings import settings
from db.models import HistoryEntry, Person

SENTENCES = {
    "save": "{who} began to write the {document}.",
    "sign": "{who} signed the {document}.",
    "submit": "{who} submitted the {document} to {supervisor}.",
    "recall": "{who} recalled the {document}.",
    "approve": "{who} approved the {document}.",
    "approve with agency": "{who} approved the {document} and assigned it to {agency}.",
    "reject": "{who} rejected the {document}.",
    "acknowledge": "{who} acknowledged the safety alerts.",
    "assign": "{who} assigned {advocate} as the Advocate.",
    "change advocate": "{who} changed the Advocate from {former_advocate} to {advocate}.",
    "close": "{who} closed the assignment.",
}

PEOPLE = frozenset({"supervisor", "advocate", "former_advocate"})
"""Details that hold a person's listed name, turned into a spoken one."""


@dataclass(frozen=True)
class HistoryLine:
    """One sentence of the history. `at` is UTC; `when` is the office's clock; `why` is '' when no reason was asked."""

    at: datetime
    when: str
    sentence: str
    why: str
    status_after: str


def clock(moment: datetime) -> str:
    """A moment as the office reads it: 11/02/2026 10:42 AM."""
    return office_time(moment, settings().time_zone).strftime("%m/%d/%Y %I:%M %p")


def history_lines(session: Session, assignment_id: int) -> list[HistoryLine]:
    """Everything that happened to an assignment, oldest first."""
    actor, own = aliased(Person), aliased(Person)
    rows = session.execute(
        select(HistoryEntry, actor.name, own.name)
        .outerjoin(actor, actor.id == HistoryEntry.actor_id)
        .outerjoin(own, own.id == HistoryEntry.acting_for_id)
        .where(HistoryEntry.assignment_id == assignment_id)
        .order_by(HistoryEntry.id)
    )
    return [_line(entry, actor_name, own_name) for entry, actor_name, own_name in rows]


def latest_sentence(session: Session, found: Fetched) -> str:
    """The last thing that happened, with its time: what a person with a stale screen reads."""
    lines = history_lines(session, found.assignment.id)
    return f"{lines[-1].sentence.rstrip('.')} at {lines[-1].when}." if lines else ""


def _line(entry: HistoryEntry, actor_name: str | None, own_name: str | None) -> HistoryLine:
    return HistoryLine(
        entry.at, clock(entry.at), sentence_of(entry, actor_name, own_name), _why(entry), entry.status_after
    )


def sentence_of(entry: HistoryEntry, actor_name: str | None, own_name: str | None) -> str:
    """One history entry as a sentence. Names of staff and agencies stand as written, never as markup."""
    if entry.actor_id is None:
        return str(entry.details.get("sentence", f"CWS/CMS: {entry.action}."))
    who = f"{spoken_name(actor_name or '')} ({entry.party})"
    if own_name:
        who = f"{spoken_name(actor_name or '')} ({entry.party}, acting for {spoken_name(own_name)})"
    words: dict[str, Any] = {k: spoken_name(v) if k in PEOPLE else v for k, v in entry.details.items()}
    template = SENTENCES[_variant(entry)]
    document = "Referral" if entry.document_id else "assignment"
    return template.format(**{"who": who, "document": document} | words)


def _variant(entry: HistoryEntry) -> str:
    if entry.action == "approve" and "agency" in entry.details:
        return "approve with agency"
    if entry.action == "assign" and "former_advocate" in entry.details:
        return "change advocate"
    return entry.action


def _why(entry: HistoryEntry) -> str:
    if not entry.reason_code:
        return ""
    reasons = CLOSING_REASONS if entry.action == "close" else REJECTION_REASONS
    label = reasons.get(entry.reason_code, entry.reason_code)
    return f"{label}: {entry.reason_text}"
