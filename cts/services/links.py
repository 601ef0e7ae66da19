"""Links by e-mail to set a passphrase. The secret in one is made while its e-mail is sent, stands in the e-mail only, and works once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from cts.domain.accounts import LinkPurpose
from cts.services.account_lock import lock_account_of
from cts.services.digests import NOT_NEEDED
from cts.settings import settings
from db.models import Account, AccountLink, Person

LINK_EMAILS = {LinkPurpose.INVITATION: "account_invitation", LinkPurpose.RESET: "account_reset"}
LINK_PATH = "/passphrase"
"""What the e-mail log shows of the address: without its secret."""

REPLACED = f"{NOT_NEEDED} a later e-mail, or a passphrase that was set, took its place."


@dataclass(frozen=True)
class OpenLink:
    """A link that works at this moment, and whose it is."""

    link_id: int
    person_id: int
    purpose: LinkPurpose


def address_of_new_link(session: Session, email_id: int, now: datetime) -> tuple[str, str]:
    """In the transaction that claims an e-mail for sending: the address with a new secret, or '' and why none is needed any more.

    The time of the link begins now. All earlier links of the person are dead.
    """
    person_id = session.scalar(select(AccountLink.person_id).where(AccountLink.email_id == email_id))
    if person_id is None:
        return "", REPLACED
    lock_account_of(session, person_id)
    link = session.scalars(select(AccountLink).where(AccountLink.email_id == email_id)).one()
    if link.used_at is not None or not _fits(session, link) or _is_replaced(session, link):
        return "", REPLACED
    end_links(session, link.person_id)
    token = secrets.token_urlsafe(32)
    session.execute(
        update(AccountLink)
        .where(AccountLink.id == link.id)
        .values(token_hash=_hash_of(token), expires_at=now + timedelta(minutes=settings().account_link_minutes))
        .execution_options(synchronize_session=False)
    )
    return f"{LINK_PATH}?link={token}", ""


def open_link(session: Session, token: str, now: datetime) -> OpenLink | None:
    """The link of this secret, when it works now: not used, not too old, its account not ended and still in want of what it is for."""
    if not token or len(token) > 100:
        return None
    link = session.scalar(
        select(AccountLink)
        .join(Person, Person.id == AccountLink.person_id)
        .where(
            AccountLink.token_hash == _hash_of(token),
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > now,
            Person.active,
        )
    )
    if link is None or not _fits(session, link):
        return None
    return OpenLink(link.id, link.person_id, LinkPurpose(link.purpose))


def use_link(session: Session, link: OpenLink, now: datetime) -> bool:
    """Compare-and-set: of two who come with the same link exactly one is let in."""
    used = session.execute(
        update(AccountLink)
        .where(AccountLink.id == link.link_id, AccountLink.used_at.is_(None), AccountLink.token_hash.is_not(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def end_links(session: Session, person_id: int) -> None:
    """In the caller's transaction: no link that was sent to this person works any more. One that is still owed is sent later, and works."""
    _change(session, person_id, AccountLink.token_hash.is_not(None), token_hash=None)


def supersede_links(session: Session, person_id: int, now: datetime) -> None:
    """In the caller's transaction: the passphrase was set, so no link works any more, and none that is still owed is sent."""
    _change(session, person_id, AccountLink.used_at.is_(None), used_at=now)


def _change(session: Session, person_id: int, which: ColumnElement[bool], **values: datetime | None) -> None:
    lock_account_of(session, person_id)
    links = update(AccountLink).where(AccountLink.person_id == person_id, which)
    session.execute(links.values(**values).execution_options(synchronize_session=False))


def _fits(session: Session, link: AccountLink) -> bool:
    """An invitation is for an account without a passphrase, a reset for one that has one: neither does the work of the other."""
    invited = session.scalar(select(Account.password_hash.is_(None)).where(Account.person_id == link.person_id))
    return invited is (link.purpose == LinkPurpose.INVITATION)


def _is_replaced(session: Session, link: AccountLink) -> bool:
    later = exists().where(AccountLink.person_id == link.person_id, AccountLink.id > link.id)
    return bool(session.scalar(select(later)))


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
