"""What is most private is sealed"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cts.outside.sealing import is_sealed, seal, seal_text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WITH_ANSWERS = ("document", "document_version", "client_update")
WRITTEN_ONCE = ("document_version", "client_update")
BATCH = 200

SEALED: dict[str, frozenset[str]] = {
    "Referral": frozenset(
        [
            "preferred_name",
            "youth_phone",
            "best_way",
            "living_now",
            "address",
            "pregnant_or_parenting",
            "orientation",
            "gender_identity",
            "gender_expression",
            "caregiver",
            "therapist",
            "substance_provider",
            "alerts",
            "attention",
            "family",
            "caregiver_why_not",
            "testifying",
            "exception",
        ]
    ),
    "Advocacy Plan": frozenset(
        [
            "extension_reason",
            "strengths",
            "warnings",
            "priority_needs",
            "long_term_goals",
            "goals",
            "safety_concerns",
            "safety_plan",
            "coping_skills",
            "support_systems",
            "professionals",
        ]
    ),
    "Termination Report": frozenset(["efforts", "goals", "resources"]),
    "Restoration Fund Request": frozenset(["justification", "other_funding", "goal"]),
    "Extension Request": frozenset(["reason", "goals_left", "why_not"]),
    "Client Summary": frozenset(["supportive_relatives", "law_enforcement", "therapist", "substance_provider"]),
}
"""As the field lists marked them when this was written."""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        # What stood there in clear is overwritten, not only forgotten.
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON")
    for table in WITH_ANSWERS:
        op.add_column(table, sa.Column("sealed_answers", sa.Text(), nullable=False, server_default=""))
    for table in WRITTEN_ONCE:
        # The triggers come again after the migration, and then let sealed columns alone be written anew (db/append_only.py).
        for verb in ("update", "delete"):
            name = f"{table}_no_{verb}"
            op.execute(f"DROP TRIGGER IF EXISTS {name}" if sqlite else f"DROP TRIGGER IF EXISTS {name} ON {table}")
    _seal_documents()
    _seal_versions()
    _seal_updates()
    _seal_notes()
    _seal_files()


def _seal_documents() -> None:
    document = _table("document", "id", "assignment_id", "kind", "sequence")
    for row in _rows(document):
        place = f"document.answers:{row.assignment_id}/{row.kind}/{row.sequence}"
        _seal_answers(document, {"id": row.id}, row.answers, SEALED[row.kind], place)


def _seal_versions() -> None:
    version = _table("document_version", "document_id", "round")
    connection = op.get_bind()
    kinds = {row.id: row.kind for row in connection.execute(sa.text("SELECT id, kind FROM document"))}
    for row in _rows(version):
        key = {"document_id": row.document_id, "round": row.round}
        place = f"document_version.answers:{row.document_id}/{row.round}"
        _seal_answers(version, key, row.answers, SEALED[kinds[row.document_id]], place)


def _seal_updates() -> None:
    update = _table("client_update", "id", "assignment_id", "entry_key")
    for row in _rows(update):
        place = f"client_update.answers:{row.assignment_id}/{row.entry_key}"
        _seal_answers(update, {"id": row.id}, row.answers, row.answers.keys(), place)


def _seal_answers(
    table: sa.TableClause, key: Mapping[str, Any], answers: dict[str, Any], private: Collection[str], place: str
) -> None:
    hidden = {k: v for k, v in answers.items() if k in private}
    if hidden:
        kept = {k: v for k, v in answers.items() if k not in private}
        sealed = seal_text(json.dumps(hidden, ensure_ascii=False), place)
        _write(table, key, {"answers": kept, "sealed_answers": sealed})


def _seal_notes() -> None:
    activity = sa.table("activity", *(sa.column(c) for c in ("id", "assignment_id", "entry_key", "note")))
    for row in _rows(activity):
        if row.note and not is_sealed(row.note):
            place = f"activity.note:{row.assignment_id}/{row.entry_key}"
            _write(activity, {"id": row.id}, {"note": seal_text(row.note, place)})


def _seal_files() -> None:
    """One file at a time: they may be large."""
    connection = op.get_bind()
    content = sa.table("case_file_content", sa.column("file_id"), sa.column("content", sa.LargeBinary()))
    files = connection.execute(sa.text("SELECT id, assignment_id, token FROM case_file ORDER BY id")).all()
    for file_id, assignment_id, token in files:
        plain = connection.scalar(sa.select(content.c.content).where(content.c.file_id == file_id))
        if plain is not None:
            sealed = seal(bytes(plain), f"case_file_content.content:{assignment_id}/{token}")
            _write(content, {"file_id": file_id}, {"content": sealed})


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns), sa.column("answers", JSON), sa.column("sealed_answers", sa.Text()))


def _rows(table: sa.TableClause) -> Iterator[Any]:
    """Every row, a few hundred at a time, in the order of the first columns."""
    keys = [table.c.document_id, table.c.round] if "round" in table.c else [table.c.id]
    after: tuple[Any, ...] | None = None
    while True:
        statement = sa.select(table).order_by(*keys).limit(BATCH)
        if after is not None:
            statement = statement.where(sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, after)))
        found = op.get_bind().execute(statement).all()
        if not found:
            return
        yield from found
        after = tuple(getattr(found[-1], key.name) for key in keys)


def _write(table: sa.TableClause, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    same = [table.c[name] == value for name, value in key.items()]
    op.get_bind().execute(table.update().where(*same).values(**values))
