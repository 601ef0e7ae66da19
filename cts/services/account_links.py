"""Invitations and forgotten passphrases: who gets a link by e-mail, and what is done with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cts.domain.accounts import LinkPurpose
from cts.domain.names import spoken_name
from cts.outside import credentials
from cts.services.access import record_access
from cts.services.account_lock import lock_account_of
from cts.services.attempts import count_address, folded, window_began
from cts.services.county_login import forget_county_account
from cts.services.links import LINK_EMAILS, OpenLink, open_link, use_link
from cts.services.outbox import owe_notice
from cts.services.passphrases import SET_ANEW, check_passphrase, keep_passphrase, tell_person
from cts.services.refusals import OutOfDate
from cts.settings import settings
from db.models import Account, AccountLink, LinkRequest, Person, SecondFactor
from db.session import reading, writing

LINK_AGAIN_AFTER = timedelta(minutes=5)
"""Whoever asks for links in another's name fills that person's mailbox with one e-mail in this time, not more."""

DEAD = (
    "This link does not work any more: it has been used, is too old, or a later one took its place. "
    'Choose "Forgotten your passphrase?" on the sign-in page to get another.'
)
ASKED = (
    "If there is an account of that name, an e-mail with a link is on its way to its owner. "
    "It comes within a few minutes, to the address that Technical support has for the account."
)
_REQUESTS_AT_ONCE = 20


@dataclass(frozen=True)
class LinkHolder:
    """Whose passphrase a link sets, and how short it may be."""

    name: str
    user_name: str
    shortest: int
    invited: bool


def owe_link(session: Session, person: Person, now: datetime) -> LinkPurpose:
    """In the caller's transaction: owe a person with an account the e-mail whose link sets a passphrase; earlier ones are not sent any more."""
    account = session.get_one(Account, person.id)
    purpose = LinkPurpose.INVITATION if account.password_hash is None else LinkPurpose.RESET
    details = {"user_name": account.user_name, "minutes": settings().account_link_minutes}
    email_id = owe_notice(session, person, LINK_EMAILS[purpose], details, now)
    session.add(AccountLink(person_id=person.id, purpose=purpose, email_id=email_id, created_at=now))
    session.flush()
    return purpose


def ask_for_link(user_name: str, address: str, now: datetime) -> str:
    """Somebody says that a passphrase was forgotten; returns the one answer there is.

    The name is written down without looking whether there is such an account, so that neither answer nor time can tell; the sending job
    looks (owe_links_asked_for). An address that asks too often is not listened to any more.
    """
    with writing() as session:
        if count_address(session, address, window_began(now), now):
            session.add(LinkRequest(user_name=folded(user_name), address=address[:64], asked_at=now))
    return ASKED


def owe_links_asked_for(now: datetime) -> int:
    """Look up what people asked for, and owe the e-mails; returns how many. Any number of servers may do it: each request is taken once."""
    with reading() as session:
        if session.scalar(select(LinkRequest.id).limit(1)) is None:
            return 0
    with writing() as session:
        chosen = select(LinkRequest.id).order_by(LinkRequest.id).limit(_REQUESTS_AT_ONCE)
        ids = session.scalars(chosen.with_for_update(skip_locked=True)).all()
        taken = session.execute(
            delete(LinkRequest).where(LinkRequest.id.in_(ids)).returning(LinkRequest.user_name, LinkRequest.address)
        ).all()
        # By name: two servers that answer for the same people hold them in the same order.
        return sum(_answer(session, user_name, address, now) for user_name, address in sorted(tuple(r) for r in taken))


def link_holder(token: str, now: datetime) -> LinkHolder:
    """Whose passphrase this link sets. Changes nothing: programs that look into e-mails open links too. Raises OutOfDate."""
    with reading() as session:
        link = _open(session, token, now)
        person = session.get_one(Person, link.person_id)
        account = session.get_one(Account, link.person_id)
        has_factor = session.get(SecondFactor, link.person_id) is not None
        shortest = credentials.shortest(second_factor=has_factor)
        invited = link.purpose is LinkPurpose.INVITATION
        return LinkHolder(spoken_name(person.name), account.user_name, shortest, invited)


def set_passphrase_by_link(token: str, passphrase: str, address: str, now: datetime) -> None:
    """Set the passphrase of the link's account; the link is used up, the person's sessions end, and an e-mail says so.

    Raises OutOfDate when the link does not work any more, Incomplete when the passphrase may not be used (the link still works then).
    """
    with reading() as session:
        link = _open(session, token, now)
        check_passphrase(session, link.person_id, passphrase)
    password_hash = credentials.hash_password(passphrase)
    with writing() as session:
        lock_account_of(session, link.person_id)
        link = _open(session, token, now)
        if not use_link(session, link, now):
            raise OutOfDate(DEAD)
        keep_passphrase(session, link.person_id, password_hash, now)
        # Whoever had the account before may have connected a County account of their own.
        forget_county_account(session, link.person_id)
        record_access(
            session,
            None,
            "set passphrase by link",
            now,
            address=address[:64],
            person=link.person_id,
            purpose=str(link.purpose),
        )
        if link.purpose is LinkPurpose.RESET:
            tell_person(session, link.person_id, SET_ANEW, now)


def _open(session: Session, token: str, now: datetime) -> OpenLink:
    link = open_link(session, token, now)
    if link is None:
        raise OutOfDate(DEAD)
    return link


def _answer(session: Session, user_name: str, address: str, now: datetime) -> bool:
    """Owe the e-mail for one request, or nothing: no such account, one that has ended, one that was written to just now."""
    named = select(Person).join(Account, Account.person_id == Person.id).where(Account.user_name == user_name)
    person = session.scalar(named.with_for_update(key_share=True))
    if person is None or not person.active:
        record_access(session, None, "ask for link", now, outcome="refused", address=address)
        return False
    lately = select(AccountLink.id).where(
        AccountLink.person_id == person.id, AccountLink.created_at > now - LINK_AGAIN_AFTER
    )
    if session.scalar(lately.limit(1)) is not None:
        return False
    owe_link(session, person, now)
    record_access(session, None, "ask for link", now, address=address, person=person.id)
    return True
