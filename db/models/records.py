"""E-mails owed, the access log and the log of extract loads."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cts.domain.vocabulary import EMERGENCY_FINDINGS, EMERGENCY_REASONS
from db.models.rows import JsonValue, Moment, Row, one_of
from db.models.sealed import opened_text, place_of, sealed_text


class EmailOwed(Row):
    """An e-mail owed by a step, written in the step's own transaction and sent by the job. Holds no fact about a youth.

    `details` hold only what the template needs: an agency's or person of staff's name, days waiting. To an address of the settings it is
    owed without a person.
    """

    __tablename__ = "email_owed"
    __table_args__ = (
        UniqueConstraint("history_id", "template", "to_person_id"),
        Index("ix_email_owed_due", "sent_at", "failed_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    history_id: Mapped[int | None] = mapped_column(ForeignKey("history_entry.id"))
    template: Mapped[str] = mapped_column(String(60))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    to_address: Mapped[str] = mapped_column(String(254))
    assignment_number: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str] = mapped_column(String(60), default="")
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str] = mapped_column(String(300), default="")


class AccessEntry(Row):
    """One look, search, print, refusal or sign-in: who, as what, when, why. Append-only; each entry holds the hash of the one before.

    Written by db/access_chain.py alone, which numbers the entries without gaps. It names people, assignments and documents by their ids and
    is bound to none of them: it stands when they are gone, and holds nobody up who works on them.
    """

    __tablename__ = "access_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(30), server_default="")
    action: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(20))
    assignment_id: Mapped[int | None] = mapped_column(index=True)
    document_id: Mapped[int | None]
    parties: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    session_hash: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64), server_default="")
    hash: Mapped[str] = mapped_column(String(64), server_default="")


class AccessHead(Row):
    """The newest entry of the access log, in one row that only moves forward: whoever appends holds it until the commit."""

    __tablename__ = "access_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int]
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditAnchor(Row):
    """The head of the access log as it was sent out of the house on a day (UTC moment, office's day): made by one server. Append-only."""

    __tablename__ = "audit_anchor"

    day: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))
    last_id: Mapped[int]
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class EmergencyAccess(Row):
    """A record opened without a tie to the youth (mission §8): by whom, why, until when, and what its review found.

    `role` is the person's at that moment. Reviewed once, by another person. What both wrote is about the youth, and sealed.
    """

    __tablename__ = "emergency_access"
    __table_args__ = (
        one_of("reason_code", EMERGENCY_REASONS),
        one_of("finding", ("", *EMERGENCY_FINDINGS)),
        Index("ix_emergency_access_person_ends", "person_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(30))
    reason_code: Mapped[str] = mapped_column(String(20))
    sealed_reason: Mapped[str] = mapped_column("reason_text", Text, default="")
    opened_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    finding: Mapped[str] = mapped_column(String(20), default="")
    sealed_note: Mapped[str] = mapped_column("review_note", Text, default="")

    @property
    def reason_text(self) -> str:
        """Why it was opened, in the words of the person. Raises Unreadable."""
        return opened_text(self.sealed_reason or "", self.place("reason_text"))

    @reason_text.setter
    def reason_text(self, reason: str) -> None:
        """Give this row its reason; it has to be written already, for its number is what the reason is bound to."""
        self.sealed_reason = sealed_text(reason, self.place("reason_text"))

    @property
    def review_note(self) -> str:
        """What the review found. Raises Unreadable."""
        return opened_text(self.sealed_note or "", self.place("review_note"))

    def place(self, column: str) -> str:
        """What the text of this column is bound to."""
        return place_of(f"emergency_access.{column}", self.id)


class ExtractLoad(Row):
    """One extract loaded: which file, by whom, what it changed."""

    __tablename__ = "extract_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(30))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    extract_on: Mapped[date] = mapped_column(index=True)
    loaded_at: Mapped[datetime] = mapped_column(Moment)
    loaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    forced: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)


class ExtractRefusal(Row):
    """A line of an extract that was not loaded, as it was typed, with its reason."""

    __tablename__ = "extract_refusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(ForeignKey("extract_load.id"), index=True)
    line_number: Mapped[int]
    column: Mapped[str] = mapped_column(String(60))
    problem: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    line: Mapped[dict[str, Any]] = mapped_column(JsonValue)
