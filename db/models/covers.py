"""Who covers for whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cts.domain.vocabulary import COUNTY_ROLES
from db.models.rows import Moment, Row, one_of


class Cover(Row):
    """One person stands in for an absent one of the same office and title, from the first to the last day of the office's calendar.

    `office_code` and `role` are those of both when it was set: it counts only as long as both still have them. `ended_at`: ended early.
    """

    __tablename__ = "cover"
    __table_args__ = (
        one_of("role", sorted(COUNTY_ROLES)),
        CheckConstraint("absent_id <> cover_id", name="two_people"),
        CheckConstraint("first_on <= last_on", name="days"),
        Index("ix_cover_cover_last", "cover_id", "last_on"),
        Index("ix_cover_absent_last", "absent_id", "last_on"),
        Index("ix_cover_office_last", "office_code", "last_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    absent_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    role: Mapped[str] = mapped_column(String(30))
    first_on: Mapped[date]
    last_on: Mapped[date]
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
