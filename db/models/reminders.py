"""The daily reminder: one digest a person a day, and what stood in it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import Moment, Row


class ReminderDigest(Row):
    """One digest owed to a person on a day of the office's calendar: never two."""

    __tablename__ = "reminder_digest"
    __table_args__ = (UniqueConstraint("person_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    email_id: Mapped[int] = mapped_column(ForeignKey("email_owed.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class ReminderItem(Row):
    """One pending document in a digest. `escalated`: it waits for somebody else, too long. Written when the digest is made."""

    __tablename__ = "reminder_item"
    __table_args__ = (UniqueConstraint("digest_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("reminder_digest.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"))
    escalated: Mapped[bool] = mapped_column(default=False)


class EscalationContact(Row):
    """A supervisor's supervisor: whom CTS tells about what has waited too long in an office."""

    __tablename__ = "escalation_contact"

    office_code: Mapped[str] = mapped_column(String(10), ForeignKey("office.code"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
