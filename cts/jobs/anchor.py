"""Anchors the access log once a day: an e-mail is owed and a line is added to the file of every server.

Any number of servers may run it, any number of times: the database keeps one anchor a day, and the file one line a day.
"""

import logging
import socket
import threading
from datetime import UTC, date, datetime

from cts.domain.calendar import office_time
from cts.outside.anchor_file import append_anchors
from cts.services.anchors import make_anchor, recent_anchors
from cts.settings import Settings, settings

LOG = logging.getLogger("cts.anchor")
EVERY_SECONDS = 300


def anchor_if_time(now: datetime, installation: Settings, done: date | None) -> date | None:
    """Anchor the day once the office's clock has passed the hour of the settings; returns the last day that is done (see cts/jobs/remind.py)."""
    local = office_time(now, installation.time_zone)
    if local.date() == done or local.hour < installation.anchor_at_hour:
        return done
    make_anchor(now, socket.gethostname())
    append_anchors(installation.anchor_path, recent_anchors(now))
    return local.date()


def run_forever(stop: threading.Event) -> None:
    """Look every few minutes until `stop` is set. Whatever goes wrong is logged, and tried again."""
    installation, done = settings(), None
    while not stop.is_set():
        try:
            done = anchor_if_time(datetime.now(UTC), installation, done)
        except Exception:
            LOG.exception("The access log could not be anchored now; it is at the next look.")
        stop.wait(EVERY_SECONDS)
