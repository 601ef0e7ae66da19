"""What grows old by itself and needs no second person: drafts, sessions, sent e-mails, refused lines, counts of failed sign-ins.

The lengths are those of cts/domain/retention.py. Whatever belongs to an assignment under a legal hold stays.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, or_, select, update

from cts.domain.retention import Kind
from cts.domain.vocabulary import CLOSED_STATUSES, Document
from cts.domain.workflow import is_reviewed
from cts.services.holds import held
from cts.services.retention import lengths
from db.models import (
    AccountLink,
    AddressAttempts,
    Assignment,
    EmailOwed,
    ExportTicket,
    ExtractLoad,
    ExtractRefusal,
    PendingSignIn,
    Person,
    PurgeCertificate,
    ReminderDigest,
    ReminderItem,
    ReviewedDocument,
    SavedList,
    SignInSession,
    Stay,
)
from db.session import forget_deleted, reading, writing

BATCH = 2_000
"""Rows of one transaction: nobody waits long for it."""

OF_YOUTH = frozenset({Kind.DRAFT, Kind.REFUSAL})
PURGED_SINCE = timedelta(days=2)
TICKET_KEPT = timedelta(hours=1)


def clean_up(now: datetime) -> dict[Kind, int]:
    """Remove what is older than its rule (`now` is aware); returns how many of each kind. Any number of times: nothing is removed twice.

    Lists saved by people whose account has ended go too, where they did not go with it. When anything of a youth was
    removed, by this or by a purge, a SQLite file is written anew, so that nothing of it stays in the file.
    """
    limits = lengths()
    removed = {
        Kind.DRAFT: _drafts(now - timedelta(days=limits.draft_days)),
        Kind.EMAIL: _emails(now - timedelta(days=limits.email_days)),
        Kind.REFUSAL: _refusals(now - timedelta(days=limits.refusal_days)),
        Kind.SESSION: _sessions(now - timedelta(days=limits.session_days), now),
        Kind.ADDRESS: _addresses(now - timedelta(days=1)),
    }
    left = select(Person.id).where(~Person.active)
    _in_batches(SavedList, SavedList.id, SavedList.person_id.in_(left))
    with reading() as session:
        purged = PurgeCertificate.purged_at > now - PURGED_SINCE
        just_purged = session.scalar(select(PurgeCertificate.id).where(purged).limit(1)) is not None
    if just_purged or any(removed[kind] for kind in OF_YOUTH):
        forget_deleted()
    return removed


def _drafts(before: datetime) -> int:
    """The answers of documents that were never submitted and have been closed since; the document itself stays, empty."""
    reviewed = [kind for kind in Document if is_reviewed(kind)]
    ended = select(func.max(Stay.left_at)).where(Stay.document_id == ReviewedDocument.id).scalar_subquery()
    wanted = and_(
        ReviewedDocument.kind.in_(reviewed),
        ReviewedDocument.status.in_(sorted(CLOSED_STATUSES)),
        ReviewedDocument.rounds == 0,
        or_(cast(ReviewedDocument.kept_answers, String) != "{}", ReviewedDocument.sealed_answers != ""),
        ended < before,
        Assignment.purged_at.is_(None),
        ~held(),
    )
    with writing() as session:
        ids = list(session.scalars(select(ReviewedDocument.id).join(Assignment).where(wanted).limit(BATCH)))
        emptied = update(ReviewedDocument).where(ReviewedDocument.id.in_(ids))
        session.execute(emptied.values(kept_answers={}, sealed_answers="", version=ReviewedDocument.version + 1))
        return len(ids)


def _emails(before: datetime) -> int:
    """E-mails sent or given up, with the reminders they were; none about an assignment under a hold."""
    numbers = select(Assignment.number).where(held())
    wanted = and_(
        or_(EmailOwed.sent_at < before, and_(EmailOwed.sent_at.is_(None), EmailOwed.failed_at < before)),
        or_(EmailOwed.assignment_number.is_(None), EmailOwed.assignment_number.not_in(numbers)),
    )
    total = 0
    while True:
        with writing() as session:
            ids = list(session.scalars(select(EmailOwed.id).where(wanted).limit(BATCH)))
            digests = select(ReminderDigest.id).where(ReminderDigest.email_id.in_(ids))
            session.execute(_quiet(ReminderItem, ReminderItem.digest_id.in_(digests)))
            session.execute(_quiet(ReminderDigest, ReminderDigest.email_id.in_(ids)))
            session.execute(_quiet(AccountLink, AccountLink.email_id.in_(ids)))
            session.execute(_quiet(EmailOwed, EmailOwed.id.in_(ids)))
        total += len(ids)
        if len(ids) < BATCH:
            return total


def _refusals(before: datetime) -> int:
    old = select(ExtractLoad.id).where(ExtractLoad.loaded_at < before)
    return _in_batches(ExtractRefusal, ExtractRefusal.id, ExtractRefusal.load_id.in_(old))


def _sessions(before: datetime, now: datetime) -> int:
    """Sessions, sign-ins whose code never came, and exports that were asked for in them."""
    _in_batches(ExportTicket, ExportTicket.token_hash, ExportTicket.made_at < now - TICKET_KEPT)
    waits = _in_batches(PendingSignIn, PendingSignIn.id_hash, PendingSignIn.created_at < before)
    return waits + _in_batches(SignInSession, SignInSession.id_hash, SignInSession.created_at < before)


def _addresses(before: datetime) -> int:
    return _in_batches(AddressAttempts, AddressAttempts.address, AddressAttempts.first_failed_at < before)


def _in_batches(table: Any, key: Any, wanted: ColumnElement[bool]) -> int:
    total = 0
    while True:
        with writing() as session:
            keys = list(session.scalars(select(key).where(wanted).limit(BATCH)))
            session.execute(_quiet(table, key.in_(keys)))
        total += len(keys)
        if len(keys) < BATCH:
            return total


def _quiet(table: Any, which: ColumnElement[bool]) -> Any:
    return delete(table).where(which).execution_options(synchronize_session=False)
