"""What is counted and looked up is told by indexes on PostgreSQL too; an office's open assignments have one, and the names of offices"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = " AND status NOT IN ('Flag ended', 'Terminated', 'Withdrawn')"
CLOCKS = ("service_end_on", "phase_due_on", "contact_due_on")
OF_FEW = (
    ("case_flag_missing", f"case_flag_missing{OPEN}"),
    ("worker_choice_open", f"worker_choice_open{OPEN}"),
    ("flag_ended_on", f"flag_ended_on IS NOT NULL{OPEN}"),
    ("missing_since", f"missing_since IS NOT NULL{OPEN}"),
)
OF_AGENCIES = (("alerts_open", "alerts_acknowledged_at"), ("no_advocate", "advocate_id"))
SERVED = ["level", "scope", "trait"]


def upgrade() -> None:
    op.create_index("ix_assignment_office_status", "assignment", ["office_code", "status", "number"])
    op.create_index("ix_office_name", "office", ["name", "code"])
    _served([*SERVED, "value", "seen_by", "number"])
    _of_lists(["id"])


def downgrade() -> None:
    _of_lists([])
    _served(SERVED)
    op.drop_index("ix_office_name", table_name="office")
    op.drop_index("ix_assignment_office_status", table_name="assignment")


def _served(columns: list[str]) -> None:
    op.drop_index("ix_served_tally_scope", table_name="served_tally")
    op.create_index("ix_served_tally_scope", "served_tally", columns)


def _of_lists(told: list[str]) -> None:
    """On SQLite an index tells the ids of its rows by itself."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_index("ix_youth_birth_date", table_name="youth")
    op.create_index("ix_youth_birth_date", "youth", ["birth_date"], postgresql_include=told)
    _anew("youth_id", ["youth_id", "purged_at", "number", "status"], "", told)
    for clock in CLOCKS:
        _anew(f"status_{clock}", ["status", clock, "number"], "", told)
    for name, which in OF_FEW:
        _anew(name, ["number", "status", name], which, told)
    for name, empty in OF_AGENCIES:
        columns = ["status", empty, "number", "agency_id"]
        _anew(name, columns, f"agency_id IS NOT NULL AND {empty} IS NULL", told)


def _anew(name: str, columns: list[str], which: str, told: list[str]) -> None:
    only: dict[str, Any] = {"postgresql_where": sa.text(which)} if which else {}
    op.drop_index(f"ix_assignment_{name}", table_name="assignment")
    op.create_index(f"ix_assignment_{name}", "assignment", columns, postgresql_include=told, **only)
