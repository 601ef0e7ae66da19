"""Tables whose rows are written once: triggers refuse to change or delete them, on both databases."""

from sqlalchemy import Connection, inspect, text

RESEALED = "sealed_answers"
"""The one column of a row written once that may be written anew: with another key, the same content (`python -m cts rotate-keys`). What
was changed otherwise does not open any more."""

APPEND_ONLY = ("history_entry", "access_entry", "signature", "document_version", "client_update")

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION cts_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
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
