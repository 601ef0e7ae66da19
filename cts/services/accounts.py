"""Accounts: who may sign in. Made by an operator on the server, by Technical support, or with the demonstration."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.domain.vocabulary import AGENCY_ROLES, Role
from cts.outside import credentials
from cts.services.access import record_access
from cts.services.actor import Actor, SystemActor
from cts.services.refusals import Incomplete, NotPermitted
from cts.services.sessions import end_sessions
from cts.services.sign_in import folded
from db.models import Account, Agency, Office, Person
from db.session import reading, writing


@dataclass(frozen=True)
class NewPerson:
    """Who the account is for. A staff id that CWS/CMS already named is that same person; county staff have an office, agency staff
    an agency."""

    name: str
    role: Role
    email: str = ""
    phone: str = ""
    staff_id: str | None = None
    office_code: str | None = None
    unit: str = ""
    agency_id: int | None = None


def create_account(
    actor: Actor | SystemActor,
    person: NewPerson,
    user_name: str,
    password: str,
    now: datetime,
    *,
    password_hash: str = "",
) -> int:
    """Make the person, or find the one CWS/CMS named, and give them an account; returns the person's id.

    `password_hash` is the hash of this password where it is known: hashing takes long on purpose.

    Raises NotPermitted, or Incomplete naming what is missing, taken or not allowed.
    """
    _check_may_keep_accounts(actor)
    problems = _problems(person, user_name, password)
    if problems:
        raise Incomplete(" ".join(sentence for _, sentence in problems), problems)
    password_hash = password_hash or credentials.hash_password(password)
    with writing() as session:
        _check_free(session, user_name, person)
        row = _person_row(session, person)
        if session.get(Account, row.id) is not None:
            raise Incomplete("This person has an account already.", (("staff_id", "Has an account already."),))
        session.add(
            Account(person_id=row.id, user_name=folded(user_name), password_hash=password_hash, password_changed_at=now)
        )
        record_access(session, actor, "create account", now, person=row.id)
        return row.id


def set_password(actor: Actor | SystemActor, user_name: str, password: str, now: datetime) -> None:
    """Give an account another password, unlock it and end its sessions. Raises NotPermitted, Incomplete."""
    _check_may_keep_accounts(actor)
    problem = credentials.password_problem(password)
    if problem:
        raise Incomplete(problem, (("password", problem),))
    password_hash = credentials.hash_password(password)
    with writing() as session:
        person_id = _person_id(session, user_name)
        session.execute(
            update(Account)
            .where(Account.person_id == person_id)
            .values(password_hash=password_hash, password_changed_at=now, failed_attempts=0, first_failed_at=None)
        )
        end_sessions(session, person_id, "password set anew", now)
        record_access(session, actor, "set password", now, person=person_id)


def end_account(actor: Actor | SystemActor, user_name: str, now: datetime) -> None:
    """The person works here no more: sessions end at once, nobody signs in with it again. Raises NotPermitted, Incomplete."""
    _check_may_keep_accounts(actor)
    with writing() as session:
        person_id = _person_id(session, user_name)
        session.execute(update(Person).where(Person.id == person_id).values(active=False))
        end_sessions(session, person_id, "account ended", now)
        record_access(session, actor, "end account", now, person=person_id)


def any_account() -> bool:
    """Whether anybody can sign in; a database without is empty and may take the demonstration."""
    with reading() as session:
        return session.execute(select(Account.person_id).limit(1)).first() is not None


def _check_may_keep_accounts(actor: Actor | SystemActor) -> None:
    if isinstance(actor, Actor) and actor.role is not Role.SUPPORT:
        raise NotPermitted("Accounts are kept by Technical support. Ask them to make this change.")


def _problems(person: NewPerson, user_name: str, password: str) -> tuple[tuple[str, str], ...]:
    wanted = "An agency is needed for this role." if person.role in AGENCY_ROLES else ""
    return tuple(
        (field, sentence)
        for field, sentence in (
            ("name", "" if person.name.strip() else "A name is needed."),
            ("user_name", "" if folded(user_name) else "A user name is needed."),
            ("agency_id", wanted if person.agency_id is None else ""),
            ("password", credentials.password_problem(password)),
        )
        if sentence
    )


def _check_free(session: Session, user_name: str, person: NewPerson) -> None:
    if session.execute(select(Account.person_id).where(Account.user_name == folded(user_name))).first():
        raise Incomplete("This user name is taken. Choose another.", (("user_name", "Taken."),))
    if person.office_code is not None and session.get(Office, person.office_code) is None:
        raise Incomplete(f"There is no office {person.office_code}.", (("office_code", "No such office."),))
    if person.agency_id is not None and session.get(Agency, person.agency_id) is None:
        raise Incomplete("There is no such agency.", (("agency_id", "No such agency."),))


def _person_row(session: Session, person: NewPerson) -> Person:
    row = None
    if person.staff_id:
        row = session.execute(select(Person).where(Person.staff_id == person.staff_id)).scalar_one_or_none()
    if row is None:
        row = Person(staff_id=person.staff_id or None, active=True)
        session.add(row)
    row.name, row.role, row.active = person.name.strip(), person.role.value, True
    row.email, row.phone, row.unit = person.email or row.email or "", person.phone or row.phone or "", person.unit
    row.office_code, row.agency_id = person.office_code, person.agency_id
    session.flush()
    return row


def _person_id(session: Session, user_name: str) -> int:
    found = session.execute(select(Account.person_id).where(Account.user_name == folded(user_name))).scalar()
    if found is None:
        raise Incomplete(f"There is no account {folded(user_name)!r}.", (("user_name", "No such account."),))
    return found
