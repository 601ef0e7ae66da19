"""The second factor: an authenticator app that shares a secret with CTS, and ten recovery codes for the day the phone is lost."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cts.outside import recovery_codes, totp
from cts.outside.sealing import CannotOpen, open_text, seal_text
from cts.services.account_lock import lock_account_of
from cts.services.refusals import Incomplete, OutOfDate
from db.models import Account, RecoveryCode, SecondFactor
from db.session import reading

USED_UP = "This page is too old. Begin the set-up again."
WRONG_CODE = "The code is not right. Type the six digits that the app shows now; the clock of the phone must be right."


@dataclass(frozen=True)
class Proposal:
    """A secret that is not kept yet: the picture for the app, the letters to type, and the same encrypted, to come back with the code."""

    picture: str
    letters: str
    sealed: str


@dataclass(frozen=True)
class NewFactor:
    """A second factor that an app has shown to have, with its recovery codes; not kept yet. `instead_of` marks the one it replaces."""

    secret: str
    step: int
    recovery: recovery_codes.CodeSet
    instead_of: str = ""


@dataclass(frozen=True)
class TypedCode:
    """What was typed as a code: `recovery_hash` when it has the shape of a recovery code. Made outside a transaction: it takes time."""

    text: str
    recovery_hash: str = ""


def propose(person_id: int) -> Proposal:
    """A new secret for this person; nothing is kept until a code has shown that an app has it."""
    return _proposal(person_id, totp.new_secret())


def propose_again(person_id: int, sealed: str) -> Proposal:
    """The same proposal once more, after a wrong code. Raises OutOfDate when it is none of this person's."""
    return _proposal(person_id, _opened(person_id, sealed, _present(person_id)))


def confirmed(person_id: int, sealed: str, code: str, now: datetime) -> NewFactor:
    """The proposed secret, when the code shows that an app has it. Raises Incomplete for a wrong code, OutOfDate for another's proposal."""
    present = _present(person_id)
    secret = _opened(person_id, sealed, present)
    step = totp.step_of(secret, code, now, newest=0)
    if step is None:
        raise Incomplete(WRONG_CODE, (("code", WRONG_CODE),))
    return NewFactor(secret, step, recovery_codes.new_codes(), present)


def demand_open(person_id: int, sealed: str) -> None:
    """Raises OutOfDate when the proposal is none of this person's, or was used up: a set-up since then has another factor in mind."""
    _opened(person_id, sealed, _present(person_id))


def keep_factor(session: Session, person_id: int, new: NewFactor, now: datetime) -> None:
    """In the caller's transaction: this is the person's second factor now, in place of the one there was when it was proposed.

    Raises OutOfDate when there is another one meanwhile: of any number of equal requests exactly one sets it up.
    """
    lock_account_of(session, person_id)
    if _mark_of(session, person_id) != new.instead_of:
        raise OutOfDate(USED_UP)
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    factor = SecondFactor(person_id=person_id, confirmed_at=now, last_step=new.step, recovery_salt=new.recovery.salt)
    factor.secret_sealed = seal_text(new.secret, factor.place())
    session.add(factor)
    session.flush()
    keep_codes(session, person_id, new.recovery, now)


def keep_codes(session: Session, person_id: int, recovery: recovery_codes.CodeSet, now: datetime) -> None:
    """In the caller's transaction: these are the recovery codes of the person's second factor now, those before are dead."""
    lock_account_of(session, person_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(update(SecondFactor).where(SecondFactor.person_id == person_id).values(recovery_salt=recovery.salt))
    session.add_all(RecoveryCode(person_id=person_id, code_hash=hashed, made_at=now) for hashed in recovery.hashes)


def codes_mark(session: Session, person_id: int) -> str:
    """Stands for the recovery codes there are now, and tells nothing about them; '' without a second factor."""
    return _short(session.scalar(select(SecondFactor.recovery_salt).where(SecondFactor.person_id == person_id)))


def forget_factor(session: Session, person_id: int) -> bool:
    """In the caller's transaction: no second factor and no recovery codes any more; returns whether there was one."""
    lock_account_of(session, person_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    gone = session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    return bool(gone.rowcount == 1)  # type: ignore[attr-defined]


def read_code(person_id: int, text: str) -> TypedCode:
    """What was typed, ready to be compared."""
    if not recovery_codes.is_recovery_code(text):
        return TypedCode(text[:40])
    with reading() as session:
        salt = session.scalar(select(SecondFactor.recovery_salt).where(SecondFactor.person_id == person_id)) or ""
    return TypedCode(text[:40], recovery_codes.hash_of(text, salt))


def code_is_right(session: Session, person_id: int, typed: TypedCode, now: datetime) -> str:
    """In the caller's transaction: which kind of code this is ("code", "recovery code"), or '' when it is wrong or was used before.

    Of any number of parallel tries with one code exactly one is right.
    """
    if typed.recovery_hash:
        mine = (RecoveryCode.person_id == person_id, RecoveryCode.code_hash == typed.recovery_hash)
        using = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=now)
        used = session.execute(using.execution_options(synchronize_session=False))
        return "recovery code" if used.rowcount == 1 else ""  # type: ignore[attr-defined]
    factor = session.get(SecondFactor, person_id)
    step = _step_of(factor, typed.text, now) if factor else None
    if step is None:
        return ""
    newer = (SecondFactor.person_id == person_id, SecondFactor.last_step < step)
    taking = update(SecondFactor).where(*newer).values(last_step=step)
    taken = session.execute(taking.execution_options(synchronize_session=False))
    return "code" if taken.rowcount == 1 else ""  # type: ignore[attr-defined]


def _step_of(factor: SecondFactor, text: str, now: datetime) -> int | None:
    try:
        secret = open_text(factor.secret_sealed, factor.place())
    except CannotOpen:
        return None
    return totp.step_of(secret, text, now, factor.last_step)


def _proposal(person_id: int, secret: str) -> Proposal:
    with reading() as session:
        user_name = session.scalar(select(Account.user_name).where(Account.person_id == person_id)) or ""
        present = _mark_of(session, person_id)
    sealed = seal_text(secret, _proposed_for(person_id, present))
    return Proposal(totp.picture(secret, user_name), totp.in_groups(secret), sealed)


def _opened(person_id: int, sealed: str, present: str) -> str:
    try:
        return open_text(sealed, _proposed_for(person_id, present))
    except CannotOpen as error:
        raise OutOfDate(USED_UP) from error


def _proposed_for(person_id: int, present: str) -> str:
    """A proposal is bound to the second factor there is while it is made, or to none: the set-up that it leads to uses it up."""
    return f"second_factor.proposed:{person_id}:{present}"


def _present(person_id: int) -> str:
    with reading() as session:
        return _mark_of(session, person_id)


def _mark_of(session: Session, person_id: int) -> str:
    """Stands for the second factor there is now; '' for none."""
    return _short(session.scalar(select(SecondFactor.secret_sealed).where(SecondFactor.person_id == person_id)))


def _short(text: str | None) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32] if text else ""
