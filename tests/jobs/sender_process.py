"""A sender as a process of its own, to be raced and killed: `python -m tests.jobs.sender_process DATABASE_URL NOW`.

It takes the mail server from CTS_SMTP_…, says "ready", waits for a line, sends what is due at NOW (ISO) and says how many that were.
"""

import os
import sys
from datetime import datetime

from cts.jobs.send import send_due
from cts.outside.mail import delivery
from cts.settings import read_settings
from db.session import open_database


def main(url: str, now: str) -> None:
    installation = read_settings(os.environ)
    open_database(url)
    print("ready", flush=True)
    sys.stdin.readline()
    print(send_due(lambda: datetime.fromisoformat(now), delivery(installation), installation), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
