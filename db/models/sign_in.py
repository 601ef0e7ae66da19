"""What signing in takes besides the account: links sent by e-mail, the second factor, a sign-in that waits for its code."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cts.domain.accounts import LinkPurpose
from db.models.rows import Moment, Row, one_of


class AccountLink(Row):
    """A link by which a person sets a passphrase. Only its SHA-256 is kept; it is made when the e-mail is sent, and works once.

    `used_at` is also set when the passphrase was set in another way: the link is not sent any more, and does not work.
    """

    __tablename__ = "account_link"
    __table_args__ = (one_of("purpose", LinkPurpose),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    email_id: Mapped[int] = mapped_column(ForeignKey("email_owed.id"), unique=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class LinkRequest(Row):
    """Somebody forgot a passphrase: the user name as it was typed, known or not. Looked up, and deleted, by the sending job."""

    __tablename__ = "link_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime] = mapped_column(Moment)


class SecondFactor(Row):
    """The secret an authenticator app shares with CTS, encrypted. `last_step` is the time step of the newest code that was taken."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret_sealed: Mapped[str] = mapped_column(String(300))
    confirmed_at: Mapped[datetime] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(default=0)
    recovery_salt: Mapped[str] = mapped_column(String(32))

    def place(self) -> str:
        """What the encrypted secret is bound to: it opens for this person only."""
        return f"second_factor.secret_sealed:{self.person_id}"


class RecoveryCode(Row):
    """One of ten codes for a person without the phone; only its hash is kept, and it works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class PendingSignIn(Row):
    """The passphrase was right; the second factor is still to come. Opens nothing. Only the SHA-256 of the cookie's value is kept."""

    __tablename__ = "pending_sign_in"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
