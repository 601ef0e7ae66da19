"""What waits, and whose day has passed, is found among what lasts; a supervisor's youth by status; what nobody asks of an index is gone"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LASTS = sa.text("left_at IS NULL")
CLOCKS = ("service_end_on", "phase_due_on", "contact_due_on")
OPEN = " AND status NOT IN ('Flag ended', 'Terminated', 'Withdrawn')"
OF_FEW = (
    ("case_flag_missing", "case_flag_missing = 1", "case_flag_missing"),
    ("worker_choice_open", "worker_choice_open = 1", "worker_choice_open"),
    ("flag_ended_on", "flag_ended_on IS NOT NULL", "flag_ended_on IS NOT NULL"),
    ("missing_since", "missing_since IS NOT NULL", "missing_since IS NOT NULL"),
)
OF_AGENCIES = (("alerts_open", "alerts_acknowledged_at"), ("no_advocate", "advocate_id"))
OF_YOUTH = ("state_id", "pdj_number")


def upgrade() -> None:
    op.drop_index("ix_stay_party_open", table_name="stay")
    op.create_index(
        "ix_stay_party_open", "stay", ["party", "entered_at", "id"], sqlite_where=LASTS, postgresql_where=LASTS
    )
    op.create_index("ix_assignment_supervisor_status", "assignment", ["supervisor_id", "status", "number"])
    op.drop_index("ix_assignment_supervisor_id", table_name="assignment")
    for clock in CLOCKS:
        op.create_index(f"ix_assignment_status_{clock}", "assignment", ["status", clock, "number"])
        op.drop_index(f"ix_assignment_{clock}", table_name="assignment")
    for name, on_sqlite, on_postgres in OF_FEW:
        op.drop_index(f"ix_assignment_{name}", table_name="assignment")
        _of_few(name, on_sqlite + OPEN, on_postgres + OPEN)
    for name, empty in OF_AGENCIES:
        which = f"agency_id IS NOT NULL AND {empty} IS NULL"
        _of_few(name, which, which, "status")
    for name in OF_YOUTH:
        op.drop_index(f"ix_youth_{name}", table_name="youth")


def _of_few(name: str, on_sqlite: str, on_postgres: str, *first: str) -> None:
    op.create_index(
        f"ix_assignment_{name}",
        "assignment",
        [*first, "number"],
        sqlite_where=sa.text(on_sqlite),
        postgresql_where=sa.text(on_postgres),
    )


def downgrade() -> None:
    for name in OF_YOUTH:
        op.create_index(f"ix_youth_{name}", "youth", [name])
    for name, _ in OF_AGENCIES:
        op.drop_index(f"ix_assignment_{name}", table_name="assignment")
    for name, on_sqlite, on_postgres in OF_FEW:
        op.drop_index(f"ix_assignment_{name}", table_name="assignment")
        _of_few(name, on_sqlite, on_postgres)
    for clock in CLOCKS:
        op.create_index(f"ix_assignment_{clock}", "assignment", [clock])
        op.drop_index(f"ix_assignment_status_{clock}", table_name="assignment")
    op.create_index("ix_assignment_supervisor_id", "assignment", ["supervisor_id"])
    op.drop_index("ix_assignment_supervisor_status", table_name="assignment")
    op.drop_index("ix_stay_party_open", table_name="stay")
    op.create_index("ix_stay_party_open", "stay", ["party", "left_at", "entered_at"])
