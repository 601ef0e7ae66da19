"""Reviewed documents: their answers, earlier versions, signatures, stays in a status, history."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, TextClause, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from cts.domain.calendar import office_day
from cts.domain.vocabulary import CLOSED_STATUSES, Document, Status
from cts.forms.all_forms import SEALED
from cts.settings import settings
from db.models.rows import JsonValue, Moment, Row, one_of
from db.models.sealed import SealedAnswers, place_of

TERM_WORDS = tuple(repr(str(kind)) for kind in (Document.EXTENSION, Document.TERMINATION))
ENDED_WORDS = tuple(repr(str(status)) for status in sorted({Status.APPROVED, *CLOSED_STATUSES}))
"""The documents by which a service goes on or ends, and when nothing of them is awaited any more: in the words of an index."""
_UNDER_WAY = text(f"kind IN ({', '.join(TERM_WORDS)}) AND status NOT IN ({', '.join(ENDED_WORDS)})")


class ReviewedDocument(SealedAnswers, Row):
    """A Referral, phase of a plan, report, request or summary. `version` rises with every write and is what a step must have seen.

    `sequence` tells the documents of one kind apart: the phase of an Advocacy Plan, the count of requests.
    `facts` are the CWS/CMS values as they stood when it was last submitted; while it is being written they are read afresh.
    `paid_agency_id` is the agency that was reimbursed, where another one has the youth by now.
    """

    __tablename__ = "document"
    __table_args__ = (
        one_of("kind", Document),
        one_of("status", Status),
        UniqueConstraint("assignment_id", "kind", "sequence"),
        Index(
            "ix_document_term_under_way",
            # The status first: SQLite would look for each of the two kinds.
            *("assignment_id", "status", "kind"),
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[str] = mapped_column(String(30))
    sequence: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    spec_version: Mapped[int] = mapped_column(default=1)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime | None] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    named_supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_by_reviewer_at: Mapped[datetime | None] = mapped_column(Moment)
    rounds: Mapped[int] = mapped_column(default=0)
    paid_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))

    def place(self) -> str:
        """Bound to the assignment, the kind and the sequence, which never change."""
        return place_of("document.answers", self.assignment_id, self.kind, self.sequence or 1)

    def private_keys(self, answers: Mapping[str, Any]) -> Collection[str]:
        """As the field list marks them."""
        return SEALED[Document(self.kind)]


class DocumentVersion(SealedAnswers, Row):
    """The exact content at one submission; `round` counts submissions from 1."""

    __tablename__ = "document_version"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    spec_version: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    fingerprint: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)

    def place(self) -> str:
        """Bound to the document and the submission."""
        return place_of("document_version.answers", self.document_id, self.round)

    def copy_answers(self, document: ReviewedDocument) -> None:
        """Keep the answers of a document as they are now."""
        private = document.private_keys(document.answers)
        for column, value in self.sealing_of(document.answers, private).items():
            setattr(self, column, value)


class Signature(Row):
    """A typed name and a password confirmation, bound to the fingerprint of the content. Valid only while the content has that fingerprint."""

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    round: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    party: Mapped[str] = mapped_column(String(30))
    typed_name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(100))
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(Moment)


def _first_day(context: DefaultExecutionContext) -> date:
    """The office's day on which a stay begins, also in a bulk load."""
    return office_day(context.get_current_parameters()["entered_at"], settings().time_zone)


def _last_day(context: DefaultExecutionContext) -> date | None:
    left = context.get_current_parameters().get("left_at")
    return office_day(left, settings().time_zone) if left else None


def _days(context: DefaultExecutionContext) -> int | None:
    last = _last_day(context)
    return max(0, (last - _first_day(context)).days) if last else None


def _lasts() -> TextClause:
    return text("left_at IS NULL")


class Stay(Row):
    """One stay of a document in a status with one holder: the interval table. `left_at` is empty for the stay that lasts.

    `claimed_by`: the supervisor who has claimed it from the pool of the office, since `claimed_at`, until `claim_ends_at`.
    Its time is counted in days of the office's calendar: from `counted_from` (the first day, moved on by the days on which the youth was
    absent) to `left_on`, or to `halted_on` while the youth is absent. `days` is what was counted when it ended or was halted. `ended_by` is
    the step that ended it ('' when it only changed hands), with its coded `end_reason` and, of Restoration Funds, the money in cents.
    """

    __tablename__ = "stay"
    __table_args__ = (
        one_of("status", Status),
        Index(
            "uq_stay_open",
            "document_id",
            unique=True,
            sqlite_where=_lasts(),
            postgresql_where=_lasts(),
        ),
        Index("ix_stay_person_open", "person_id", "left_at", "entered_at"),
        Index("ix_stay_office_open", "office_code", "party", "left_at", "entered_at"),
        Index("ix_stay_agency_open", "agency_id", "party", "left_at", "entered_at"),
        Index("ix_stay_party_open", "party", "entered_at", "id", sqlite_where=_lasts(), postgresql_where=_lasts()),
        Index("ix_stay_status_left", "status", "left_on", "entered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    status: Mapped[str] = mapped_column(String(40))
    party: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    entered_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    claim_ends_at: Mapped[datetime | None] = mapped_column(Moment)
    counted_from: Mapped[date] = mapped_column(default=_first_day)
    halted_on: Mapped[date | None]
    left_on: Mapped[date | None] = mapped_column(default=_last_day)
    days: Mapped[int | None] = mapped_column(default=_days)
    ended_by: Mapped[str] = mapped_column(String(20), default="")
    end_reason: Mapped[str] = mapped_column(String(40), default="")
    cents: Mapped[int] = mapped_column(BigInteger, default=0)


class HistoryEntry(Row):
    """One thing that happened: who, what, when, why. Append-only. `actor_id` is empty for what an extract did.

    `step_key` names one press of a button: the same key twice is the same step, done once.
    """

    __tablename__ = "history_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    round: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    party: Mapped[str] = mapped_column(String(30))
    action: Mapped[str] = mapped_column(String(30))
    status_before: Mapped[str] = mapped_column(String(40), default="")
    status_after: Mapped[str] = mapped_column(String(40), default="")
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    reason_text: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    step_key: Mapped[str | None] = mapped_column(String(64), unique=True)
