"""`python -m cts purge`: put on the list what is due, keep the certificates, purge a restored backup again. Purges nothing new."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from cts.domain.counting import counted
from cts.services.certificates import purge_again, write_certificates
from cts.services.refusals import Refusal
from cts.services.retention import propose
from cts.settings import settings
from db.session import close_database, open_database

DONE, NOT_ALL = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command: one of them."""
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--mark", action="store_true", help="put on the list of the page Retention what is due by now")
    chosen.add_argument("--certificates", type=Path, metavar="FOLDER", help="write every certificate into this folder")
    chosen.add_argument(
        "--again",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="FOLDER",
        help="after a backup was restored: purge what these certificates say (those of CTS_VAR_DIR unless another folder is named)",
    )


def run(args: argparse.Namespace) -> int:
    """Do it; returns 0, or 1 when a certificate could not be followed."""
    open_database(settings().database_url)
    try:
        return _do(args)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return NOT_ALL
    finally:
        close_database()


def _do(args: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    if args.mark:
        due = counted(propose(now), "more assignment is", "more assignments are")
        print(f"{due} due. Two people of CSEC Administration purge them on the page Retention.")
        return DONE
    if args.certificates is not None:
        print(f"{counted(write_certificates(args.certificates), 'certificate was', 'certificates were')} written.")
        return DONE
    done = purge_again(now, None if args.again == Path() else args.again)
    for again in done:
        print(f"Assignment {again.number} {again.sentence}.")
    return DONE if all(again.purged or again.sentence == "is purged" for again in done) else NOT_ALL
