"""`python -m cts verify-audit`: is the access log as it was written?"""

import argparse
import sys
import time
from pathlib import Path

from cts.domain.audit import Anchor
from cts.domain.counting import counted
from cts.outside.anchor_file import read_anchors
from cts.services.audit_chain import verify
from cts.settings import settings
from db.session import close_database, open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One option: where the anchors are."""
    parser.add_argument(
        "--anchors",
        type=Path,
        action="append",
        metavar="FILE",
        help="compare with the anchors of this file, such as a saved e-mail; may be given several times (default: the file of the settings)",
    )


def run(args: argparse.Namespace) -> int:
    """Verify and say what was found; exit status 1 when anything is wrong, 2 when a file of anchors cannot be read."""
    chosen = settings()
    try:
        anchors = [
            anchor for path in args.anchors or [chosen.anchor_path] for anchor in _read(path, bool(args.anchors))
        ]
    except OSError as error:
        print(f"The anchors cannot be read: {error.strerror} ({error.filename}).", file=sys.stderr)
        return 2
    open_database(chosen.database_url)
    began = time.monotonic()
    found = verify(anchors)
    close_database()
    seconds = max(time.monotonic() - began, 0.001)
    for finding in found.findings:
        print(finding.sentence)
    places = len(found.findings)
    broken = f"The access log is broken in {counted(places, 'place')}"
    outcome = "The access log is as it was written" if found.whole else broken
    size = f"{counted(found.entries, 'entry', 'entries')}, {counted(len(anchors), 'anchor')}"
    print(f"{outcome}: {size}, {seconds:.1f} seconds ({found.entries / seconds:,.0f} a second).")
    return 0 if found.whole else 1


def _read(path: Path, demanded: bool) -> tuple[Anchor, ...]:
    if demanded and not path.exists():
        raise FileNotFoundError(2, "no such file", str(path))
    return read_anchors(path)
