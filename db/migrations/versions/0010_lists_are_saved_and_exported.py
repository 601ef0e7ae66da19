"""Lists are saved under a name, and exported; what they are sorted by stands beside each assignment"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.listing_keys import fill_listing_keys

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NARROWING = ("status", "agency_id", "office_code", "id")
KEYS = (
    *("by_state_id", "by_referral", "by_referral_name", "by_case", "by_pdj", "by_csw", "by_scsw"),
    *("by_youth_up", "by_youth_down", "by_agency_up", "by_agency_down"),
)


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "saved_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", _json(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_list_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_list")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_list_person_id_name")),
    )
    op.create_table(
        "export_ticket",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sealed_asked", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_ticket_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_export_ticket")),
    )
    op.create_index(op.f("ix_export_ticket_person_id"), "export_ticket", ["person_id"], unique=False)
    op.create_index(op.f("ix_export_ticket_made_at"), "export_ticket", ["made_at"], unique=False)
    for name in KEYS:
        kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
        op.add_column("assignment", sa.Column(name, kind, nullable=False, server_default=""))
    fill_listing_keys(op.get_bind())
    for name in (*KEYS, "referral_on"):
        op.create_index(f"ix_assignment_{name}", "assignment", [name, "number", *NARROWING], unique=False)
    op.create_index("ix_assignment_in_order", "assignment", ["number", *NARROWING], unique=False)
