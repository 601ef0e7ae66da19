"""`python -m cts restore FILE`: put a backup into the database of the settings."""

import argparse
import sys
from pathlib import Path

from cts.services.backups import restore_backup
from cts.services.refusals import Refusal

RESTORED, NOTHING_CHANGED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("file", type=Path, help="a file that `backup` has written")
    parser.add_argument("--replace", default="", metavar="NAME", help="the name of the database that it may replace")


def run(args: argparse.Namespace) -> int:
    """Verify and restore; returns 0 when the database is that of the backup, 1 when nothing was changed."""
    try:
        found = restore_backup(args.file, args.replace)
    except Refusal as problem:
        print(f"Nothing was restored. {problem}", file=sys.stderr)
        return NOTHING_CHANGED
    print(f"The database is as it was on {found.made_at}. Start CTS: it brings the tables up to date.")
    return RESTORED
