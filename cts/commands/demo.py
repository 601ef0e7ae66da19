"""`python -m cts demo --years 3`: add years of believable history to the demonstration. Refuses production."""

import argparse
import sys
from datetime import UTC, datetime

from cts.services.demonstration import PASSPHRASE
from cts.services.demonstration_years import YOUTH_A_YEAR, load_years
from cts.services.refusals import Refusal
from cts.settings import UnsafeSettings, settings
from db.migrate import migrate
from db.session import close_database, open_database

MADE, NOTHING_MADE = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--years", type=int, default=3, help="how many years (default: 3)")
    parser.add_argument("--youth", type=int, default=YOUTH_A_YEAR, help=f"youth a year (default: {YOUTH_A_YEAR})")


def run(args: argparse.Namespace) -> int:
    """Fill the database; returns 0 when that was done, 1 when nothing was changed."""
    try:
        chosen = settings()
        chosen.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if chosen.demonstration:
            migrate(open_database(chosen.database_url))
        made = load_years(args.years, args.youth, datetime.now(UTC), _tell)
    except (Refusal, UnsafeSettings) as refusal:
        print(refusal, file=sys.stderr)
        return NOTHING_MADE
    finally:
        close_database()
    print("Made, of invented youth:", *(f"  {words}" for words in made.words), sep="\n")
    print(
        f'Start with: python -m cts serve. Sign in as admin, csw, scsw, coordinator or advocate; "{PASSPHRASE}" is the passphrase.'
    )
    return MADE


def _tell(fraction: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{fraction:4.0%}  years of history", end="" if fraction < 1 else "\n", file=sys.stderr, flush=True)
