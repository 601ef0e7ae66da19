"""`python -m cts doctor`: make every check now and say in plain words what is wrong and how to mend it. Changes nothing."""

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from cts.domain.counting import counted
from cts.services.check_runs import make_run
from cts.services.checks import Outcome, look
from cts.settings import settings
from db.session import close_database, open_database

WELL, WRONG = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--json", action="store_true", help="for machines: one JSON list, a check each")
    parser.add_argument(
        "--run", type=int, metavar="ID", help="make the run that the page Health began, and keep its result"
    )


def run(args: argparse.Namespace) -> int:
    """Check; returns 0 when all is well, 1 when anything is wrong."""
    open_database(settings().database_url)
    try:
        now = datetime.now(UTC)
        outcomes = look(now) if args.run is None else make_run(args.run, now)
    finally:
        close_database()
    print(_as_json(outcomes) if args.json else _as_text(outcomes))
    return WRONG if any(o.total for o in outcomes) else WELL


def _as_json(outcomes: Sequence[Outcome]) -> str:
    rows = [
        {
            "check": o.key,
            "title": o.check.title,
            "found": o.total,
            "first": list(o.shown),
            "not_checked_here": o.not_here or None,
        }
        for o in outcomes
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _as_text(outcomes: Sequence[Outcome]) -> str:
    wrong = [o for o in outcomes if o.total]
    not_here = [o for o in outcomes if o.not_here]
    made = counted(len(outcomes) - len(not_here), "check was", "checks were")
    lines = [f"{made} made; {len(wrong)} found something."]
    for outcome in wrong:
        lines += ["", f"NOT SO: {outcome.check.title}. Found: {outcome.words}."]
        lines += [f"  {outcome.check.meaning}", *(f"  - {text}" for text in outcome.shown)]
        lines += ["  - …"] if outcome.total > len(outcome.shown) else []
        lines += [f"  To mend it: {outcome.check.mend}"]
    lines += ["", "Not checked here:", *(f"  {o.check.title}: {o.not_here}" for o in not_here)] if not_here else []
    well = [o.check.title for o in outcomes if o.well]
    lines += ["", "Well:", *(f"  {title}" for title in well)] if well else []
    return "\n".join(lines)
