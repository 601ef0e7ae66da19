"""docs/tables.md, made from the models in db/models."""

import inspect
from typing import Any

from cts.commands.docs_words import MADE
from db.append_only import APPEND_ONLY
from db.models import Row

_KINDS = {
    "LargeBinary": "bytes",
    "Integer": "whole number",
    "BigInteger": "whole number",
    "Boolean": "yes or no",
    "Date": "date",
    "Moment": "moment (UTC)",
    "JSON": "JSON",
    "Text": "text",
}

_INTRODUCTION = """\
The models are in `db/models`; changes of the tables are the files of `db/migrations/versions`. `*_on` is a date, `*_at` a
moment kept in UTC, `*_by` and `*_id` refer to rows. *May be empty* means NULL. Rows of a table marked **append-only** are
written once: triggers refuse to change or delete them, on SQLite and PostgreSQL.
"""


def tables_page() -> str:
    """The whole page."""
    models: dict[str, type[Row]] = {mapper.class_.__tablename__: mapper.class_ for mapper in Row.registry.mappers}
    lines = ["# Tables of the database\n", MADE, _INTRODUCTION, *(f"- [{name}](#{name})" for name in sorted(models))]
    return "\n".join([*lines, "", *(_table(models[name], Row.metadata.tables[name]) for name in sorted(models))])


def _table(model: type[Row], table: Any) -> str:
    about = " ".join((inspect.getdoc(model) or "").split()).replace(" Append-only.", "")
    kept = " **Append-only.**" if table.name in APPEND_ONLY else ""
    lines = [
        f"## {table.name}\n",
        f"{about}{kept}\n",
        "| Column | Holds | May be empty | Refers to |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_column(column) for column in table.columns)]) + "\n"


def _column(column: Any) -> str:
    length = getattr(column.type, "length", None)
    kind = f"text, at most {length}" if length else _KINDS[type(column.type).__name__]
    marks = [kind, *(["key"] if column.primary_key else []), *(["unique"] if column.unique else [])]
    refers = ", ".join(sorted(f"{key.target_fullname}" for key in column.foreign_keys)) or "–"
    return f"| `{column.name}` | {', '.join(marks)} | {'yes' if column.nullable else 'no'} | {refers} |"
