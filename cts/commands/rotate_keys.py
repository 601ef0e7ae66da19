"""`python -m cts rotate-keys`: seal everything with the first of CTS_DATA_KEYS, while the server runs."""

import argparse
import sys

from cts.outside.sealing import present_key
from cts.services.key_rotation import kept_under, seal_anew
from cts.settings import settings
from db.migrate import migrate
from db.session import close_database, open_database

DONE, NOT_ALL = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--count", action="store_true", help="only say how much is kept under each key")


def run(args: argparse.Namespace) -> int:
    """Seal anew; returns 0 when everything is under the first key, 1 when something is not."""
    migrate(open_database(settings().database_url))
    try:
        not_opened = 0 if args.count else seal_anew(_tell)
        under = kept_under()
    finally:
        close_database()
    first = present_key()
    for key in sorted({first, *under}, key=lambda name: (name != first, name)):
        kinds = under.get(key, {})
        words = ", ".join(f"{count:,} {called}" for called, count in kinds.items())
        print(f"{key}{' (the first key)' if key == first else ''}: {words or 'nothing'}")
    if set(under) <= {first}:
        print("Everything is under the first key. Backups need the key they were made with as long as they are kept.")
        return DONE
    if not_opened:
        print(f"{not_opened:,} values could not be opened; the lines above this one name them.", file=sys.stderr)
    print("Not everything is under the first key: keep the other keys in CTS_DATA_KEYS.", file=sys.stderr)
    return NOT_ALL


def _tell(called: str, done: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{called}: {done:,} sealed anew", end="", file=sys.stderr, flush=True)
