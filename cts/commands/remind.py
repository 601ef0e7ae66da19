"""`python -m cts remind`: owe the reminders of today at once."""

import argparse
from datetime import UTC, datetime

from cts.domain.counting import counted
from cts.services.reminders import make_digests
from cts.settings import settings
from db.session import open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options."""


def run(args: argparse.Namespace) -> int:
    """Owe what is not owed yet, whatever the hour; says how many. The server does the same by itself once a day."""
    open_database(settings().database_url)
    owed = make_digests(datetime.now(UTC))
    print(f"{counted(owed, 'reminder is', 'reminders are')} owed.")
    return 0
