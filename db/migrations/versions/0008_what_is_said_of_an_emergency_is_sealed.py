"""What is said of an emergency is sealed"""

import sqlalchemy as sa
from alembic import op

from cts.outside.sealing import is_sealed, seal_text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXTS = ("reason_text", "review_note")
BATCH = 200


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # What stood there in clear is overwritten, not only forgotten.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    table = sa.table("emergency_access", sa.column("id"), *map(sa.column, TEXTS))
    after = 0
    while rows := connection.execute(
        sa.select(table).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    ).all():
        for row in rows:
            sealed = {
                name: seal_text(text, f"emergency_access.{name}:{row.id}")
                for name in TEXTS
                if (text := getattr(row, name)) and not is_sealed(text)
            }
            if sealed:
                connection.execute(table.update().where(table.c.id == row.id).values(**sealed))
        after = rows[-1].id
