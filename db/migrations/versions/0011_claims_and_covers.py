"""A waiting document can be claimed by one supervisor of its office; somebody covers for somebody who is absent"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CLAIMED_BY = "fk_stay_claimed_by_person"
MOMENTS = ("claimed_at", "claim_ends_at")


def upgrade() -> None:
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_by", sa.Integer(), nullable=True))
        for moment in MOMENTS:
            batch_op.add_column(sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(CLAIMED_BY, "person", ["claimed_by"], ["id"])
    op.create_table(
        "cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("absent_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('CSW', 'DPO', 'SCSW', 'SDPO')", name=op.f("ck_cover_role")),
        sa.CheckConstraint("absent_id <> cover_id", name=op.f("ck_cover_two_people")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_cover_days")),
        sa.ForeignKeyConstraint(["absent_id"], ["person.id"], name=op.f("fk_cover_absent_id_person")),
        sa.ForeignKeyConstraint(["cover_id"], ["person.id"], name=op.f("fk_cover_cover_id_person")),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_cover_office_code_office")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_cover_set_by_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_cover_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index("ix_cover_cover_last", "cover", ["cover_id", "last_on"], unique=False)
    op.create_index("ix_cover_absent_last", "cover", ["absent_id", "last_on"], unique=False)
    op.create_index("ix_cover_office_last", "cover", ["office_code", "last_on"], unique=False)


def downgrade() -> None:
    op.drop_table("cover")
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_constraint(CLAIMED_BY, type_="foreignkey")
        for column in ("claimed_by", *MOMENTS):
            batch_op.drop_column(column)
