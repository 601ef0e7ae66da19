"""What a person keeps of lists: filters saved under a name, and for some minutes what is to be exported."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import JsonValue, Moment, Row
from db.models.sealed import opened_text, sealed_text


class SavedList(Row):
    """Filters and order of the Assignment Listing under a name of the person's own, as the address says them: no fact about a youth."""

    __tablename__ = "saved_list"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[dict[str, str]] = mapped_column(JsonValue)
    saved_at: Mapped[datetime] = mapped_column(Moment)


class ExportTicket(Row):
    """What one person may download for some minutes: which list, and what was asked of it. That may be the name of a youth, and is sealed.

    The address of the download holds a random text; only its SHA-256 is kept.
    """

    __tablename__ = "export_ticket"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    session_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(40))
    sealed_asked: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment, index=True)

    def place(self) -> str:
        """What the sealed text is bound to."""
        return f"export_ticket.sealed_asked:{self.token_hash}"

    @property
    def asked(self) -> str:
        """What was asked of the list. Raises Unreadable."""
        return opened_text(self.sealed_asked, self.place())

    @asked.setter
    def asked(self, text: str) -> None:
        self.sealed_asked = sealed_text(text, self.place())
