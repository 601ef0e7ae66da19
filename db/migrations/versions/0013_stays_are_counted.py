"""Stays tell their days, how they ended and with which reason; counts for the dashboards"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from cts.domain.calendar import office_day
from cts.settings import settings
from db.models.rows import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counted_from", sa.Date(), nullable=False, server_default="1900-01-01"))
        batch_op.add_column(sa.Column("halted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("end_reason", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cents", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_index("ix_stay_status_left", ["status", "left_on", "entered_at"], unique=False)
    _count_days()
    _name_endings()
    op.create_table(
        "stay_tally",
        *_place(),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("document", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=30), nullable=False),
        sa.Column("ended_by", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_tally")),
    )
    op.create_index("ix_stay_tally_scope", "stay_tally", ["level", "state", "scope", "document", "month"], unique=False)
    op.create_index(
        "ix_stay_tally_stage", "stay_tally", ["level", "state", "document", "status", "month"], unique=False
    )
    op.create_table(
        "assignment_tally",
        *_place(),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("advocate_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_tally")),
    )
    op.create_index("ix_assignment_tally_scope", "assignment_tally", ["level", "scope"], unique=False)
    op.create_table(
        "served_tally",
        *_place(),
        sa.Column("trait", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served_tally")),
    )
    op.create_index("ix_served_tally_scope", "served_tally", ["level", "scope", "trait"], unique=False)


def _place() -> tuple["sa.Column[int] | sa.Column[str]", ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("seen_by", sa.Integer(), nullable=False),
    )


def _count_days() -> None:
    """In days of the office's calendar. Of absences before this migration nothing is known: they are in the days."""
    connection, zone = op.get_bind(), settings().time_zone
    stay = sa.table(
        "stay",
        sa.column("id"),
        sa.column("entered_at", Moment),
        sa.column("left_at", Moment),
        sa.column("counted_from", sa.Date),
        sa.column("left_on", sa.Date),
        sa.column("days", sa.Integer),
    )
    counted = (
        stay.update()
        .where(stay.c.id == sa.bindparam("stay_id"))
        .values(
            counted_from=sa.bindparam("first", type_=sa.Date),
            left_on=sa.bindparam("last", type_=sa.Date),
            days=sa.bindparam("whole_days", type_=sa.Integer),
        )
    )
    after = 0
    wanted = sa.select(stay.c.id, stay.c.entered_at, stay.c.left_at).order_by(stay.c.id).limit(BATCH)
    while rows := connection.execute(wanted.where(stay.c.id > after)).all():
        values = []
        for row in rows:
            first: date = office_day(row.entered_at, zone)
            last = office_day(row.left_at, zone) if row.left_at else None
            days = max(0, (last - first).days) if last else None
            values.append({"stay_id": row.id, "first": first, "last": last, "whole_days": days})
        connection.execute(counted, values)
        after = rows[-1].id


def _name_endings() -> None:
    """Which step ended a stay, and its coded reason, stands in the history of the same document at the same moment.

    The money of Restoration Funds and the reason of a termination stand in answers: they are told from the first step after this migration.
    """
    step = (
        "FROM history_entry h WHERE h.document_id = stay.document_id AND h.at = stay.left_at"
        " AND h.status_before = stay.status AND h.action IN"
        " ('submit', 'recall', 'approve', 'reject', 'reimburse', 'assign', 'close')"
    )
    for column, told in (("end_reason", "h.reason_code"), ("ended_by", "h.action")):
        op.execute(
            f"UPDATE stay SET {column} = COALESCE((SELECT MAX({told}) {step}), '') WHERE left_at IS NOT NULL"  # noqa: S608
        )
    again = (
        "SELECT 1 FROM stay e WHERE e.document_id = stay.document_id AND e.id < stay.id AND e.ended_by = 'submit'"
        " AND (e.status = 'Approved') = (stay.status = 'Approved')"
    )
    op.execute(f"UPDATE stay SET ended_by = 'submit again' WHERE ended_by = 'submit' AND EXISTS ({again})")  # noqa: S608


def downgrade() -> None:
    for table in ("served_tally", "assignment_tally", "stay_tally"):
        op.drop_table(table)
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_index("ix_stay_status_left")
        for column in ("cents", "ended_by", "end_reason", "days", "left_on", "halted_on", "counted_from"):
            batch_op.drop_column(column)
