"""A server in miniature that makes reminders, to be raced: `python -m tests.jobs.reminder_process DATABASE_URL NOW`.

It says "ready", waits for a line, makes the digests of NOW (ISO) and says how many those were.
"""

import sys
from datetime import datetime

from cts.services.reminders import make_digests
from db.session import open_database


def main(url: str, now: str) -> None:
    open_database(url)
    print("ready", flush=True)
    sys.stdin.readline()
    print(make_digests(datetime.fromisoformat(now)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
