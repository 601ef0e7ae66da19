"""Bring a database to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from db.append_only import is_kept, keep_append_only
from db.listing_keys import drop_listing_keys, keep_listing_keys, listing_keys_kept
from db.reference import add_offices

MIGRATIONS = Path(__file__).parent / "migrations"
_POSTGRES_LOCK = 10_001


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for one open connection; no alembic.ini is needed."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def revision_of(connection: Connection) -> str:
    """The revision the tables of a database are of; '' for none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def newest_revision(connection: Connection) -> str:
    """The revision this CTS brings a database to."""
    return ScriptDirectory.from_config(alembic_config(connection)).get_current_head() or ""


def migrate(engine: Engine) -> None:
    """Create or update all tables, in one transaction. Two servers that start together do it one after the other.

    A database that is up to date is left alone: triggers made anew would wait for whoever reads the access log, and let all others wait.
    """
    sqlite = engine.dialect.name == "sqlite"
    with engine.execution_options(cts_writing=True, cts_migrating=True).connect() as connection:
        with connection.begin():
            if not sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
            before = revision_of(connection)
            if before != newest_revision(connection):
                drop_listing_keys(connection)
            command.upgrade(alembic_config(connection), "head")
            changed = before != revision_of(connection)
            if changed or not is_kept(connection):
                keep_append_only(connection)
            if changed or not listing_keys_kept(connection):
                keep_listing_keys(connection)
            add_offices(connection)
            if changed and sqlite and (astray := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"A migration left {len(astray)} rows that refer to nothing; nothing was changed.")
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
