"""Sends the e-mails owed. Any number of servers may run it: each e-mail is claimed in the database, sent, then marked.

Delivery is at least once. A sender that is killed between sending and marking leaves its claim behind; after ten minutes another sender
sends that one e-mail again, with the same Message-ID, so that mail systems (and the folder of .eml files, where it replaces itself) can
see that it is the same. The other order, marking before sending, would lose e-mails instead, and a lost one nobody notices.
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

from cts.outside.mail import (
    CannotCompose,
    Deliver,
    NotDelivered,
    PermanentFailure,
    ServerUnavailable,
    TemporaryFailure,
    compose,
    delivery,
)
from cts.services.account_links import owe_links_asked_for
from cts.services.digests import NOT_NEEDED
from cts.services.outbox import DueEmail, claim_due, mark_failed, mark_sent
from cts.settings import Settings, settings

LOG = logging.getLogger("cts.send")
Clock = Callable[[], datetime]


def send_due(now: Clock, deliver: Deliver, installation: Settings, stop: threading.Event | None = None) -> int:
    """Send every e-mail that is due; returns how many were sent. `now` gives the aware present moment.

    One e-mail that cannot be sent stops no other. Only when the mail server itself cannot be used does the pass end early: the rest stay due.
    Whoever asked for a link to set a passphrase is owed it first.
    E-mails are claimed one by one, so that a slow server never lets a claim run out before its turn.
    """
    owe_links_asked_for(now())
    claimant = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
    sent = 0
    while not (stop and stop.is_set()):
        claimed = claim_due(now(), claimant)
        if not claimed:
            break
        fault = _send(claimed[0], claimant, now, deliver, installation)
        if isinstance(fault, ServerUnavailable):
            break
        sent += fault is None
    return sent


def run_forever(stop: threading.Event) -> None:
    """Send what is due every few seconds until `stop` is set. Whatever goes wrong is logged, and tried again."""
    installation = settings()
    deliver = delivery(installation)
    while not stop.is_set():
        try:
            send_due(lambda: datetime.now(UTC), deliver, installation, stop)
        except Exception:
            LOG.exception("E-mails could not be sent now; they stay owed.")
        stop.wait(installation.mail_every_seconds)


def _send(due: DueEmail, claimant: str, now: Clock, deliver: Deliver, installation: Settings) -> NotDelivered | None:
    """Send one e-mail and write down the outcome; returns what went wrong, or None when it was sent."""
    fault: NotDelivered
    try:
        if due.obstacle:
            raise PermanentFailure(due.obstacle)
        deliver(_composed(due, now(), installation))
    except NotDelivered as error:
        fault = error
    except CannotCompose as error:
        fault = PermanentFailure(str(error))
    except Exception as error:
        LOG.exception("E-mail %d met an unexpected fault.", due.id)
        fault = TemporaryFailure(f"Unexpected fault: {type(error).__name__}.")
    else:
        mark_sent(due.id, now())
        return None
    needless = due.obstacle.startswith(NOT_NEEDED)
    LOG.log(
        logging.INFO if needless else logging.WARNING,
        "E-mail %d was not sent (%s); the e-mail log says why.",
        due.id,
        type(fault).__name__,
    )
    mark_failed(due.id, claimant, str(fault), now(), permanent=isinstance(fault, PermanentFailure))
    return fault


def _composed(due: DueEmail, sent_at: datetime, installation: Settings) -> EmailMessage:
    return compose(
        due.template,
        due.details,
        to_name=due.to_name,
        to_address=due.to_address,
        number=due.number,
        message_key=due.key,
        sent_at=sent_at,
        settings=installation,
        path=due.path,
    )
