"""Youth who are served, or about to be, before a story begins: brought there by CTS's own services on the running server's database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from cts.services.demonstration import PASSPHRASE
from cts.services.signatures import SignatureView
from db.models import Account, Agency, EmailOwed, Person
from db.session import close_database, open_database, reading
from tests.browser.mailbox import mail_about
from tests.cast import Cast as People
from tests.parts.cts_server import RunningCts
from tests.parts.desk import Clock, Desk
from tests.parts.mail_server import SmtpServer
from tests.parts.ports import wait_until

MINUTES_BEFORE = 60
"""What happened beforehand was an hour ago: what people do in the story comes after it."""


class OfficeDesk(Desk):
    """A desk of the demonstration, where everybody signs with the published passphrase."""

    def signs(self, who: str, password: str = PASSPHRASE, *rest: Any, **more: Any) -> SignatureView:
        return super().signs(who, password, *rest, **more)


class Beforehand:
    """`with Beforehand(cts, mail, number) as desk:` – act at the desk; at the end its e-mails have arrived and count no more."""

    def __init__(self, cts: RunningCts, server: SmtpServer, number: int) -> None:
        self._cts, self._server, self._number = cts, server, number

    def __enter__(self) -> OfficeDesk:
        open_database(self._cts.database_url)
        self._waiting = self._owed() - len(mail_about(self._server, self._number))
        start = datetime.now(UTC) - timedelta(minutes=MINUTES_BEFORE)
        return OfficeDesk(people_of_office(), self._number, _clock=Clock(start))

    def __exit__(self, *_: object) -> None:
        wanted = self._owed() - self._waiting
        close_database()
        wait_until(lambda: len(mail_about(self._server, self._number)) >= wanted, 60, lambda: f"{wanted} e-mails owed")

    def _owed(self) -> int:
        """How many e-mails this assignment ever owed; what the demonstration owed was never sent."""
        of_number = EmailOwed.assignment_number == self._number
        with reading() as session:
            return session.scalar(select(func.count()).select_from(EmailOwed).where(of_number)) or 0


def people_of_office() -> People:
    """The people of the demonstration by user name, and its agencies."""
    with reading() as session:
        found = session.execute(select(Person, Account.user_name).join(Account)).all()
        people = {
            user: Actor(p.id, p.name, Role(p.role), p.email, p.office_code, "", p.unit, p.agency_id)
            for p, user in found
        }
        return People(people, {a.name: a.id for a in session.scalars(select(Agency))})
