"""Setting a passphrase: what is wrong with a new one for this very person, and keeping it."""

import re
import unicodedata
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.outside import credentials
from cts.services.account_lock import lock_account_of
from cts.services.links import supersede_links
from cts.services.outbox import owe_notice
from cts.services.refusals import Incomplete
from cts.services.sessions import end_sessions
from db.models import Account, Agency, Office, Person, SecondFactor
from db.session import reading

CHANGED = "account_changed"
"""The e-mail that tells a person that something about the account is not as it was."""

SET_ANEW = "The passphrase of your account was changed, and you were signed out everywhere else."


def check_passphrase(session: Session, person_id: int, passphrase: str) -> None:
    """Raises Incomplete with a sentence that says why this person may not take this passphrase."""
    has_factor = session.get(SecondFactor, person_id) is not None
    problem = credentials.password_problem(passphrase, words_about(session, person_id), second_factor=has_factor)
    if problem:
        raise Incomplete(problem, (("new_password", problem),))


def check_length(session: Session, person_id: int, passphrase: str) -> None:
    """The same for its length alone, which depends on the second factor: asked once more where the passphrase is kept. Raises Incomplete."""
    has_factor = session.get(SecondFactor, person_id) is not None
    if len(unicodedata.normalize("NFKC", passphrase)) < credentials.shortest(second_factor=has_factor):
        rules = credentials.password_rules(second_factor=has_factor)
        raise Incomplete(rules, (("new_password", rules),))


def rules_for(person_id: int) -> str:
    """What a passphrase of this person must be, in a sentence."""
    with reading() as session:
        return credentials.password_rules(second_factor=session.get(SecondFactor, person_id) is not None)


def keep_passphrase(session: Session, person_id: int, password_hash: str, now: datetime, *, but: str = "") -> None:
    """In the caller's transaction: this is the passphrase now. Links are dead, sessions end (except `but`), a lock is opened.

    Not so for somebody with a second factor: whoever reads the mailbox could open the lock again and again, and try codes meanwhile.
    """
    lock_account_of(session, person_id)
    kept = update(Account).where(Account.person_id == person_id).execution_options(synchronize_session=False)
    session.execute(kept.values(password_hash=password_hash, password_changed_at=now))
    if session.get(SecondFactor, person_id) is None:
        session.execute(kept.values(failed_attempts=0, first_failed_at=None))
    supersede_links(session, person_id, now)
    end_sessions(session, person_id, "passphrase changed", now, but=but)


def tell_person(session: Session, person_id: int, change: str, now: datetime) -> None:
    """In the caller's transaction: owe the person an e-mail that says what was changed about the account."""
    person = session.get_one(Person, person_id)
    owe_notice(session, person, CHANGED, {"change": change}, now)


def words_about(session: Session, person_id: int) -> tuple[str, ...]:
    """The words that anybody who knows this person would try first: names, user name, e-mail, office, agency."""
    row = session.execute(
        select(Person.name, Person.email, Account.user_name, Office.name, Agency.name)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Office, Office.code == Person.office_code)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .where(Person.id == person_id)
    ).one()
    return words_of(*(text or "" for text in row))


def words_of(*texts: str) -> tuple[str, ...]:
    """The words in these texts, small, each once."""
    return tuple(dict.fromkeys(word for text in texts for word in re.findall(r"\w{3,}", text.casefold())))
