"""`python -m cts backup FILE`: everything in one encrypted file, while the server runs."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from cts.services.backups import make_backup
from cts.services.refusals import Refusal
from cts.settings import settings
from db.session import close_database, open_database

WRITTEN, NOTHING_WRITTEN = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("file", type=Path, help="the file to write; it must not be there yet")


def run(args: argparse.Namespace) -> int:
    """Write and verify; returns 0 when there is a backup, 1 when there is none."""
    open_database(settings().database_url)
    try:
        made = make_backup(args.file, datetime.now(UTC))
    except (Refusal, OSError) as problem:
        print(f"There is no backup. {problem}", file=sys.stderr)
        return NOTHING_WRITTEN
    finally:
        close_database()
    print(f"{args.file}: a backup of {made.kind}, {made.size:,} bytes of content, read again and compared.")
    print(
        f"It opens with the key {made.key!r} of CTS_DATA_KEYS: keep that key, apart from the backup, as long as the backup."
    )
    return WRITTEN
