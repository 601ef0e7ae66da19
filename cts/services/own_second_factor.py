"""What a person does with the own second factor when signed in: set it up, make new recovery codes, give it up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cts.domain.vocabulary import Role
from cts.outside import credentials, recovery_codes
from cts.services.access import record_access
from cts.services.account_lock import lock_account_of
from cts.services.actor import Actor
from cts.services.history import clock
from cts.services.passphrases import tell_person
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.second_factor import codes_mark, confirmed, demand_open, forget_factor, keep_codes, keep_factor
from cts.services.sessions import end_sessions
from cts.services.sign_in import confirm_password
from cts.services.sign_in_steps import SET_UP_TOLD
from cts.settings import settings
from db.models import RecoveryCode, SecondFactor
from db.session import reading, writing

_CODES = "New recovery codes were made for your account. The ones before do not work any more."
_GIVEN_UP = "The second factor of your account was taken away, and you were signed out everywhere else."


@dataclass(frozen=True)
class FactorState:
    """Whether a person has a second factor, since when (the office's clock), how many recovery codes are left, and whether one is needed.

    `codes` stands for the recovery codes there are: new ones are made in their place once (make_codes).
    """

    has_one: bool
    since: str
    codes_left: int
    required: bool
    codes: str


def is_required(role: Role) -> bool:
    """Whether people of this role must have a second factor (settings)."""
    return role in settings().second_factor_required


def factor_state(actor: Actor) -> FactorState:
    """The actor's own second factor."""
    with reading() as session:
        factor = session.get(SecondFactor, actor.person_id)
        unused = (RecoveryCode.person_id == actor.person_id, RecoveryCode.used_at.is_(None))
        left = session.scalar(select(func.count(RecoveryCode.id)).where(*unused)) or 0
        mark = codes_mark(session, actor.person_id)
    since = clock(factor.confirmed_at) if factor else ""
    return FactorState(factor is not None, since, left, is_required(actor.role), mark)


def set_up(actor: Actor, sealed: str, code: str, password: str, now: datetime) -> tuple[str, ...]:
    """Keep the proposed secret, in place of one there was; returns the ten recovery codes, shown only now. Other sessions end.

    A proposal is used up by the first success. Raises Incomplete when passphrase or code is wrong, OutOfDate when the proposal is not this
    person's or was used up; then no guess is counted.
    """
    demand_open(actor.person_id, sealed)
    confirm_password(actor, password, now)
    new = confirmed(actor.person_id, sealed, code, now)
    with writing() as session:
        keep_factor(session, actor.person_id, new, now)
        end_sessions(session, actor.person_id, "second factor set up", now, but=actor.session_hash)
        tell_person(session, actor.person_id, SET_UP_TOLD, now)
        record_access(session, actor, "set up second factor", now)
    return new.recovery.codes


def make_codes(actor: Actor, password: str, seen: str, now: datetime) -> tuple[str, ...]:
    """Ten new recovery codes in place of those that were `seen` (FactorState.codes), shown only now; the ones before are dead.

    Raises Incomplete (wrong passphrase), OutOfDate (no second factor, or new codes were made meanwhile).
    """
    with reading() as session:
        _demand_codes(session, actor.person_id, seen)
    confirm_password(actor, password, now)
    recovery = recovery_codes.new_codes()
    with writing() as session:
        lock_account_of(session, actor.person_id)
        _demand_codes(session, actor.person_id, seen)
        keep_codes(session, actor.person_id, recovery, now)
        tell_person(session, actor.person_id, _CODES, now)
        record_access(session, actor, "make recovery codes", now)
    return recovery.codes


def _demand_codes(session: Session, person_id: int, seen: str) -> None:
    present = codes_mark(session, person_id)
    if not present:
        raise OutOfDate("There is no second factor any more. Set one up first.")
    if present != seen:
        raise OutOfDate(
            "New recovery codes were made already, and were shown once. If you did not keep them, make others here."
        )


def give_up(actor: Actor, password: str, now: datetime) -> None:
    """Do without a second factor from now on.

    Raises NotPermitted where the role must have one, Incomplete (wrong passphrase, or one too short to stand alone).
    """
    if is_required(actor.role):
        raise NotPermitted(
            f"People of {actor.role} must have a second factor. It can be set up on another phone instead."
        )
    confirm_password(actor, password, now)
    if len(password) < credentials.SHORTEST:
        raise Incomplete(
            f"Without a second factor a passphrase has at least {credentials.SHORTEST} characters. Choose a longer one first."
        )
    with writing() as session:
        if forget_factor(session, actor.person_id):
            end_sessions(session, actor.person_id, "second factor given up", now, but=actor.session_hash)
            tell_person(session, actor.person_id, _GIVEN_UP, now)
            record_access(session, actor, "give up second factor", now)
