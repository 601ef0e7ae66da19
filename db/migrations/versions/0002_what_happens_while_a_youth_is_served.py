"""What happens while a youth is served"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATUSES = (
    "New",
    "Pending Supervisor Approval",
    "Pending CSEC Admin Approval",
    "Rejected",
    "Approved",
    "Not Started",
    "In Progress",
    "Pending Approval (case worker)",
    "Pending Approval (supervisor)",
    "Pending Pre-Approval",
    "Receipts Submitted",
    "Reimbursed",
    "Terminated",
    "Flag ended",
    "Withdrawn",
)
DOCUMENTS = (
    "Referral",
    "Advocacy Plan",
    "Termination Report",
    "Restoration Fund Request",
    "Extension Request",
    "Client Summary",
)


def upgrade() -> None:
    op.create_table(
        "escalation_contact",
        sa.Column("office_code", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_escalation_contact_office_code_office")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_escalation_contact_person_id_person")),
        sa.PrimaryKeyConstraint("office_code", "person_id", name=op.f("pk_escalation_contact")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("advocate_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("method", sa.String(length=30), nullable=False),
        sa.Column("location", sa.String(length=30), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("with_whom", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["advocate_id"], ["person.id"], name=op.f("fk_activity_advocate_id_person")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_activity_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["activity.id"], name=op.f("fk_activity_replaces_id_activity")),
        sa.ForeignKeyConstraint(["voided_by"], ["person.id"], name=op.f("fk_activity_voided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("entry_key", name=op.f("uq_activity_entry_key")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_advocate_id"), ["advocate_id"], unique=False)
        batch_op.create_index("ix_activity_assignment_day", ["assignment_id", "happened_on"], unique=False)

    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_case_file_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name=op.f("fk_case_file_removed_by_person")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_case_file_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("token", name=op.f("uq_case_file_token")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "client_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_client_update_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_client_update_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_update")),
        sa.UniqueConstraint("entry_key", name=op.f("uq_client_update_entry_key")),
    )
    with op.batch_alter_table("client_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_update_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "case_file_content",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_file_content_file_id_case_file")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_case_file_content")),
    )
    op.create_table(
        "reminder_digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("email_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["email_id"], ["email_owed.id"], name=op.f("fk_reminder_digest_email_id_email_owed")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_digest_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_digest")),
        sa.UniqueConstraint("email_id", name=op.f("uq_reminder_digest_email_id")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_reminder_digest_person_id_day")),
    )
    op.create_table(
        "reminder_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["reminder_digest.id"], name=op.f("fk_reminder_item_digest_id_reminder_digest")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_reminder_item_document_id_document")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_reminder_item_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_item")),
        sa.UniqueConstraint("digest_id", "document_id", name=op.f("uq_reminder_item_digest_id_document_id")),
    )
    with op.batch_alter_table("reminder_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_item_digest_id"), ["digest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminder_item_document_id"), ["document_id"], unique=False)

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("term", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("service_start_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("service_end_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("other_worker_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_assignment_youth_id_referral_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_assignment_other_worker_id"), ["other_worker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_service_end_on"), ["service_end_on"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_assignment_youth_id_referral_id_term"), ["youth_id", "referral_id", "term"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_other_worker_id_person"), "person", ["other_worker_id"], ["id"]
        )

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    _renew_checks("assignment", status=STATUSES, lead_agency=("DCFS", "Probation"))
    _renew_checks("document", status=STATUSES, kind=DOCUMENTS)
    _renew_checks("stay", status=STATUSES)
    _begin_service()


def _renew_checks(table: str, **words: tuple[str, ...]) -> None:
    """The words a column may hold, anew. SQLite's table is made anew without the old checks; PostgreSQL's have to go first."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column, allowed in words.items():
            name = op.f(f"ck_{table}_{column}")
            if op.get_bind().dialect.name == "postgresql":
                batch_op.drop_constraint(name, type_="check")
            listed = ", ".join(f"'{word}'" for word in allowed)
            batch_op.create_check_constraint(name, f"{column} IN ({listed})")


JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OFFICE_ZONE = ZoneInfo("America/Los_Angeles")
FROM_THE_REFERRAL = ("therapist", "substance_provider", "phn", "education_rights", "attorney")


def _begin_service() -> None:
    """Youth whom an agency serves already: the service began when it got them; with an Advocate, phase 1 and the Client Summary are open."""
    connection = op.get_bind()
    served = connection.execute(
        sa.text(
            "SELECT a.id, a.agency_id, a.advocate_id, a.agency_assigned_at, d.answers FROM assignment a"
            " JOIN document d ON d.assignment_id = a.id AND d.kind = 'Referral'"
            " WHERE a.status = 'Approved' AND a.agency_assigned_at IS NOT NULL ORDER BY a.id"
        ).columns(agency_assigned_at=MOMENT, answers=JSON)
    ).all()
    for assignment_id, agency_id, advocate_id, began_at, referral in served:
        began_on = began_at.replace(tzinfo=began_at.tzinfo or UTC).astimezone(OFFICE_ZONE).date()
        leap_day = (began_on.month, began_on.day) == (2, 29)
        ends_on = began_on.replace(year=began_on.year + 1, day=28 if leap_day else began_on.day)
        connection.execute(
            sa.text("UPDATE assignment SET service_start_on = :start, service_end_on = :end WHERE id = :id").bindparams(
                sa.bindparam("start", type_=sa.Date()), sa.bindparam("end", type_=sa.Date())
            ),
            {"start": began_on, "end": ends_on, "id": assignment_id},
        )
        connection.execute(
            sa.text("UPDATE document SET approved_at = :at WHERE assignment_id = :id AND kind = 'Referral'").bindparams(
                sa.bindparam("at", type_=MOMENT)
            ),
            {"at": began_at, "id": assignment_id},
        )
        if advocate_id is not None:
            summary = {key: referral[key] for key in FROM_THE_REFERRAL if referral.get(key)}
            _open(assignment_id, "Client Summary", "In Progress", summary)
            plan_id = _open(assignment_id, "Advocacy Plan", "Not Started", {"start_on": began_on.isoformat()})
            _hold(plan_id, assignment_id, advocate_id, agency_id, began_at)


def _open(assignment_id: int, kind: str, status: str, answers: dict[str, Any]) -> int:
    columns = ("assignment_id", "kind", "sequence", "status", "version", "spec_version", "rounds")
    table = sa.table("document", *map(sa.column, columns), sa.column("answers", JSON), sa.column("id", sa.Integer()))
    counted = {"sequence": 1, "version": 1, "spec_version": 1, "rounds": 0}
    values = {"assignment_id": assignment_id, "kind": kind, "status": status, "answers": answers} | counted
    return int(op.get_bind().scalar(table.insert().values(**values).returning(table.c.id)))


def _hold(document_id: int, assignment_id: int, person_id: int, agency_id: int, entered_at: datetime) -> None:
    columns = ("document_id", "assignment_id", "status", "party", "person_id", "agency_id")
    table = sa.table("stay", *map(sa.column, columns), sa.column("entered_at", MOMENT))
    who = {"party": "advocate", "person_id": person_id, "agency_id": agency_id, "entered_at": entered_at}
    values = {"document_id": document_id, "assignment_id": assignment_id, "status": "Not Started"} | who
    op.get_bind().execute(table.insert().values(**values))
