"""The work of the night: what is too old is removed, what is due to be purged is listed, every check is made.

Any number of servers may run it: the database gives each night to one.
"""

import logging
import threading
from datetime import UTC, date, datetime

from cts.domain.calendar import office_time
from cts.services.certificates import write_certificates
from cts.services.check_runs import claim_night, make_run
from cts.services.clean_up import clean_up
from cts.services.extract_run import forget_old_uploads
from cts.services.retention import propose
from cts.services.tallies import fold_counts
from cts.settings import Settings, settings

LOG = logging.getLogger("cts.nightly")
EVERY_SECONDS = 300


def work_if_time(now: datetime, installation: Settings, done: date | None) -> date | None:
    """Do the work of the night once the office's clock has passed the hour of the settings; returns the last day that is done.

    `done` is what this function said the last time. A night that another server does counts as done here too, once it has ended there or
    an hour later, when this server takes it over.
    """
    local = office_time(now, installation.time_zone)
    if local.date() == done or local.hour < installation.check_at_hour:
        return done
    run_id = claim_night(local.date(), now)
    if run_id is None:
        return done
    for part in (lambda: clean_up(now), lambda: propose(now), write_certificates, fold_counts):
        try:
            part()
        except Exception:
            # The checks are made all the same; what was left out is done the next night.
            LOG.exception("A part of the work of the night could not be done.")
    make_run(run_id, now)
    return local.date()


def run_forever(stop: threading.Event) -> None:
    """Look every few minutes until `stop` is set. Whatever goes wrong is logged, and tried again."""
    installation, done = settings(), None
    while not stop.is_set():
        try:
            # The folder of uploads is each server's own.
            forget_old_uploads(datetime.now(UTC))
            done = work_if_time(datetime.now(UTC), installation, done)
        except Exception:
            LOG.exception("The work of the night could not be done now; it is tried again.")
        stop.wait(EVERY_SECONDS)
