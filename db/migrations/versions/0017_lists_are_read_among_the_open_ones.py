"""Indexes in the orders of the listing begin with whether an assignment is closed: in years nearly all are, and lists are of the others"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CLOSED = "status IN ('Flag ended', 'Terminated', 'Withdrawn')"
KEYS = (
    *("state_id", "referral", "referral_name", "case", "pdj", "csw", "scsw"),
    *("youth_up", "youth_down", "agency_up", "agency_down"),
)
ORDERS = {
    "in_order": ["number"],
    "referral_on": ["referral_on", "number"],
    **{f"by_{key}": [f"by_{key}", "number"] for key in KEYS},
}
NARROWING = ["status", "agency_id", "office_code", "id"]
UNDER_WAY = sa.text(
    "kind IN ('Extension Request', 'Termination Report') AND status NOT IN ('Approved', 'Flag ended', 'Terminated', 'Withdrawn')"
)


def upgrade() -> None:
    # PostgreSQL keeps such a column with the row; SQLite can add none that is kept, and has it in the indexes only.
    kept = True if op.get_bind().dialect.name == "postgresql" else None
    op.add_column("assignment", sa.Column("closed", sa.Boolean(), sa.Computed(CLOSED, persisted=kept)))
    _indexes(["closed"])
    _by_number(["service_end_on"])
    _under_way(["status", "kind"])


def downgrade() -> None:
    _under_way(["kind", "status"])
    _by_number([])
    _indexes([])
    op.drop_column("assignment", "closed")


def _indexes(first: list[str]) -> None:
    for name, order in ORDERS.items():
        op.drop_index(f"ix_assignment_{name}", table_name="assignment")
        op.create_index(f"ix_assignment_{name}", "assignment", [*first, *order, *NARROWING])


def _by_number(told: list[str]) -> None:
    op.drop_index("ix_assignment_status_number", table_name="assignment")
    op.create_index("ix_assignment_status_number", "assignment", ["status", "number", *told, "id"])


def _under_way(told: list[str]) -> None:
    name = "ix_document_term_under_way"
    op.drop_index(name, table_name="document")
    op.create_index(name, "document", ["assignment_id", *told], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
