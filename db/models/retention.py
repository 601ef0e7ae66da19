"""How long records are kept: legal holds, what is due to be purged, and what is known of what was."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import JsonValue, Moment, Row


class LegalHold(Row):
    """Somebody may need this record, whatever its age: it is neither marked nor purged until the hold is lifted.

    `whole_youth`: so for every assignment of the same youth, later ones too.
    """

    __tablename__ = "legal_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    whole_youth: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[datetime] = mapped_column(Moment)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)
    lift_reason: Mapped[str] = mapped_column(Text, default="")


class PurgeMark(Row):
    """An assignment whose time has come by a rule. Proposed by the nightly job, marked by one person, then purged by another; or taken off."""

    __tablename__ = "purge_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), unique=True)
    rule: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_off_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_off_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_off_reason: Mapped[str] = mapped_column(Text, default="")


class PurgePermit(Row):
    """Lets the triggers of append-only tables pass for one assignment, or one of its documents, while a purge is under way.

    Written and removed in the transaction of the purge itself, so that nobody ever sees a row here.
    """

    __tablename__ = "purge_permit"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)


class PurgeCertificate(Row):
    """What was purged when, by whom marked and by whom confirmed, by which rule, how many rows of each table; with its SHA-256. Append-only."""

    __tablename__ = "purge_certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_number: Mapped[int] = mapped_column(unique=True)
    purged_at: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    fingerprint: Mapped[str] = mapped_column(String(64))
