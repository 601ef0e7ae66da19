"""Clocks kept with an assignment, whom CWS/CMS still names though that person left, indexes of what asks for attention"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RARE = (
    ("case_flag_missing", "case_flag_missing = 1", "case_flag_missing"),
    ("worker_choice_open", "worker_choice_open = 1", "worker_choice_open"),
    ("flag_ended_on", "flag_ended_on IS NOT NULL", "flag_ended_on IS NOT NULL"),
    ("missing_since", "missing_since IS NOT NULL", "missing_since IS NOT NULL"),
)
CLOCKS = ("phase_due_on", "contact_due_on")


def upgrade() -> None:
    # The clocks of what is there already are worked out at the next start of the server (cts/services/clocks.py).
    op.create_table(
        "clock_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_rule")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        for name in CLOCKS:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("former_worker_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("worker_choice_open", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(
            op.f("fk_assignment_former_worker_id_person"), "person", ["former_worker_id"], ["id"]
        )
        for name in (*CLOCKS, "former_worker_id"):
            batch_op.create_index(batch_op.f(f"ix_assignment_{name}"), [name], unique=False)
    # Accounts that ended before left their youth with the name: a colleague is to be chosen.
    assignment = sa.table(
        "assignment",
        sa.column("worker_id", sa.Integer()),
        sa.column("status", sa.String()),
        sa.column("former_worker_id", sa.Integer()),
        sa.column("worker_choice_open", sa.Boolean()),
    )
    person = sa.table("person", sa.column("id"), sa.column("active", sa.Boolean()))
    gone = sa.select(person.c.id).where(~person.c.active)
    lasts = assignment.c.status.not_in(["Terminated", "Flag ended", "Withdrawn"])
    op.execute(
        assignment.update()
        .where(assignment.c.worker_id.in_(gone), lasts)
        .values(worker_choice_open=True, former_worker_id=assignment.c.worker_id)
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paid_agency_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_document_paid_agency_id_agency"), "agency", ["paid_agency_id"], ["id"])
    for name, on_sqlite, on_postgres in RARE:
        op.create_index(
            op.f(f"ix_assignment_{name}"),
            "assignment",
            ["number"],
            unique=False,
            sqlite_where=sa.text(on_sqlite),
            postgresql_where=sa.text(on_postgres),
        )


def downgrade() -> None:
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_document_paid_agency_id_agency"), type_="foreignkey")
        batch_op.drop_column("paid_agency_id")
    for name, *_ in RARE:
        op.drop_index(op.f(f"ix_assignment_{name}"), table_name="assignment")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        for name in ("former_worker_id", *CLOCKS):
            batch_op.drop_index(batch_op.f(f"ix_assignment_{name}"))
        batch_op.drop_constraint(op.f("fk_assignment_former_worker_id_person"), type_="foreignkey")
        for name in ("worker_choice_open", "former_worker_id", *CLOCKS):
            batch_op.drop_column(name)
    op.drop_table("clock_rule")
