"""What happens while a youth is served: activities, updates, files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import JsonValue, Moment, Row
from db.models.sealed import SealedAnswers, opened_text, place_of, sealed_text


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
    sealed_note: Mapped[str] = mapped_column("note", Text, default="")
    written_at: Mapped[datetime] = mapped_column(Moment)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    voided_at: Mapped[datetime | None] = mapped_column(Moment)
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    void_reason: Mapped[str] = mapped_column(Text, default="")
    entry_key: Mapped[str] = mapped_column(String(64), unique=True)

    @property
    def note(self) -> str:
        """What the Advocate noted, which is a privileged communication: kept encrypted. Raises Unreadable."""
        return opened_text(self.sealed_note or "", self.place())

    @note.setter
    def note(self, note: str) -> None:
        """Give this entry its note; its assignment and key have to be there already."""
        self.sealed_note = sealed_text(note, self.place())

    def place(self) -> str:
        """Bound to the assignment and the key of the entry."""
        return place_of("activity.note", self.assignment_id, self.entry_key)


class ClientUpdate(SealedAnswers, Row):
    """One dated line of Run Away Status / Misc Updates. Append-only. What it tells is sealed; day and status are not: lists read them."""

    __tablename__ = "client_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    happened_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(30))
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)
    entry_key: Mapped[str] = mapped_column(String(64), unique=True)

    def place(self) -> str:
        """Bound to the assignment and the key of the entry."""
        return place_of("client_update.answers", self.assignment_id, self.entry_key)


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

    def place(self) -> str:
        """What its content is bound to: the assignment and the token, both there before the row is."""
        return place_of("case_file_content.content", self.assignment_id, self.token)


class CaseFileContent(Row):
    """The bytes of an uploaded file, encrypted, apart from what lists read."""

    __tablename__ = "case_file_content"

    file_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
