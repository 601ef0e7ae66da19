"""One order in which the rows of an account are locked, so that on PostgreSQL no two transactions wait for each other in a circle.

First the person, where the person is changed; then the account; only then whatever hangs on it, in any order: the count of its network
address, links, waiting sign-ins, second factor, recovery codes, sessions. Whoever holds the account is alone with all of these. A
transaction has one account; a load of an extract has several, last of all. (SQLite has one writer at a time anyway.)
"""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.models import Account


def lock_account(session: Session, of: ColumnElement[bool]) -> int | None:
    """In the caller's transaction, before anything that hangs on the account: hold it, and say whose it is.

    Whoever has no account is not waited for: None.
    """
    return session.execute(select(Account.person_id).where(of).with_for_update(key_share=True)).scalar()


def lock_account_of(session: Session, person_id: int) -> None:
    """The same, of a person."""
    lock_account(session, Account.person_id == person_id)
