"""Signing in, and the passphrase asked again for a signature. Guesses are counted before they are checked."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.outside import credentials
from cts.services.access import record_access
from cts.services.account_lock import lock_account_of
from cts.services.actor import Actor
from cts.services.attempts import Attempt, count_attempt, folded, passphrase_was_right
from cts.services.passphrases import SET_ANEW, check_length, check_passphrase, keep_passphrase, tell_person
from cts.services.refusals import Incomplete, Refusal
from cts.services.sessions import person_may_work
from cts.services.sign_in_steps import Passed, enter_or_wait
from cts.settings import settings
from db.models import Account
from db.session import reading, writing


class SignInRefused(Refusal):
    """Not signed in. The sentence is the same whatever the cause, so that it tells a stranger nothing."""


def sign_in(user_name: str, password: str, address: str, user_agent: str, now: datetime) -> Passed:
    """The first step of signing in, and for people without a second factor the only one.

    The attempt is counted in a transaction of its own, by one atomic update for the account and one for the address, before the passphrase
    is looked at: of any number of parallel guesses only the allowed ones are checked. Unknown names take the same path and time.
    Raises SignInRefused with one sentence for every failure.
    """
    with writing() as session:
        attempt = count_attempt(session, Account.user_name == folded(user_name), address, now)
    # A locked address waits for nothing: the answer does not depend on the name, and costs no work.
    matches = attempt.address_open and credentials.password_matches(password, attempt.password_hash)
    person_id, caller = attempt.person_id, address[:64]
    with writing() as session:
        if matches and person_id is not None and _still_opens(session, person_id, attempt, now):
            passphrase_was_right(session, person_id, caller)
            return enter_or_wait(session, person_id, caller, user_agent, now, by="passphrase")
        record_access(session, None, "sign in", now, outcome="refused", address=caller, person=attempt.meant)
        if attempt.last:
            record_access(session, None, "lock account", now, address=caller, person=person_id)
    raise SignInRefused(refusal_text())


def _still_opens(session: Session, person_id: int, attempt: Attempt, now: datetime) -> bool:
    """Whether the passphrase that was checked is still the account's: checking takes a while, and a reset ends what the old one opened."""
    lock_account_of(session, person_id)
    present = session.scalar(select(Account.password_hash).where(Account.person_id == person_id))
    return present == attempt.password_hash and person_may_work(session, person_id, now)


def confirm_password(actor: Actor, password: str, now: datetime) -> None:
    """For a signature: the person at the keyboard is the one signed in. Counted with the attempts to sign in.

    Raises Incomplete with a sentence for the field.
    """
    with writing() as session:
        attempt = count_attempt(session, Account.person_id == actor.person_id, actor.address, now)
    if not credentials.password_matches(password, attempt.password_hash):
        sentence = "The passphrase is not right. Type the passphrase you sign in with."
        if attempt.person_id is None:
            minutes = settings().sign_in_window_minutes
            sentence = (
                f"The passphrase was wrong too often. Wait {minutes} minutes, then sign again; your entries are kept."
            )
        with writing() as session:
            record_access(session, actor, "confirm password", now, outcome="refused")
            if attempt.last:
                record_access(session, actor, "lock account", now)
        raise Incomplete(sentence, (("password", sentence),))
    with writing() as session:
        passphrase_was_right(session, actor.person_id, actor.address)


def change_password(actor: Actor, old: str, new: str, now: datetime) -> None:
    """Replace one's own passphrase and end one's other sessions; an e-mail says so. Raises Incomplete: old one wrong, new one not allowed."""
    if new == old:
        sentence = "Choose a passphrase you do not use now."
        raise Incomplete(sentence, (("new_password", sentence),))
    with reading() as session:
        check_passphrase(session, actor.person_id, new)
    confirm_password(actor, old, now)
    new_hash = credentials.hash_password(new)
    with writing() as session:
        lock_account_of(session, actor.person_id)
        # The second factor may have been taken away since: then a short one stands alone.
        check_length(session, actor.person_id, new)
        keep_passphrase(session, actor.person_id, new_hash, now, but=actor.session_hash)
        record_access(session, actor, "change password", now)
        tell_person(session, actor.person_id, SET_ANEW, now)


def refusal_text() -> str:
    """The one sentence for every failed sign-in."""
    chosen = settings()
    return (
        "The user name or the passphrase is not right, or the account is locked for a while. "
        f"After {chosen.sign_in_attempts} wrong ones wait {chosen.sign_in_window_minutes} minutes, then try again."
    )
