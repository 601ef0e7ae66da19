"""`python -m cts send`: send the e-mails that are due, once or until told to stop."""

import argparse
import signal
import threading
from datetime import UTC, datetime
from types import FrameType

from cts.domain.counting import counted
from cts.jobs.send import run_forever, send_due
from cts.outside.mail import delivery
from cts.settings import settings
from db.session import open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--forever", action="store_true", help="go on until stopped (Ctrl-C or SIGTERM)")


def run(args: argparse.Namespace) -> int:
    """Send what is due; says how many were sent. The server does the same by itself, so this is for one that must not."""
    open_database(settings().database_url)
    if not args.forever:
        sent = send_due(lambda: datetime.now(UTC), delivery(settings()), settings())
        print(f"{counted(sent, 'e-mail was', 'e-mails were')} sent.")
        return 0
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    run_forever(stop)
    return 0
