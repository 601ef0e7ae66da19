"""County Login"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("county_identity", sa.String(length=600), nullable=True))
        account.create_unique_constraint(op.f("uq_account_county_identity"), ["county_identity"])
