"""Names almost alike are found; State ID and PDJ # are compared without hyphens and blanks"""

import sqlalchemy as sa
from alembic import op

from cts.domain.spelling import spelled_words, spellings

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BETWEEN_GROUPS = " -./_#\u00a0\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
BATCH = 10_000


def upgrade() -> None:
    _compare_ids()
    _compare_parts_as_bytes()
    word = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
    op.create_table(
        "youth_full_name",
        sa.Column("youth_id", sa.Integer(), nullable=False),
        sa.Column("last_part", word, nullable=False),
        sa.Column("first_part", word, nullable=False),
        sa.ForeignKeyConstraint(["youth_id"], ["youth.id"], name=op.f("fk_youth_full_name_youth_id_youth")),
        sa.PrimaryKeyConstraint("youth_id", "last_part", "first_part", name=op.f("pk_youth_full_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_spelling",
        sa.Column("spelling", word, nullable=False),
        sa.Column("word", word, nullable=False),
        sa.PrimaryKeyConstraint("spelling", "word", name=op.f("pk_name_spelling")),
        sqlite_with_rowid=False,
    )
    _fill()
    op.create_index("ix_youth_full_name_last_first", "youth_full_name", ["last_part", "first_part", "youth_id"])
    op.create_index("ix_name_spelling_word", "name_spelling", ["word"])


def _compare_ids() -> None:
    # SQLite adds a column only when it works it out at every reading; PostgreSQL only when it keeps it.
    kept = "VIRTUAL" if op.get_bind().dialect.name == "sqlite" else "STORED"
    for column in ("state_id", "pdj_number"):
        bare = column
        for character in BETWEEN_GROUPS:
            bare = f"replace({bare}, '{character}', '')"
        op.get_bind().exec_driver_sql(
            f"ALTER TABLE youth ADD COLUMN bare_{column} VARCHAR(20) GENERATED ALWAYS AS (upper({bare})) {kept}"
        )
        op.create_index(f"ix_youth_bare_{column}", "youth", [f"bare_{column}"])


def _compare_parts_as_bytes() -> None:
    op.drop_index("ix_youth_name_part_kind_part", table_name="youth_name_part")
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE youth_name_part ALTER COLUMN part TYPE VARCHAR(60) COLLATE "C"')
    op.create_index("ix_youth_name_part_kind_part", "youth_name_part", ["kind", "part", "youth_id"])


def _fill() -> None:
    connection = op.get_bind()
    op.execute(
        "INSERT INTO youth_full_name (youth_id, last_part, first_part)"
        " SELECT l.youth_id, l.part, f.part FROM youth_name_part l JOIN youth_name_part f ON f.youth_id = l.youth_id"
        " WHERE l.kind = 'last' AND f.kind = 'first'"
    )
    parts = sa.table("youth_name_part", sa.column("part"))
    borne = set(connection.execute(sa.select(parts.c.part).distinct()).scalars())
    youth = sa.table("youth", sa.column("last_name"), sa.column("first_name"))
    words: set[str] = set()
    for name in (youth.c.last_name, youth.c.first_name):
        for text in connection.execute(sa.select(name).distinct()).scalars():
            words |= spelled_words(text)
    rows = [{"spelling": spelling, "word": word} for word in sorted(words & borne) for spelling in spellings(word)]
    table = sa.table("name_spelling", sa.column("spelling"), sa.column("word"))
    for start in range(0, len(rows), BATCH):
        connection.execute(table.insert(), rows[start : start + BATCH])


def downgrade() -> None:
    op.drop_table("name_spelling")
    op.drop_table("youth_full_name")
    op.drop_index("ix_youth_name_part_kind_part", table_name="youth_name_part")
    op.create_index("ix_youth_name_part_kind_part", "youth_name_part", ["kind", "part"])
    for column in ("state_id", "pdj_number"):
        op.drop_index(f"ix_youth_bare_{column}", table_name="youth")
        op.execute(f"ALTER TABLE youth DROP COLUMN bare_{column}")
