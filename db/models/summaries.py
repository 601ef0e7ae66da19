"""Counts that the dashboards read, kept by the database itself with every write (db/summaries.py). A row adds or takes away; the sum counts.

`level` says whose count a row is: the program's, an office's, an agency's; `scope` is the code of the office or the id of the agency, '' for the
program. `seen_by` keeps sensitive and sealed youth apart in the counts of an office: 0, or the one supervisor who sees the youth (-1: nobody).
"""

from datetime import date

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import Row


class StayTally(Row):
    """How many stays (documents in a status with a holder) there are of each kind. `state`: open, held while a youth is absent, or ended.

    Open: `since` when its days are counted. Held and ended: the `days` counted. Ended: the `month` it ended in, `ended_by` which step, with
    which coded `reason`; `cents`: the money of these steps.
    """

    __tablename__ = "stay_tally"
    __table_args__ = (Index("ix_stay_tally_scope", "level", "state", "scope", "document", "month", "status", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(20))
    seen_by: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(String(30))
    status: Mapped[str] = mapped_column(String(40))
    party: Mapped[str] = mapped_column(String(30))
    ended_by: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40))
    month: Mapped[str] = mapped_column(String(7))
    since: Mapped[date | None]
    days: Mapped[int | None]
    number: Mapped[int] = mapped_column(BigInteger)
    cents: Mapped[int] = mapped_column(BigInteger)


class AssignmentTally(Row):
    """How many assignments there are by status, agency and Advocate."""

    __tablename__ = "assignment_tally"
    __table_args__ = (
        Index(
            "ix_assignment_tally_scope",
            *("level", "scope", "status", "advocate_id", "agency_id", "seen_by", "number"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(20))
    seen_by: Mapped[int] = mapped_column()
    status: Mapped[str] = mapped_column(String(40))
    agency_id: Mapped[int | None]
    advocate_id: Mapped[int | None]
    number: Mapped[int] = mapped_column(BigInteger)


class ServedTally(Row):
    """How many youth in service (assignments that are Approved) have a `trait` of a `value`: sex, race, month of birth."""

    __tablename__ = "served_tally"
    __table_args__ = (Index("ix_served_tally_scope", "level", "scope", "trait", "value", "seen_by", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(20))
    seen_by: Mapped[int] = mapped_column()
    trait: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(100))
    number: Mapped[int] = mapped_column(BigInteger)
