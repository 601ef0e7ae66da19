"""Between the right passphrase and the session: the code of the second factor, or setting one up. Until then nothing opens."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cts.domain.accounts import SignInStep
from cts.domain.vocabulary import Role
from cts.services.access import record_access
from cts.services.account_lock import lock_account_of
from cts.services.attempts import count_attempt, forget_attempts
from cts.services.passphrases import tell_person
from cts.services.refusals import OutOfDate, Refusal
from cts.services.second_factor import (
    Proposal,
    code_is_right,
    confirmed,
    keep_factor,
    propose,
    propose_again,
    read_code,
)
from cts.services.sessions import hash_of, person_may_work, start_session
from cts.settings import settings
from db.models import Account, PendingSignIn, Person, SecondFactor
from db.session import reading, writing

MINUTES = 10
"""So long a sign-in waits for its code."""

SET_UP_TOLD = "A second factor was set up for your account."

TOO_LATE = "That took too long. Sign in with your passphrase again."
_KEPT = timedelta(days=1)


class CodeRefused(Refusal):
    """Not signed in: the code is wrong or was used, or there were too many wrong ones. The sentence is the same for all."""


@dataclass(frozen=True)
class Waiting:
    """A sign-in whose passphrase was right: whose, and what it waits for."""

    person_id: int
    step: SignInStep


@dataclass(frozen=True)
class Passed:
    """The first proof was right. `value` is for the cookie of the session, or of the wait for `step`, which opens nothing."""

    value: str
    step: SignInStep


def enter_or_wait(
    session: Session, person_id: int, address: str, user_agent: str, now: datetime, *, by: str, strong: bool = False
) -> Passed:
    """In the caller's transaction, after a first proof (`by`): the session begins, or the sign-in waits for the second factor.

    `strong` says that the proof was of two factors already.
    """
    role = Role(session.get_one(Person, person_id).role)
    step = SignInStep.ENTERED if strong else step_after_passphrase(session, person_id, role)
    if step is SignInStep.ENTERED:
        return Passed(_enter(session, person_id, address, user_agent, now, by=by), step)
    record_access(session, None, "sign in", now, outcome="waiting", person_id=person_id, address=address[:64], step=by)
    return Passed(start_waiting(session, person_id, now), step)


def start_waiting(session: Session, person_id: int, now: datetime) -> str:
    """In the caller's transaction: the passphrase was right; returns the value for the cookie. An earlier wait of the person is over."""
    lock_account_of(session, person_id)
    old = (PendingSignIn.person_id == person_id, PendingSignIn.created_at < now - _KEPT)
    session.execute(delete(PendingSignIn).where(*old))
    earlier = (PendingSignIn.person_id == person_id, PendingSignIn.ended_at.is_(None))
    session.execute(update(PendingSignIn).where(*earlier).values(ended_at=now))
    value = secrets.token_urlsafe(32)
    session.add(PendingSignIn(id_hash=hash_of(value), person_id=person_id, created_at=now))
    return value


def step_after_passphrase(session: Session, person_id: int, role: Role) -> SignInStep:
    """What this person needs besides the passphrase."""
    if session.get(SecondFactor, person_id) is not None:
        return SignInStep.CODE
    return SignInStep.SET_UP if role in settings().second_factor_required else SignInStep.ENTERED


def waiting(value: str, now: datetime) -> Waiting | None:
    """The sign-in that this cookie belongs to, while it waits; None for any other."""
    with reading() as session:
        return _waiting(session, value, now)


def enter_code(value: str, code: str, address: str, user_agent: str, now: datetime) -> str:
    """The code, or a recovery code, is right: the session begins. Returns its cookie's value.

    The guess is counted with those at the passphrase, in a transaction of its own, before it is looked at. Raises CodeRefused with one
    sentence for all failures, OutOfDate when the sign-in does not wait any more.
    """
    held = waiting(value, now)
    if held is None or held.step is not SignInStep.CODE:
        raise OutOfDate(TOO_LATE)
    with writing() as session:
        attempt = count_attempt(session, Account.person_id == held.person_id, address, now)
    listened = attempt.person_id is not None and attempt.address_open
    typed = read_code(held.person_id, code)
    with writing() as session:
        lock_account_of(session, held.person_id)
        kind = code_is_right(session, held.person_id, typed, now) if listened else ""
        if kind and _end_waiting(session, value, now) and person_may_work(session, held.person_id, now):
            forget_attempts(session, held.person_id, address)
            return _enter(session, held.person_id, address, user_agent, now, by=kind)
        record_access(
            session,
            None,
            "sign in",
            now,
            outcome="refused",
            address=address[:64],
            person_id=held.person_id,
            step="code",
        )
        if attempt.last:
            record_access(session, None, "lock account", now, address=address[:64], person=held.person_id)
    raise CodeRefused(_refusal_text())


def propose_while_waiting(value: str, now: datetime, sealed: str = "") -> Proposal:
    """For somebody who must have a second factor and has none: a secret to set one up with; with `sealed` the same once more.

    Raises OutOfDate when the sign-in does not wait for that.
    """
    held = waiting(value, now)
    if held is None or held.step is not SignInStep.SET_UP:
        raise OutOfDate(TOO_LATE)
    return propose_again(held.person_id, sealed) if sealed else propose(held.person_id)


def set_up_and_enter(
    value: str, sealed: str, code: str, address: str, user_agent: str, now: datetime
) -> tuple[str, tuple[str, ...]]:
    """The app is set up: the session begins. Returns its cookie's value and the ten recovery codes, shown only now.

    Raises Incomplete when the code does not fit; OutOfDate when the sign-in does not wait for that any more.
    """
    held = waiting(value, now)
    if held is None or held.step is not SignInStep.SET_UP:
        raise OutOfDate(TOO_LATE)
    new = confirmed(held.person_id, sealed, code, now)
    with writing() as session:
        lock_account_of(session, held.person_id)
        fits = _end_waiting(session, value, now) and person_may_work(session, held.person_id, now)
        if not fits or session.get(SecondFactor, held.person_id) is not None:
            raise OutOfDate(TOO_LATE)
        keep_factor(session, held.person_id, new, now)
        tell_person(session, held.person_id, SET_UP_TOLD, now)
        record_access(session, None, "set up second factor", now, address=address[:64], person_id=held.person_id)
        return _enter(session, held.person_id, address, user_agent, now, by="set up"), new.recovery.codes


def _waiting(session: Session, value: str, now: datetime) -> Waiting | None:
    row = session.execute(
        select(PendingSignIn.person_id, SecondFactor.person_id)
        .outerjoin(SecondFactor, SecondFactor.person_id == PendingSignIn.person_id)
        .where(
            PendingSignIn.id_hash == hash_of(value),
            PendingSignIn.ended_at.is_(None),
            PendingSignIn.created_at > now - timedelta(minutes=MINUTES),
        )
    ).first()
    if row is None:
        return None
    return Waiting(row[0], SignInStep.CODE if row[1] is not None else SignInStep.SET_UP)


def _end_waiting(session: Session, value: str, now: datetime) -> bool:
    """Compare-and-set: one sign-in begins one session."""
    ended = session.execute(
        update(PendingSignIn)
        .where(PendingSignIn.id_hash == hash_of(value), PendingSignIn.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount == 1)  # type: ignore[attr-defined]


def _enter(session: Session, person_id: int, address: str, user_agent: str, now: datetime, by: str) -> str:
    value = start_session(session, person_id, address, user_agent, now)
    record_access(
        session,
        None,
        "sign in",
        now,
        person_id=person_id,
        address=address[:64],
        session_hash=hash_of(value),
        step=by,
    )
    return value


def _refusal_text() -> str:
    chosen = settings()
    return (
        "The code is not right, was used before, or the account is locked for a while. Wait for the next code of the app, or type a "
        f"recovery code. After {chosen.sign_in_attempts} wrong ones wait {chosen.sign_in_window_minutes} minutes."
    )
