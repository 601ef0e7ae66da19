"""E-mails owed, the access log and the log of extract loads."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import JsonValue, Moment, Row


class EmailOwed(Row):
    """An e-mail owed by a step, written in the step's own transaction and sent by the job. Holds no fact about a youth.

    `details` hold only what the template needs: an agency's or person of staff's name, days waiting.
    """

    __tablename__ = "email_owed"
    __table_args__ = (
        UniqueConstraint("history_id", "template", "to_person_id"),
        Index("ix_email_owed_due", "sent_at", "failed_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    history_id: Mapped[int | None] = mapped_column(ForeignKey("history_entry.id"))
    template: Mapped[str] = mapped_column(String(60))
    to_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
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
    """One look, search, print, refusal or sign-in: who, what, when, why. Append-only."""

    __tablename__ = "access_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(20))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    parties: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    session_hash: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)


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
