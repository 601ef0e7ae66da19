"""What the nightly checks, and those a person asked for, have found; by which settings the clocks of assignments were worked out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import JsonValue, Moment, Row


class CheckRun(Row):
    """One run of all checks. `night`: the day of the office's calendar whose nightly work it is, done by one server; empty when a person asked.

    `findings` hold numbers of assignments, e-mails and accounts by the name of the check, and no fact about a youth.
    """

    __tablename__ = "check_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    night: Mapped[date | None] = mapped_column(unique=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_by: Mapped[str] = mapped_column(String(60), default="")
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    findings: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)


class ClockRule(Row):
    """The settings by which the clocks of assignments were last worked out for all; one row. Others at a start: all are worked out anew."""

    __tablename__ = "clock_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(1_000))
