"""E-mails owed: written in the step's own transaction, claimed and marked by the job that sends them (cts/jobs/send.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, Update, insert, or_, select, update
from sqlalchemy.orm import Session

from cts.domain.addresses import document_address
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Document
from cts.outside.mail import Detail, short_line
from cts.services.digests import DIGEST, renewed
from cts.services.email_details import document_of_entry, wanted_details
from cts.services.email_kinds import LEADS_TO
from cts.services.links import LINK_EMAILS, address_of_new_link
from db.models import EmailOwed, Person
from db.models.rows import table_of
from db.session import reading, writing

CLAIM_MINUTES = 10
"""After this a claimed e-mail that was neither sent nor refused is free again: its sender was killed."""

RETRY_MINUTES = (1, 5, 15, 60)
"""Waits after the first, second, … temporary failure; the last one repeats."""

MOST_ATTEMPTS = 75
"""Three days of hourly attempts; then somebody has to look at it (the e-mail log offers to try again)."""

NO_ADDRESS = "No e-mail address is known for this person."
NOT_ACTIVE = "This person no longer works with CTS."


@dataclass(frozen=True)
class DueEmail:
    """One claimed e-mail with what it takes to compose it. `obstacle` says why this person can get none; '' when all is well.

    `key` names the owed e-mail for ever, so that one sent twice can be recognised. `path` is what its link opens within CTS.
    """

    id: int
    key: str
    template: str
    to_name: str
    to_address: str
    number: int | None
    details: Mapping[str, Detail]
    obstacle: str
    path: str = ""


def owe_email(
    session: Session,
    *,
    history_id: int | None,
    template: str,
    to_person: Person,
    assignment_number: int | None,
    details: Mapping[str, object] | None = None,
    now: datetime,
    begun: bool = False,
) -> int | None:
    """Owe one e-mail in the caller's transaction: it is sent if, and only if, that transaction is saved.

    Of `details` only what the text of the e-mail names is kept; what it names and the caller did not give (who acted, agency, Advocate, case
    worker, office) is read from the history entry and the assignment; which document it is about, from the history entry first. Returns the
    id, or None when this history entry owed the same e-mail to the same person already. A person without an address, or no longer active,
    gets a row that has failed from the start, so that the e-mail log shows it and can send it once there is an address. `begun`: the history
    entry began in this very transaction; the caller owes nobody the same twice, and says which document it is about. Raises CannotCompose
    for an unknown template or a missing detail.
    """
    if not begun and history_id is not None and _owed_before(session, history_id, template, to_person.id):
        return None
    obstacle, given = _obstacle(to_person), details or {}
    about = str(given.get("document", "")) if begun else ""
    owed = {
        "history_id": history_id,
        "template": template,
        "to_person_id": to_person.id,
        "to_address": to_person.email,
        "assignment_number": assignment_number,
        "details": wanted_details(session, template, given, history_id, assignment_number, about),
        "created_at": now,
        "due_at": now,
        "failed_at": now if obstacle else None,
        "last_error": obstacle,
    }
    return int(session.execute(_OWED, owed).inserted_primary_key[0])  # type: ignore[attr-defined]


def owe_notice(
    session: Session, person: Person, template: str, details: Mapping[str, object], now: datetime
) -> int | None:
    """Owe one e-mail about no history entry and no assignment, in the caller's transaction; otherwise as `owe_email`."""
    return owe_email(
        session,
        history_id=None,
        template=template,
        to_person=person,
        assignment_number=None,
        details=details,
        now=now,
    )


_OWED = insert(table_of(EmailOwed))


def _owed_before(session: Session, history_id: int, template: str, person_id: int) -> bool:
    same = (
        EmailOwed.history_id == history_id,
        EmailOwed.template == template,
        EmailOwed.to_person_id == person_id,
    )
    return session.scalar(select(EmailOwed.id).where(*same)) is not None


def owe_email_to(session: Session, address: str, template: str, details: Mapping[str, Detail], now: datetime) -> None:
    """Owe one e-mail in the caller's transaction to an address of the settings, about no assignment."""
    owed = EmailOwed(template=template, to_address=address, details=details, created_at=now, due_at=now)
    session.add(owed)


def claim_due(now: datetime, claimant: str, limit: int = 1) -> tuple[DueEmail, ...]:
    """Claim up to `limit` e-mails that are due, oldest first; no other sender gets them for CLAIM_MINUTES.

    Name and address are the person's present ones: somebody may have left, or have a new address, since it was owed. A reminder is written
    anew from what still waits.
    """
    due = select(EmailOwed.id).where(*_free(now)).order_by(EmailOwed.due_at, EmailOwed.id).limit(limit)
    with reading() as session:
        if session.scalar(due) is None:  # the usual case: nothing to do, and no writer kept waiting
            return ()
    with writing() as session:
        # PostgreSQL: a row that another sender is claiming is passed over. SQLite: one writer at a time.
        ids = [
            i for i in session.scalars(due.with_for_update(skip_locked=True)).all() if _claim(session, i, claimant, now)
        ]
        rows = session.execute(owed_with_person().where(EmailOwed.id.in_(ids)).order_by(EmailOwed.due_at, EmailOwed.id))
        return tuple(_as_due(session, owed, person, now) for owed, person in rows.all())


def mark_sent(owed_id: int, now: datetime) -> None:
    """The message was taken. True whoever holds the claim by now: it has been sent."""
    with writing() as session:
        session.execute(
            _of(owed_id)
            .where(EmailOwed.sent_at.is_(None))
            .values(sent_at=now, failed_at=None, claimed_by="", claimed_at=None, last_error="")
        )


def mark_failed(owed_id: int, claimant: str, reason: str, now: datetime, *, permanent: bool) -> None:
    """The message was not taken: never again (`permanent`), or again after a growing wait. Ignored when the claim is another's by now."""
    with writing() as session:
        attempts = session.scalar(select(EmailOwed.attempts).where(EmailOwed.id == owed_id)) or 1
        wait = RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1]
        session.execute(
            _of(owed_id)
            .where(EmailOwed.claimed_by == claimant, EmailOwed.sent_at.is_(None))
            .values(
                failed_at=now if permanent or attempts >= MOST_ATTEMPTS else None,
                due_at=now + timedelta(minutes=wait),
                claimed_by="",
                claimed_at=None,
                last_error=short_line(reason) or "Unknown reason.",
            )
        )


def owed_with_person() -> Select[EmailOwed, Person | None]:
    """Every e-mail owed, with the person it is for; None where it is for an address of the settings."""
    return select(EmailOwed, Person).outerjoin(Person, Person.id == EmailOwed.to_person_id)


def name_of(owed: EmailOwed, person: Person | None) -> str:
    """Whom the e-mail addresses; without a person the address itself."""
    return spoken_name(person.name) if person else owed.to_address


def key_of_owed(owed: EmailOwed) -> str:
    """The key of an owed e-mail, part of its Message-ID."""
    return f"cts-{owed.id:08d}-{owed.created_at:%Y%m%dT%H%M%S%f}"


def path_of(session: Session, owed: EmailOwed) -> str:
    """What the link of an e-mail opens: the very document; '' for the assignment, where its Referral is."""
    if owed.template in LEADS_TO:
        return LEADS_TO[owed.template]
    if owed.history_id is None or owed.assignment_number is None:
        return ""
    found = document_of_entry(session, owed.history_id)
    if found is None or found[0] is Document.REFERRAL:
        return ""
    return document_address(owed.assignment_number, *found)


def _of(owed_id: int) -> Update:
    return update(EmailOwed).where(EmailOwed.id == owed_id).execution_options(synchronize_session=False)


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    expired = EmailOwed.claimed_at <= now - timedelta(minutes=CLAIM_MINUTES)
    return (
        EmailOwed.sent_at.is_(None),
        EmailOwed.failed_at.is_(None),
        EmailOwed.due_at <= now,
        or_(EmailOwed.claimed_at.is_(None), expired),
    )


def _claim(session: Session, owed_id: int, claimant: str, now: datetime) -> bool:
    """Compare-and-set: of two senders exactly one gets it."""
    claim = _of(owed_id).where(*_free(now))
    done = session.execute(claim.values(claimed_by=claimant, claimed_at=now, attempts=EmailOwed.attempts + 1))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _as_due(session: Session, owed: EmailOwed, person: Person | None, now: datetime) -> DueEmail:
    obstacle, path = _obstacle(person) if person else "", path_of(session, owed)
    if person and not obstacle:
        owed.to_address = person.email
        if owed.template == DIGEST:
            obstacle = _renew(session, owed, person, now)
        elif owed.template in LINK_EMAILS.values():
            path, obstacle = address_of_new_link(session, owed.id, now)
    return DueEmail(
        id=owed.id,
        key=key_of_owed(owed),
        template=owed.template,
        to_name=name_of(owed, person),
        to_address=owed.to_address,
        number=owed.assignment_number,
        details=owed.details,
        obstacle=obstacle,
        path=path,
    )


def _renew(session: Session, owed: EmailOwed, person: Person, now: datetime) -> str:
    """Write a reminder anew; returns why it is not needed any more, or ''."""
    found = renewed(session, owed.id, person, now)
    if isinstance(found, str):
        return found
    owed.details = found
    return ""


def _obstacle(person: Person) -> str:
    if not person.active:
        return NOT_ACTIVE
    return "" if person.email.strip() else NO_ADDRESS
