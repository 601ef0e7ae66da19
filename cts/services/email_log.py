"""The e-mail log: what was sent to whom, what waits, what could not be delivered. For CSEC Administration and Technical support."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from cts.domain.vocabulary import Role
from cts.outside.mail import CannotCompose, NotDelivered, compose, subject_of
from cts.services.access import admit, record_access
from cts.services.actor import Actor
from cts.services.digests import NOT_NEEDED
from cts.services.history import clock
from cts.services.outbox import NO_ADDRESS, NOT_ACTIVE, key_of_owed, name_of, owed_with_person, path_of
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.settings import settings
from db.models import EmailOwed, Person
from db.session import reading, writing

PAGE_SIZE = 25
READERS = frozenset({Role.ADMINISTRATION, Role.SUPPORT})
NO_SUCH_EMAIL = "There is no such e-mail in the log."


class EmailState(StrEnum):
    """Where an e-mail stands, in the words of the log."""

    WAITING = "Waiting"
    RETRYING = "Will be tried again"
    SENT = "Sent"
    FAILED = "Could not be delivered"
    NOT_NEEDED = "Not needed any more"


_UNDECIDED = and_(EmailOwed.sent_at.is_(None), EmailOwed.failed_at.is_(None))
_ENDED = and_(EmailOwed.sent_at.is_(None), EmailOwed.failed_at.is_not(None))
_NEEDLESS = EmailOwed.last_error.startswith(NOT_NEEDED, autoescape=True)
_IN_STATE: Mapping[EmailState, ColumnElement[bool]] = {
    EmailState.WAITING: and_(_UNDECIDED, EmailOwed.last_error == ""),
    EmailState.RETRYING: and_(_UNDECIDED, EmailOwed.last_error != ""),
    EmailState.SENT: EmailOwed.sent_at.is_not(None),
    EmailState.FAILED: and_(_ENDED, ~_NEEDLESS),
    EmailState.NOT_NEEDED: and_(_ENDED, _NEEDLESS),
}


CAN_TRY_AGAIN = frozenset({EmailState.FAILED, EmailState.RETRYING})


@dataclass(frozen=True)
class EmailLogLine:
    """One e-mail. `owed_at` is UTC; `sentence` says in plain words where it stands, in the office's time."""

    id: int
    subject: str
    to_name: str
    to_address: str
    assignment_number: int | None
    owed_at: datetime
    owed_when: str
    state: EmailState
    sentence: str
    can_try_again: bool


@dataclass(frozen=True)
class EmailLogPage:
    """One page of the log, newest first. `page` counts from 1; `total` is of all pages, `totals` of the whole log by state."""

    lines: tuple[EmailLogLine, ...]
    page: int
    pages: int
    total: int
    totals: Mapping[EmailState, int]


@dataclass(frozen=True)
class EmailText:
    """One e-mail to read: composed anew from what was owed, by the same function that composes it for sending."""

    sender: str
    to: str
    subject: str
    body: str
    line: EmailLogLine


def email_log(
    actor: Actor, *, now: datetime, page: int = 1, only: EmailState | None = None, opened: bool = False
) -> EmailLogPage:
    """One page of the log, of one state or of all; a page beyond the last is the last. Raises NotPermitted.

    `opened`: the page was just opened, and the look is logged.
    """
    _admit(actor, "read e-mail log", now)
    if opened:
        with writing() as session:
            record_access(session, actor, "read e-mail log", now)
    with reading() as session:
        counts = [func.count().filter(condition).label(state) for state, condition in _IN_STATE.items()]
        totals = dict(zip(_IN_STATE, session.execute(select(*counts)).one(), strict=True))
        total = totals[only] if only else sum(totals.values())
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), pages)
        chosen = owed_with_person().where(_IN_STATE[only]) if only else owed_with_person()
        rows = session.execute(chosen.order_by(EmailOwed.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
        return EmailLogPage(tuple(_line(owed, person) for owed, person in rows), page, pages, total, totals)


def email_text(actor: Actor, email_id: int, *, now: datetime, opened: bool = False) -> EmailText:
    """One e-mail as it is, or was, sent. Raises NotPermitted; Incomplete when it cannot be composed, e.g. without an address.

    `opened`: somebody just asked for it, and the look is logged.
    """
    _admit(actor, "read e-mail", now)
    if opened:
        with writing() as session:
            record_access(session, actor, "read e-mail", now, email_id=email_id)
    with reading() as session:
        owed, person = _fetch(session, email_id)
        line = _line(owed, person)
        try:
            message = compose(
                owed.template,
                owed.details,
                to_name=line.to_name,
                to_address=owed.to_address,
                number=owed.assignment_number,
                message_key=key_of_owed(owed),
                sent_at=owed.sent_at or now,
                settings=settings(),
                path=path_of(session, owed),
            )
        except (CannotCompose, NotDelivered) as error:
            raise Incomplete(f"This e-mail cannot be shown. {line.sentence}") from error
    return EmailText(str(message["From"]), str(message["To"]), str(message["Subject"]), message.get_content(), line)


def try_again(actor: Actor, email_id: int, *, now: datetime) -> None:
    """Make an e-mail that failed, or waits for its next attempt, due now. Recorded in the access log.

    Raises NotPermitted; Incomplete when the person still has no address or is no longer active; OutOfDate when it needs no new attempt.
    """
    _admit(actor, "send e-mail again", now)
    with writing() as session:
        owed, person = _fetch(session, email_id)
        if _state(owed) not in CAN_TRY_AGAIN:
            raise OutOfDate(f"This e-mail needs no new attempt. {_sentence(owed)}")
        owed.to_address, owed.due_at, owed.attempts = _address_now(owed, person), now, 0
        owed.failed_at, owed.last_error = None, ""
        record_access(session, actor, "send e-mail again", now, email_id=email_id)


def _address_now(owed: EmailOwed, person: Person | None) -> str:
    if person is None:
        return owed.to_address
    if not person.active:
        raise Incomplete(NOT_ACTIVE)
    if not person.email.strip():
        raise Incomplete(f"{NO_ADDRESS} Add the address first, then try again.")
    return person.email


def _admit(actor: Actor, action: str, now: datetime) -> None:
    admit(actor, READERS, action, now, "The e-mail log is open to CSEC Administration and Technical support.")


def _fetch(session: Session, email_id: int) -> tuple[EmailOwed, Person | None]:
    found = session.execute(owed_with_person().where(EmailOwed.id == email_id)).first()
    if found is None:
        raise NotPermitted(NO_SUCH_EMAIL)
    return found[0], found[1]


def _line(owed: EmailOwed, person: Person | None) -> EmailLogLine:
    state = _state(owed)
    try:
        subject = subject_of(owed.template, owed.assignment_number, owed.details)
    except CannotCompose:  # owed by another version of CTS: the log still shows the row
        subject = owed.template
    return EmailLogLine(
        id=owed.id,
        subject=subject,
        to_name=name_of(owed, person),
        to_address=owed.to_address,
        assignment_number=owed.assignment_number,
        owed_at=owed.created_at,
        owed_when=clock(owed.created_at),
        state=state,
        sentence=_sentence(owed),
        can_try_again=state in CAN_TRY_AGAIN,
    )


def _state(owed: EmailOwed) -> EmailState:
    if owed.sent_at is not None:
        return EmailState.SENT
    if owed.failed_at is not None:
        return EmailState.NOT_NEEDED if owed.last_error.startswith(NOT_NEEDED) else EmailState.FAILED
    return EmailState.RETRYING if owed.last_error else EmailState.WAITING


def _sentence(owed: EmailOwed) -> str:
    if owed.sent_at is not None:
        return f"Sent {clock(owed.sent_at)}."
    if _state(owed) is EmailState.NOT_NEEDED:
        return owed.last_error
    if owed.failed_at is not None:
        return f"Could not be delivered. {owed.last_error}"
    if owed.last_error:
        return f"Will be tried again {clock(owed.due_at)}. {owed.last_error}"
    return "Waiting to be sent."
