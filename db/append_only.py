"""Tables whose rows are written once: triggers refuse to change or delete them, on both databases."""

from sqlalchemy import Connection, inspect, text

RESEALED = "sealed_answers"
"""The one column of a row written once that may be written anew: with another key, the same content (`python -m cts rotate-keys`). What
was changed otherwise does not open any more."""

APPEND_ONLY = ("history_entry", "access_entry", "signature", "document_version", "client_update", "audit_anchor")

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


def keep_append_only(connection: Connection) -> None:
    """Make the triggers anew; harmless when they exist."""
    postgres = connection.dialect.name == "postgresql"
    columns = {t: [c["name"] for c in inspect(connection).get_columns(t)] for t in APPEND_ONLY}
    if postgres:
        connection.execute(text(_POSTGRES_FUNCTION))
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            resealed = verb == "UPDATE" and RESEALED in columns[table]
            event = f"UPDATE OF {', '.join(c for c in columns[table] if c != RESEALED)}" if resealed else verb
            if postgres:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
                connection.execute(
                    text(
                        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION cts_append_only()"
                    )
                )
            else:
                body = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
                connection.execute(text(f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {table} {body}"))
    _keep_head_forward(connection)


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
