"""The access log is a chain"""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cts.domain.audit import BEFORE_THE_FIRST, entry_hash

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
AT_A_TIME = 1000


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for verb in ("update", "delete"):  # SQLite's go with the old table; db/append_only.py makes them anew
            op.execute(f"DROP TRIGGER IF EXISTS access_entry_no_{verb} ON access_entry")
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(length=30), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("previous_hash", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=False, server_default=""))
        batch_op.drop_constraint(batch_op.f("fk_access_entry_actor_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_access_entry_assignment_id_assignment"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_access_entry_document_id_document"), type_="foreignkey")
        batch_op.create_index(batch_op.f("ix_access_entry_at"), ["at"], unique=False)
    with op.batch_alter_table("email_owed", schema=None) as batch_op:
        batch_op.alter_column("to_person_id", existing_type=sa.Integer(), nullable=True)
    head = op.create_table(
        "access_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_access_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_head")),
    )
    op.create_table(
        "audit_anchor",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_anchor")),
    )
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("reason_code", sa.String(length=20), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("finding", sa.String(length=20), nullable=False),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "reason_code IN ('danger', 'missing', 'hotline', 'authority', 'other')",
            name=op.f("ck_emergency_access_reason_code"),
        ),
        sa.CheckConstraint("finding IN ('', 'justified', 'not_justified')", name=op.f("ck_emergency_access_finding")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_emergency_access_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_emergency_access_person_id_person")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("fk_emergency_access_reviewed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
    )
    with op.batch_alter_table("emergency_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_emergency_access_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_emergency_access_reviewed_at"), ["reviewed_at"], unique=False)
        batch_op.create_index("ix_emergency_access_person_ends", ["person_id", "ends_at"], unique=False)
    count, last_hash = _chain()
    op.bulk_insert(head, [{"id": 1, "last_id": count, "entries": count, "hash": last_hash}])


def _chain() -> tuple[int, str]:
    """Number the entries there are from 1 without gaps (nothing refers to them), and chain them. What a role was then is not known."""
    connection, last_hash, count = op.get_bind(), BEFORE_THE_FIRST, 0
    changed = sa.text("UPDATE access_entry SET id = :id, previous_hash = :previous, hash = :hash WHERE id = :old")
    for entries in _entries(connection):
        rows = []
        for entry in entries:
            count += 1
            values = entry | {
                "id": count,
                "previous_hash": last_hash,
                "at": entry["at"].replace(tzinfo=entry["at"].tzinfo or UTC),
            }
            last_hash = entry_hash(values)
            rows.append({"id": count, "previous": values["previous_hash"], "hash": last_hash, "old": entry["id"]})
        connection.execute(changed, rows)
    return count, last_hash


def _entries(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """All entries by id, some at a time. A new number is never above the old one, so none of them comes twice."""
    entry = sa.table(
        "access_entry",
        sa.column("id", sa.Integer()),
        sa.column("at", MOMENT),
        *map(sa.column, ("actor_id", "role", "action", "outcome", "assignment_id", "document_id", "parties")),
        *map(sa.column, ("reason", "address", "session_hash")),
        sa.column("details", JSON),
    )
    seen = 0
    while (
        found := connection.execute(sa.select(entry).where(entry.c.id > seen).order_by(entry.c.id).limit(AT_A_TIME))
        .mappings()
        .all()
    ):
        yield [dict(row) for row in found]
        seen = found[-1]["id"]
