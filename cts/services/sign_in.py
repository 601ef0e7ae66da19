"""Signing in, and the password asked again for a signature. Guesses are counted before they are checked."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cts.outside import credentials
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.refusals import Incomplete, Refusal
from cts.services.sessions import end_sessions, hash_of, person_may_work, start_session
from cts.settings import settings
from db.models import Account, AddressAttempts
from db.session import writing

# A whole office may share one network address, so it is allowed that many times the failures of one account.
FAILURES_PER_ADDRESS = 20


class SignInRefused(Refusal):
    """Not signed in. The sentence is the same whatever the cause, so that it tells a stranger nothing."""


@dataclass(frozen=True)
class _Attempt:
    """What the counting found: the account to check against (none when unknown or locked), and whether to check at all."""

    person_id: int | None
    password_hash: str | None
    address_open: bool


def sign_in(user_name: str, password: str, address: str, user_agent: str, now: datetime) -> str:
    """Sign a person in; returns the cookie's value. Raises SignInRefused with one sentence for every failure.

    The attempt is counted in a transaction of its own, by one atomic update for the account and one for the address, before the password is
    looked at: of any number of parallel guesses only the allowed ones are checked. Unknown names take the same path and time.
    """
    with writing() as session:
        attempt = _count_attempt(session, Account.user_name == folded(user_name), address, now)
    # A locked address waits for nothing: the answer does not depend on the name, and costs no work.
    matches = attempt.address_open and credentials.password_matches(password, attempt.password_hash)
    with writing() as session:
        if matches and attempt.person_id is not None and person_may_work(session, attempt.person_id, now):
            _forget_attempt(session, attempt.person_id, address)
            value = start_session(session, attempt.person_id, address, user_agent, now)
            record_access(
                session,
                None,
                "sign in",
                now,
                person_id=attempt.person_id,
                address=address[:64],
                session_hash=hash_of(value),
            )
            return value
        record_access(session, None, "sign in", now, outcome="refused", address=address[:64], person=attempt.person_id)
    raise SignInRefused(refusal_text())


def confirm_password(actor: Actor, password: str, now: datetime) -> None:
    """For a signature: the person at the keyboard is the one signed in. Counted with the attempts to sign in.

    Raises Incomplete with a sentence for the password field.
    """
    with writing() as session:
        attempt = _count_attempt(session, Account.person_id == actor.person_id, actor.address, now)
    if not credentials.password_matches(password, attempt.password_hash):
        sentence = "The password is not right. Type the password you sign in with."
        if attempt.password_hash is None:
            minutes = settings().sign_in_window_minutes
            sentence = (
                f"The password was wrong too often. Wait {minutes} minutes, then sign again; your entries are kept."
            )
        with writing() as session:
            record_access(session, actor, "confirm password", now, outcome="refused")
        raise Incomplete(sentence, (("password", sentence),))
    with writing() as session:
        _forget_attempt(session, actor.person_id, actor.address)


def change_password(actor: Actor, old: str, new: str, now: datetime) -> None:
    """Replace one's own password and end one's other sessions. Raises Incomplete: old one wrong, or new one not allowed."""
    problem = credentials.password_problem(new) or ("Choose a password you do not use now." if new == old else "")
    if problem:
        raise Incomplete(problem, (("new_password", problem),))
    confirm_password(actor, old, now)
    new_hash = credentials.hash_password(new)
    with writing() as session:
        session.execute(
            update(Account)
            .where(Account.person_id == actor.person_id)
            .values(password_hash=new_hash, password_changed_at=now)
        )
        end_sessions(session, actor.person_id, "password changed", now, but=actor.session_hash)
        record_access(session, actor, "change password", now)


def folded(user_name: str) -> str:
    """The form in which user names are kept and compared: case, width and outer spaces do not matter. PostgreSQL keeps no NUL."""
    return unicodedata.normalize("NFKC", user_name).replace("\x00", "\ufffd").strip().casefold()[:100]


def refusal_text() -> str:
    """The one sentence for every failed sign-in."""
    chosen = settings()
    return (
        "The user name or the password is not right, or the account is locked for a while. "
        f"After {chosen.sign_in_attempts} wrong passwords wait {chosen.sign_in_window_minutes} minutes, then try again."
    )


def _count_attempt(session: Session, account: ColumnElement[bool], address: str, now: datetime) -> _Attempt:
    window_start = now - timedelta(minutes=settings().sign_in_window_minutes)
    limit = settings().sign_in_attempts
    stale = or_(Account.first_failed_at.is_(None), Account.first_failed_at <= window_start)
    counted = session.execute(
        update(Account)
        .where(account, or_(stale, Account.failed_attempts < limit))
        .values(
            failed_attempts=case((stale, 1), else_=Account.failed_attempts + 1),
            first_failed_at=case((stale, now), else_=Account.first_failed_at),
        )
        .returning(Account.person_id, Account.password_hash)
        .execution_options(synchronize_session=False)
    ).first()
    failures = _count_address(session, address[:64], window_start, now)
    return _Attempt(
        person_id=counted.person_id if counted else None,
        password_hash=counted.password_hash if counted else None,
        address_open=failures <= limit * FAILURES_PER_ADDRESS,
    )


def _count_address(session: Session, address: str, window_start: datetime, now: datetime) -> int:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    stale = AddressAttempts.first_failed_at <= window_start
    statement = (
        insert(AddressAttempts)
        .values(address=address, failed_attempts=1, first_failed_at=now)
        .on_conflict_do_update(
            index_elements=[AddressAttempts.address],
            set_={
                "failed_attempts": case((stale, 1), else_=AddressAttempts.failed_attempts + 1),
                "first_failed_at": case((stale, now), else_=AddressAttempts.first_failed_at),
            },
        )
        .returning(AddressAttempts.failed_attempts)
    )
    return int(session.execute(statement).scalar_one())


def _forget_attempt(session: Session, person_id: int, address: str) -> None:
    """The attempt was right: the account starts anew; the address takes back this one only."""
    session.execute(
        update(Account).where(Account.person_id == person_id).values(failed_attempts=0, first_failed_at=None)
    )
    one_less = case((AddressAttempts.failed_attempts > 0, AddressAttempts.failed_attempts - 1), else_=0)
    session.execute(
        update(AddressAttempts)
        .where(AddressAttempts.address == address[:64])
        .values(failed_attempts=one_less)
        .execution_options(synchronize_session=False)
    )
