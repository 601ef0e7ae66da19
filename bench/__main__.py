"""`python -m bench`: measure, print a table. `--size` chooses the large size; 1,000,000 takes most of an hour and 15 GB of disk."""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.results import Result, table
from tests.parts.keys import A_DATA_KEY

os.environ.setdefault("CTS_DATA_KEYS", A_DATA_KEY)

Part = Callable[[Path, argparse.Namespace], Iterator[Result]]


def _sizes(folder: Path, args: argparse.Namespace) -> Iterator[Result]:
    from bench.asked import GROUPS
    from bench.databases import postgres, sqlite_at
    from bench.sizes import compare

    wanted = sorted({group.small for group in GROUPS} | {args.size})
    ask = partial(compare, size=args.size, processor=args.processor, only=args.only)
    if args.database in {"both", "sqlite"}:
        kept = args.kept or folder
        kept.mkdir(parents=True, exist_ok=True)
        yield from ask("SQLite", {n: sqlite_at(kept, n) for n in wanted})
    server = postgres() if args.database in {"both", "postgres"} else None
    if server is not None:
        try:
            yield from ask("PostgreSQL", {n: server.new_database(migrated=False) for n in wanted})
        finally:
            server.close()


def _step(folder: Path, args: argparse.Namespace) -> Iterator[Result]:
    from bench.step import steps

    yield from steps(folder, args.database)


def _extract(folder: Path, args: argparse.Namespace) -> Iterator[Result]:
    from bench.extract import extracts

    yield from extracts(folder, args.lines)


def _pages(folder: Path, args: argparse.Namespace) -> Iterator[Result]:
    from bench.pages import pages

    yield from pages(folder, args.rows)


def _sessions(folder: Path, args: argparse.Namespace) -> Iterator[Result]:
    from bench.sessions import crowd

    yield from crowd(folder, args.rows, args.people, args.seconds)


def _browser(folder: Path, args: argparse.Namespace) -> Iterator[Result]:
    from bench.browser import loop

    yield from loop(folder, args.rows)


PARTS: dict[str, Part] = {
    "sizes": _sizes,
    "step": _step,
    "extract": _extract,
    "pages": _pages,
    "sessions": _sessions,
    "browser": _browser,
}


def main(arguments: list[str]) -> int:
    """Measure what was asked for; returns 0 when every limit was held, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--size", type=int, default=20_000, help="assignments of the large database (default: 20,000)")
    parser.add_argument("--rows", type=int, default=20_000, help="assignments behind the pages (default: 20,000)")
    parser.add_argument("--lines", type=int, default=20_000, help="lines of the extract (default: 20,000)")
    parser.add_argument("--people", type=int, default=50, help="people who are signed in at once (default: 50)")
    parser.add_argument("--seconds", type=int, default=30, help="how long they work (default: 30)")
    parser.add_argument("--database", choices=("both", "sqlite", "postgres"), default="both")
    parser.add_argument(
        "--kept", type=Path, help="where the SQLite databases of sizes stay, to be asked again by another run"
    )
    parser.add_argument("--only", default="", help="of sizes, the cases with this in their name")
    parser.add_argument(
        "--processor", action="store_true", help="of sizes, the time of processors: on a machine with other work"
    )
    parser.add_argument(
        "--full", action="store_true", help="the sizes of the requirements: 1,000,000; 100,000 rows; 200 people"
    )
    args = parser.parse_args(arguments)
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if args.full:
        args.size = args.lines = 1_000_000
        args.rows, args.people, args.seconds = 100_000, 200, 60
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}\n")
    results: list[Result] = []
    folder = Path(tempfile.mkdtemp(prefix="cts-bench-"))
    try:
        for name in args.parts or PARTS:
            found = list(PARTS[name](folder, args))
            print(table(found), "\n", flush=True)
            results += found
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    missed = [r for r in results if not r.held]
    print(f"{len(results)} measured, {len(missed)} over their limit; load at the end {os.getloadavg()[0]:.1f}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
