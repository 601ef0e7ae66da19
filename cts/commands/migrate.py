"""`python -m cts migrate`: bring the database's tables up to date; "serve" does it too."""

import argparse

from cts.settings import settings
from db.migrate import migrate
from db.session import close_database, open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """This command has no options."""


def run(_args: argparse.Namespace) -> int:
    """Migrate; returns the exit status."""
    chosen = settings()
    chosen.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(open_database(chosen.database_url))
    close_database()
    print("The tables are up to date.")
    return 0
