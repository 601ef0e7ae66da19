"""`python -m cts load-extract FILE`: load a CWS/CMS extract, or say what it would change."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from cts.domain.extract import looks_partial
from cts.services.actor import SYSTEM
from cts.services.extract import ExtractPreview, ExtractReport, Loader, load_extract, preview_extract, refused_lines_csv
from cts.services.extract_run import INTERRUPTED, ProgressFile, loader_of, opened_upload
from cts.services.refusals import Refusal
from cts.settings import settings
from db.migrate import migrate
from db.session import close_database, open_database

LOADED, NOTHING_LOADED = 0, 1
_SHOWN = 20
_WORDS = {
    "lines": "lines in the file",
    "new": "new assignments",
    "changed": "changed",
    "closed": 'of these closed as "Flag ended"',
    "attention": "flag ended while in service: stay open, marked for attention",
    "unchanged": "unchanged",
    "gone": "no longer in the extract: kept and marked",
    "repeats": "exact repeats, ignored",
    "refused": "lines refused",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("file", type=Path, help="the extract, .csv or .xlsx")
    parser.add_argument("--preview", action="store_true", help="say what would change, and change nothing")
    parser.add_argument("--force", action="store_true", help="load it although a newer extract has been loaded")
    parser.add_argument("--refused", type=Path, metavar="OUT.csv", help="write the refused lines with their reasons")
    parser.add_argument("--file-name", default="", help="the name to show and keep instead of the file's own")
    parser.add_argument(
        "--kept-upload", action="store_true", help="FILE is an upload that the page has kept, encrypted"
    )
    parser.add_argument("--loaded-by", type=int, metavar="PERSON", help="number of the person who asked for it")
    parser.add_argument(
        "--progress-file", type=Path, metavar="PATH", help="keep a JSON file with fraction, words, done, error, report"
    )


def run(args: argparse.Namespace) -> int:
    """Load or preview; returns 0 when that was done, 1 when nothing was. Refused lines do not hinder the others."""
    progress = ProgressFile(args.progress_file, sealed=args.kept_upload) if args.progress_file else None
    try:
        with opened_upload(args.file) if args.kept_upload else nullcontext(args.file) as path:
            result = _do(args, path, progress)
    except (Refusal, OSError) as problem:
        sentence = str(problem) if isinstance(problem, Refusal) else f"{args.file}: {problem.strerror}."
        if progress:
            progress.failed(sentence)
        print(sentence, file=sys.stderr)
        return NOTHING_LOADED
    except BaseException:
        if progress:
            progress.failed(INTERRUPTED)
        raise
    finally:
        close_database()
    if progress:
        progress.done(asdict(result))
    print(_summary(result))
    return LOADED


def _do(args: argparse.Namespace, path: Path, progress: ProgressFile | None) -> ExtractPreview | ExtractReport:
    chosen = settings()
    chosen.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("rb"):
        migrate(open_database(chosen.database_url))
    actor: Loader = SYSTEM if args.loaded_by is None else loader_of(args.loaded_by)
    now = datetime.now(UTC)

    def tell(fraction: float, words: str) -> None:
        if progress:
            progress.tell(fraction, words)
        if sys.stderr.isatty():
            print(f"\r{fraction:4.0%}  {words:<30}", end="" if fraction < 1 else "\n", file=sys.stderr, flush=True)

    if args.preview:
        preview = preview_extract(actor, path, now, progress=tell, file_name=args.file_name)
        _write_refused(args, lambda: refused_lines_csv(actor, path, now))
        return preview
    report = load_extract(actor, path, now, force=args.force, progress=tell, file_name=args.file_name)
    _write_refused(args, lambda: refused_lines_csv(actor, report.load_id, now))
    return report


def _write_refused(args: argparse.Namespace, content: object) -> None:
    if args.refused and callable(content):
        with os.fdopen(os.open(args.refused, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content())


def _summary(result: ExtractPreview | ExtractReport) -> str:
    looked = isinstance(result, ExtractPreview)
    verb = "would change" if looked else "loaded"
    lines = [f"{result.file_name}, extract of {result.extract_on:%m/%d/%Y}: {verb}"]
    counts = result.counts.as_dict()
    lines += [f"{counts[name]:>9,}  {words}" for name, words in _WORDS.items()]
    lines += [f"Unknown office, added inactive: {office}" for office in result.unknown_offices]
    if isinstance(result, ExtractPreview) and result.older_than:
        lines.append(f"It is older than the last extract loaded ({result.older_than:%m/%d/%Y}): --force loads it.")
    listed = counts["gone"] + counts["changed"] + counts["unchanged"]
    if looks_partial(counts["gone"], listed):
        lines.append(f"{counts['gone']:,} of {listed:,} assignments listed before are not in it: is the file whole?")
    # No value of a line is printed here: it may be a youth's name, and logs are kept.
    shown = result.refusals[:_SHOWN]
    lines += [f"line {r.line_number}, {r.column or 'whole line'}: {r.problem}" for r in shown]
    if len(result.refusals) > len(shown):
        lines.append("… more: --refused OUT.csv writes all of them.")
    return "\n".join(lines)
