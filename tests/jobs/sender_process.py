"""A sender as a process of its own, to be raced and killed."""

from datetime import datetime
from functools import partial

from cts.jobs.send import send_due
from cts.outside.mail import delivery
from cts.settings import read_settings
from tests.parts.forked import Waiting, machine_environment
from tests.parts.mail_server import SmtpServer


def send(environment: dict[str, str], now: datetime) -> int:
    """Send what is due; how many that were."""
    installation = read_settings(environment)
    return send_due(lambda: now, delivery(installation), installation)


def start_sender(url: str, server: SmtpServer, now: datetime) -> Waiting:
    """The process, ready for `go`. It takes the mail server from CTS_SMTP_…"""
    environment = {**machine_environment(), **server.settings(), "CTS_SECRET_KEY": "s" * 32}
    return Waiting(url, partial(send, environment, now))
