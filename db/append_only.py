"""Tables whose rows are written once: triggers refuse to change or delete them, on both databases.

One thing passes: the purge of an assignment (cts/services/purge.py), for the rows of that assignment, in the tables and columns named in
PURGED and no others. The triggers look for its permit (purge_permit), which the purge writes and removes in its own transaction. The access
log and the certificates of purges pass never.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from db.models import Row

RESEALED = "sealed_answers"
"""The one column of a row written once that may be written anew: with another key, the same content (`python -m cts rotate-keys`). What
was changed otherwise does not open any more."""

APPEND_ONLY = (
    "history_entry",
    "access_entry",
    "signature",
    "document_version",
    "client_update",
    "purge_certificate",
    "audit_anchor",
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

_POSTGRES_FORWARD = """
CREATE OR REPLACE FUNCTION cts_only_forward() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.last_id > OLD.last_id AND NEW.entries > OLD.entries THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the head of the access log moves forward only, and is never changed otherwise';
END $$ LANGUAGE plpgsql
"""


def is_kept(connection: Connection) -> bool:
    """Whether every trigger is there. (A changed one comes with a migration, which makes all of them anew.)"""
    postgres = connection.dialect.name == "postgresql"
    names = "SELECT tgname FROM pg_trigger" if postgres else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    head = {"access_head_forward"} if postgres else {"access_head_no_update", "access_head_no_delete"}
    wanted = head | {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")}
    return wanted <= set(connection.scalars(text(names)))


def keep_append_only(connection: Connection) -> None:
    """Make the triggers anew."""
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.execute(text(_POSTGRES_FUNCTION))
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _make(connection, table, verb, postgres=postgres)
    _keep_head_forward(connection)


def _make(connection: Connection, table: str, verb: str, *, postgres: bool) -> None:
    name, permitted = f"{table}_no_{verb.lower()}", _permitted(table, verb, postgres=postgres)
    columns = [column.name for column in Row.metadata.tables[table].columns]
    if verb == "UPDATE" and RESEALED in columns:
        verb = f"UPDATE OF {', '.join(c for c in columns if c != RESEALED)}"
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
    result = "OLD" if verb == "DELETE" else "NEW"
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


def _keep_head_forward(connection: Connection) -> None:
    """The one row of access_head is never deleted, and names an ever newer entry."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_POSTGRES_FORWARD))
        connection.execute(text("DROP TRIGGER IF EXISTS access_head_forward ON access_head"))
        connection.execute(
            text(
                "CREATE TRIGGER access_head_forward BEFORE UPDATE OR DELETE ON access_head FOR EACH ROW"
                " EXECUTE FUNCTION cts_only_forward()"
            )
        )
        return
    refused = "BEGIN SELECT RAISE(ABORT, 'the head of the access log moves forward only, and is never changed otherwise'); END"
    back = "WHEN NEW.last_id <= OLD.last_id OR NEW.entries <= OLD.entries"
    for verb, when in (("UPDATE", back), ("DELETE", "")):
        name = f"access_head_no_{verb.lower()}"
        connection.execute(text(f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON access_head {when} {refused}"))
