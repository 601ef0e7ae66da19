"""What happens while a youth is served: activities, updates, files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import JsonValue, Moment, Row


class Activity(Row):
    """One dated entry of Advocate Activity. Marked as taken back, with a reason, never deleted; a correction names what it replaces."""

    __tablename__ = "activity"
    __table_args__ = (Index("ix_activity_assignment_day", "assignment_id", "happened_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    advocate_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    happened_on: Mapped[date]
    type: Mapped[str] = mapped_column(String(30))
    method: Mapped[str] = mapped_column(String(30))
    location: Mapped[str] = mapped_column(String(30))
    outcome: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int | None]
    with_whom: Mapped[list[Any]] = mapped_column(JsonValue, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(Moment)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    voided_at: Mapped[datetime | None] = mapped_column(Moment)
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    void_reason: Mapped[str] = mapped_column(Text, default="")
    entry_key: Mapped[str] = mapped_column(String(64), unique=True)


class ClientUpdate(Row):
    """One dated line of Run Away Status / Misc Updates. Append-only."""

    __tablename__ = "client_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    happened_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(30))
    answers: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)
    entry_key: Mapped[str] = mapped_column(String(64), unique=True)


class CaseFile(Row):
    """An uploaded file of an assignment, by a token nobody can guess. Removed by marking with a reason; then served to nobody."""

    __tablename__ = "case_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_reason: Mapped[str] = mapped_column(Text, default="")


class CaseFileContent(Row):
    """The bytes of an uploaded file, apart from what lists read."""

    __tablename__ = "case_file_content"

    file_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
