"""Guesses are counted before they are checked: per account and per network address, each by one atomic update."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cts.services.account_lock import lock_account, lock_account_of
from cts.settings import settings
from db.models import Account, AddressAttempts, SecondFactor
from db.session import reading

# A whole office may share one network address, so it is allowed that many times the failures of one account.
FAILURES_PER_ADDRESS = 20

SLOWER_BY, SLOWEST = 0.1, 4.0
"""Seconds by which each wrong guess from an address, beyond those one account may have, puts off the next; and the longest wait.

Gentle, for the same reason: one person's forgotten passphrase is not felt by the office, and eighty wrong ones take minutes."""


@dataclass(frozen=True)
class Attempt:
    """What the counting found: the account to check against (none when unknown or locked), and whether to check at all.

    `last`: one more wrong guess is not checked any more; when this one is wrong, the account is locked by it. `meant` is whose account was
    guessed at, locked or not: for the access log only.
    """

    person_id: int | None
    password_hash: str | None
    address_open: bool
    last: bool = False
    meant: int | None = None


def folded(user_name: str) -> str:
    """The form in which user names are kept and compared: case, width and outer spaces do not matter. PostgreSQL keeps no NUL."""
    return unicodedata.normalize("NFKC", user_name).replace("\x00", "\ufffd").strip().casefold()[:100]


def count_attempt(session: Session, account: ColumnElement[bool], address: str, now: datetime) -> Attempt:
    """Count one guess at an account from an address, in a transaction of its own, before anything is looked at."""
    window_start = window_began(now)
    limit = settings().sign_in_attempts
    meant = lock_account(session, account)
    if not count_address(session, address, window_start, now):
        # What is not looked at locks nobody: one address cannot keep every account closed.
        return Attempt(None, None, address_open=False, meant=meant)
    stale = or_(Account.first_failed_at.is_(None), Account.first_failed_at <= window_start)
    counted = session.execute(
        update(Account)
        .where(account, or_(stale, Account.failed_attempts < limit))
        .values(
            failed_attempts=case((stale, 1), else_=Account.failed_attempts + 1),
            first_failed_at=case((stale, now), else_=Account.first_failed_at),
        )
        .returning(Account.person_id, Account.password_hash, Account.failed_attempts)
        .execution_options(synchronize_session=False)
    ).first()
    if counted is None:
        return Attempt(None, None, address_open=True, meant=meant)
    return Attempt(counted.person_id, counted.password_hash, True, counted.failed_attempts >= limit, meant)


def count_address(session: Session, address: str, window_start: datetime, now: datetime) -> bool:
    """Count one guess, or question, from an address; returns whether it is still listened to."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    stale = AddressAttempts.first_failed_at <= window_start
    statement = (
        insert(AddressAttempts)
        .values(address=address[:64], failed_attempts=1, first_failed_at=now)
        .on_conflict_do_update(
            index_elements=[AddressAttempts.address],
            set_={
                "failed_attempts": case((stale, 1), else_=AddressAttempts.failed_attempts + 1),
                "first_failed_at": case((stale, now), else_=AddressAttempts.first_failed_at),
            },
        )
        .returning(AddressAttempts.failed_attempts)
    )
    return int(session.execute(statement).scalar_one()) <= settings().sign_in_attempts * FAILURES_PER_ADDRESS


def seconds_to_wait(address: str, now: datetime) -> float:
    """How long the next guess from an address is to be put off. Not at all beyond its limit: then it is not listened to anyway."""
    counted = select(AddressAttempts.failed_attempts).where(
        AddressAttempts.address == address[:64], AddressAttempts.first_failed_at > window_began(now)
    )
    with reading() as session:
        failures = session.scalar(counted) or 0
    limit = settings().sign_in_attempts
    if failures >= limit * FAILURES_PER_ADDRESS:
        return 0
    return min(SLOWEST, SLOWER_BY * max(0, failures - limit))


def passphrase_was_right(session: Session, person_id: int, address: str) -> None:
    """The attempt that was counted was the right passphrase: the account starts anew, unless it has a second factor.

    Then this attempt does not count, but those before it do. Were they forgotten, whoever has the passphrase could begin anew before each
    lock and try codes for ever.
    """
    lock_account_of(session, person_id)
    if session.get(SecondFactor, person_id) is None:
        forget_attempts(session, person_id, address)
    else:
        _take_back(session, person_id, address)


def forget_attempts(session: Session, person_id: int, address: str) -> None:
    """The person is in: the account starts anew; the address takes back this one attempt only."""
    lock_account_of(session, person_id)
    _take_back_from_address(session, address)
    session.execute(
        update(Account)
        .where(Account.person_id == person_id)
        .values(failed_attempts=0, first_failed_at=None)
        .execution_options(synchronize_session=False)
    )


def window_began(now: datetime) -> datetime:
    """Guesses before this moment count no more."""
    return now - timedelta(minutes=settings().sign_in_window_minutes)


def _take_back(session: Session, person_id: int, address: str) -> None:
    _take_back_from_address(session, address)
    one_less = case((Account.failed_attempts > 0, Account.failed_attempts - 1), else_=0)
    session.execute(
        update(Account)
        .where(Account.person_id == person_id)
        .values(failed_attempts=one_less)
        .execution_options(synchronize_session=False)
    )


def _take_back_from_address(session: Session, address: str) -> None:
    one_less = case((AddressAttempts.failed_attempts > 0, AddressAttempts.failed_attempts - 1), else_=0)
    session.execute(
        update(AddressAttempts)
        .where(AddressAttempts.address == address[:64])
        .values(failed_attempts=one_less)
        .execution_options(synchronize_session=False)
    )
