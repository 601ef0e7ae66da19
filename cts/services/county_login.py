"""County Login: which account a person proved by the County's identity provider signs in to, and how the two are connected."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cts.outside.county_identity import Identity
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.passphrases import tell_person
from cts.services.refusals import Incomplete, Refusal
from cts.services.sessions import person_may_work
from cts.services.sign_in_steps import Passed, enter_or_wait
from cts.settings import settings
from db.models import Account
from db.session import reading, writing

COUNTY = "County Login"
"""What the access log calls it."""

BESIDES = frozenset({"hwk", "swk", "otp"})
"""Ways of checking (RFC 8176) that are a second factor beside a password: a key or a code. "mfa" says it in one word."""


CONNECTED = "A County account was connected with your account: it can sign in with County Login."
DISCONNECTED = "The County account was disconnected from your account."


class CountyLoginRefused(Refusal):
    """The County knows the person; CTS has no account for them, or not any more."""


def sign_in_by_county(who: Identity, address: str, user_agent: str, now: datetime) -> Passed:
    """A session for the account connected with this identity, or the wait for its second factor, unless the County checked two already.

    A lock after wrong passphrases does not concern it: nobody guessed anything here. Raises CountyLoginRefused.
    """
    with writing() as session:
        person_id = session.scalar(select(Account.person_id).where(Account.county_identity == _kept(who)))
        if person_id is not None and person_may_work(session, person_id, now):
            strong = "mfa" in who.methods or ("pwd" in who.methods and bool(BESIDES & set(who.methods)))
            return enter_or_wait(session, person_id, address, user_agent, now, by=COUNTY, strong=strong)
        record_access(
            session, None, "sign in", now, outcome="refused", address=address[:64], person=person_id, step=COUNTY
        )
    raise CountyLoginRefused(
        "The County knows you, but CTS has no account that is connected with your County account. If you have a user name for CTS, sign in "
        f"with it and connect the two on the page Account. If not, write to {settings().support_email}."
    )


def connect_county_account(actor: Actor, who: Identity, now: datetime) -> None:
    """From now on the signed-in person may sign in by County Login as well. Raises Incomplete when it is another person's already."""
    try:
        with writing() as session:
            _connect(session, actor.person_id, _kept(who))
            tell_person(session, actor.person_id, CONNECTED, now)
            record_access(session, actor, "connect County account", now)
    except IntegrityError:
        raise Incomplete(
            "This County account is connected with another account of CTS. "
            f"Sign out of the County's page, or write to {settings().support_email}."
        ) from None


def disconnect_county_account(actor: Actor, now: datetime) -> None:
    """The signed-in person signs in with user name and passphrase only."""
    with writing() as session:
        _connect(session, actor.person_id, None)
        tell_person(session, actor.person_id, DISCONNECTED, now)
        record_access(session, actor, "disconnect County account", now)


def forget_county_account(session: Session, person_id: int) -> None:
    """In the caller's transaction: no County account signs in to this account any more, until its person connects one."""
    _connect(session, person_id, None)


def is_connected(actor: Actor) -> bool:
    """Whether the signed-in person's account is connected with a County account of the present issuer."""
    with reading() as session:
        kept = session.scalar(select(Account.county_identity).where(Account.person_id == actor.person_id))
    return kept is not None and kept.startswith(f"{settings().oidc_issuer} ")


def _connect(session: Session, person_id: int, kept: str | None) -> None:
    session.execute(update(Account).where(Account.person_id == person_id).values(county_identity=kept))


def _kept(who: Identity) -> str:
    """A subject means somebody only together with the issuer that named it."""
    return f"{who.issuer} {who.subject}"
