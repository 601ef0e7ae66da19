"""Owes the daily reminders. Any number of servers may run it, any number of times: the database keeps one digest a person a day.

They are sent by the job that sends all e-mails (cts/jobs/send.py).
"""

import logging
import threading
from datetime import UTC, date, datetime

from cts.domain.calendar import office_time
from cts.services.reminders import make_digests
from cts.settings import Settings, settings

LOG = logging.getLogger("cts.remind")
EVERY_SECONDS = 300


def remind_if_time(now: datetime, installation: Settings, done: date | None) -> date | None:
    """Owe the digests of the day once the office's clock has passed the hour of the settings; returns the last day that is done.

    What comes in during a day waits until the next, so one pass a day is enough: `done` is what this function said the last time.
    """
    local = office_time(now, installation.time_zone)
    if local.date() == done or local.hour < installation.remind_at_hour:
        return done
    make_digests(now)
    return local.date()


def run_forever(stop: threading.Event) -> None:
    """Look every few minutes until `stop` is set. Whatever goes wrong is logged, and tried again."""
    installation, done = settings(), None
    while not stop.is_set():
        try:
            done = remind_if_time(datetime.now(UTC), installation, done)
        except Exception:
            LOG.exception("Reminders could not be made now; they are made at the next look.")
        stop.wait(EVERY_SECONDS)
