"""Offices, agencies, people, their accounts and sign-in sessions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cts.domain.vocabulary import LeadAgency, Role
from db.models.rows import Moment, Row, one_of


class Office(Row):
    """A DCFS or Probation office. The code is CWS/CMS's; an unknown one is created inactive by an extract."""

    __tablename__ = "office"
    __table_args__ = (one_of("department", LeadAgency), Index("ix_office_name", "name", "code"))

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    department: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)


class Agency(Row):
    """An advocacy agency under contract, with the dates of the contract."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    short_name: Mapped[str] = mapped_column(String(20))
    contract_start_on: Mapped[date]
    contract_end_on: Mapped[date | None]


class Person(Row):
    """Somebody who works with CTS or is named by CWS/CMS. `staff_id` is CWS/CMS's 3 characters, where case matters."""

    __tablename__ = "person"
    __table_args__ = (one_of("role", Role), Index("ix_person_office_role", "office_code", "role"))

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(String(3), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(30))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    unit: Mapped[str] = mapped_column(String(20), default="")
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)


class Account(Row):
    """What a person signs in with. A person named only by an extract has none; one who was invited has no passphrase at first."""

    __tablename__ = "account"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    user_name: Mapped[str] = mapped_column(String(100), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(100))
    failed_attempts: Mapped[int] = mapped_column(default=0)
    first_failed_at: Mapped[datetime | None] = mapped_column(Moment)
    password_changed_at: Mapped[datetime | None] = mapped_column(Moment)
    county_identity: Mapped[str | None] = mapped_column(String(600), unique=True)


class SignInSession(Row):
    """One signed-in browser. Only the SHA-256 of the cookie's value is kept; ended when revoked, idle or too old."""

    __tablename__ = "sign_in_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_active_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    end_reason: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")


class AddressAttempts(Row):
    """Failed sign-ins counted per network address, for names that do not exist as for those that do."""

    __tablename__ = "address_attempts"

    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    first_failed_at: Mapped[datetime] = mapped_column(Moment)
