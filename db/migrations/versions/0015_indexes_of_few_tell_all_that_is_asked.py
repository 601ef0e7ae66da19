"""Indexes of few hold all that is asked of them; what is in hand when a service is over has one; places side by side are read one by one"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = " AND status NOT IN ('Flag ended', 'Terminated', 'Withdrawn')"
OF_FEW = (
    ("case_flag_missing", f"case_flag_missing = 1{OPEN}", f"case_flag_missing{OPEN}"),
    ("worker_choice_open", f"worker_choice_open = 1{OPEN}", f"worker_choice_open{OPEN}"),
    ("flag_ended_on", f"flag_ended_on IS NOT NULL{OPEN}", f"flag_ended_on IS NOT NULL{OPEN}"),
    ("missing_since", f"missing_since IS NOT NULL{OPEN}", f"missing_since IS NOT NULL{OPEN}"),
)
OF_AGENCIES = (("alerts_open", "alerts_acknowledged_at"), ("no_advocate", "advocate_id"))
OF_ASSIGNMENTS = (
    ("status_number", ["status", "number"], ["id"]),
    ("youth_id", ["youth_id"], ["purged_at", "number", "status"]),
)
TALLIES = {
    "stay_tally": (["level", "state", "scope", "document", "month"], ["status", "party"]),
    "assignment_tally": (["level", "scope"], ["status", "advocate_id", "agency_id", "seen_by", "number"]),
}
UNDER_WAY = sa.text(
    "kind IN ('Extension Request', 'Termination Report') AND status NOT IN ('Approved', 'Flag ended', 'Terminated', 'Withdrawn')"
)


def upgrade() -> None:
    for name, on_sqlite, on_postgres in OF_FEW:
        _anew(name, ["number", "status", name], on_sqlite, on_postgres)
    for name, empty in OF_AGENCIES:
        which = f"agency_id IS NOT NULL AND {empty} IS NULL"
        _anew(name, ["status", empty, "number", "agency_id"], which, which)
    op.create_index(
        "ix_document_term_under_way",
        "document",
        ["assignment_id", "kind", "status"],
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    for name, columns, more in OF_ASSIGNMENTS:
        op.drop_index(f"ix_assignment_{name}", table_name="assignment")
        op.create_index(f"ix_assignment_{name}", "assignment", [*columns, *more])
    op.drop_index("ix_stay_tally_stage", table_name="stay_tally")
    for table, (before, more) in TALLIES.items():
        op.drop_index(f"ix_{table}_scope", table_name=table)
        op.create_index(f"ix_{table}_scope", table, [*before, *more])


def _anew(name: str, columns: list[str], on_sqlite: str, on_postgres: str) -> None:
    op.drop_index(f"ix_assignment_{name}", table_name="assignment")
    op.create_index(
        f"ix_assignment_{name}",
        "assignment",
        columns,
        sqlite_where=sa.text(on_sqlite),
        postgresql_where=sa.text(on_postgres),
    )


def downgrade() -> None:
    for table, (before, _) in TALLIES.items():
        op.drop_index(f"ix_{table}_scope", table_name=table)
        op.create_index(f"ix_{table}_scope", table, before)
    op.create_index("ix_stay_tally_stage", "stay_tally", ["level", "state", "document", "status", "month"])
    for name, columns, _ in OF_ASSIGNMENTS:
        op.drop_index(f"ix_assignment_{name}", table_name="assignment")
        op.create_index(f"ix_assignment_{name}", "assignment", columns)
    op.drop_index("ix_document_term_under_way", table_name="document")
    for name, empty in OF_AGENCIES:
        which = f"agency_id IS NOT NULL AND {empty} IS NULL"
        _anew(name, ["status", "number"], which, which)
    for name, on_sqlite, on_postgres in OF_FEW:
        _anew(name, ["number"], on_sqlite, on_postgres)
