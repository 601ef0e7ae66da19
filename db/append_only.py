"""Tables whose rows are written once: triggers refuse to change or delete them, on both databases.

One thing passes: the purge of an assignment (cts/services/purge.py), for the rows of that assignment, in the tables and columns named in
PURGED and no others. The triggers look for its permit (purge_permit), which the purge writes and removes in its own transaction. The access
log and the certificates of purges pass never.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from db.models import Row

APPEND_ONLY = (
    "history_entry",
    "access_entry",
    "signature",
    "document_version",
    "client_update",
    "purge_certificate",
)


@dataclass(frozen=True)
class Purged:
    """What a purge may do to a table: delete rows, or empty these columns; `by` is the column that the permit names."""

    by: str
    emptied: tuple[str, ...] = ()


PURGED = {
    "document_version": Purged("document_id"),
    "signature": Purged("document_id"),
    "client_update": Purged("assignment_id"),
    "history_entry": Purged("assignment_id", emptied=("reason_text", "details")),
}

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION cts_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
"""


def keep_append_only(connection: Connection) -> None:
    """Make the triggers anew."""
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.execute(text(_POSTGRES_FUNCTION))
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _make(connection, table, verb, postgres=postgres)


def _make(connection: Connection, table: str, verb: str, *, postgres: bool) -> None:
    name, permitted = f"{table}_no_{verb.lower()}", _permitted(table, verb, postgres=postgres)
    if not postgres:
        when = f" WHEN NOT ({permitted})" if permitted else ""
        body = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        connection.execute(text(f"CREATE TRIGGER {name} BEFORE {verb} ON {table}{when} {body}"))
        return
    connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
    if not permitted:
        connection.execute(
            text(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION cts_append_only()")
        )
        return
    # The condition of a PostgreSQL trigger cannot look into another table; its function can.
    result = "NEW" if verb == "UPDATE" else "OLD"
    body = (
        f"BEGIN IF {permitted} THEN RETURN {result}; END IF; "
        "RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END"
    )
    connection.execute(text(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql"))
    connection.execute(text(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"))


def _permitted(table: str, verb: str, *, postgres: bool) -> str:
    """The condition under which a purge may do this to a row; '' for never."""
    purged = PURGED.get(table)
    if purged is None or (verb == "UPDATE") != bool(purged.emptied):
        return ""
    permit = f"EXISTS (SELECT 1 FROM purge_permit p WHERE p.{purged.by} = OLD.{purged.by})"  # noqa: S608 - our own names
    same = "IS NOT DISTINCT FROM" if postgres else "IS"
    kept = [c.name for c in Row.metadata.tables[table].columns if c.name not in purged.emptied]
    return " AND ".join([permit, *(f"NEW.{c} {same} OLD.{c}" for c in kept if verb == "UPDATE")])
