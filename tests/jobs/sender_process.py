"""A sender as a process of its own, to be raced and killed: `python -m tests.jobs.sender_process DATABASE_URL NOW`.

It takes the mail server from CTS_SMTP_…, says "ready", waits for a line, sends what is due at NOW (ISO) and says how many that were.
"""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from cts.jobs.send import send_due
from cts.outside.mail import delivery
from cts.settings import read_settings
from db.session import open_database
from tests.parts.mail_server import SmtpServer

PROJECT = Path(__file__).resolve().parents[2]


def main(url: str, now: str) -> None:
    installation = read_settings(os.environ)
    open_database(url)
    print("ready", flush=True)
    sys.stdin.readline()
    print(send_due(lambda: datetime.fromisoformat(now), delivery(installation), installation), flush=True)


def start_sender(url: str, server: SmtpServer, now: datetime) -> subprocess.Popen[str]:
    """The process, ready for `go`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.sender_process", url, now.isoformat()],
        cwd=PROJECT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("CTS_")},
            **server.settings(),
            "CTS_SECRET_KEY": "s" * 32,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    """It begins to send."""
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
