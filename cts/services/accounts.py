"""Accounts: who may sign in. Made by invitation; by an operator on the server; or with the demonstration."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.domain.email_address import is_address
from cts.domain.one_line import one_line
from cts.domain.vocabulary import AGENCY_ROLES, COUNTY_ROLES, Role
from cts.outside import credentials
from cts.services.access import record_access
from cts.services.account_links import owe_link
from cts.services.account_listing import admit_support
from cts.services.actor import Actor, SystemActor
from cts.services.administration_watch import INVITED, tell_administration
from cts.services.attempts import folded
from cts.services.county_login import forget_county_account
from cts.services.covers import end_covers_of
from cts.services.links import end_links
from cts.services.passphrases import check_passphrase, keep_passphrase, words_of
from cts.services.refusals import Incomplete
from cts.services.saved_lists import forget_lists
from cts.services.sessions import end_sessions
from db.models import Account, Agency, Office, Person
from db.session import reading, writing

LONGEST_NAME, LONGEST_UNIT = 200, 20
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"


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


def invite(actor: Actor | SystemActor, person: NewPerson, user_name: str, now: datetime) -> int:
    """Make the person, or find the one CWS/CMS named, an account without a passphrase, and owe the e-mail whose link sets one.

    Returns the person's id. Raises NotPermitted, or Incomplete naming what is missing, taken or not allowed.
    """
    admit_support(actor, "invite", now)
    refuse_problems((*person_problems(person), *_name_problems(user_name)))
    with writing() as session:
        row = _with_account(session, placed(person), user_name, None, None)
        owe_link(session, row, now)
        tell_administration(session, actor, row, INVITED, now)
        record_access(session, actor, "invite", now, person=row.id, role=row.role)
        return row.id


def create_account(
    actor: Actor | SystemActor,
    person: NewPerson,
    user_name: str,
    password: str,
    now: datetime,
    *,
    password_hash: str = "",
) -> int:
    """Make the person, or find the one CWS/CMS named, and give them an account with a passphrase; returns the person's id.

    `password_hash` is given for a passphrase that nobody chose, the demonstration's: it is not looked at then. (Hashing takes long on purpose.)

    Raises NotPermitted, or Incomplete naming what is missing, taken or not allowed.
    """
    admit_support(actor, "create account", now)
    about = words_of(person.name, user_name, person.email)
    problem = "" if password_hash else credentials.password_problem(password, about)
    refuse_problems((*person_problems(person), *_name_problems(user_name), ("password", problem)))
    password_hash = password_hash or credentials.hash_password(password)
    with writing() as session:
        row = _with_account(session, placed(person), user_name, password_hash, now)
        record_access(session, actor, "create account", now, person=row.id)
        return row.id


def set_password(actor: Actor | SystemActor, user_name: str, password: str, now: datetime) -> None:
    """Give an account another passphrase, and end its sessions and links. Raises NotPermitted, Incomplete."""
    admit_support(actor, "set password", now)
    with reading() as session:
        person_id = person_id_of(session, user_name)
        check_passphrase(session, person_id, password)
    password_hash = credentials.hash_password(password)
    with writing() as session:
        keep_passphrase(session, person_id, password_hash, now)
        forget_county_account(session, person_id)
        record_access(session, actor, "set password", now, person=person_id)


def end_person(session: Session, person_id: int, now: datetime) -> None:
    """In the caller's transaction: this person may not work with CTS from now on, and the lists he or she saved go with the account."""
    session.execute(
        update(Person).where(Person.id == person_id).values(active=False).execution_options(synchronize_session=False)
    )
    forget_county_account(session, person_id)
    end_links(session, person_id)
    end_covers_of(session, person_id, now)
    end_sessions(session, person_id, "account ended", now)
    forget_lists(session, person_id)


def person_named(user_name: str) -> int:
    """The id of the person whose account has this user name. Raises Incomplete."""
    with reading() as session:
        return person_id_of(session, user_name)


def any_account() -> bool:
    """Whether anybody can sign in; a database without is empty and may take the demonstration."""
    with reading() as session:
        return session.execute(select(Account.person_id).limit(1)).first() is not None


def person_problems(person: NewPerson) -> tuple[tuple[str, str], ...]:
    """What is wrong with what was typed about a person: (field, sentence), the sentence '' where nothing is."""
    in_county = person.role in COUNTY_ROLES and not person.office_code
    staff_id = person.staff_id or ""
    lines = {"name": person.name, "unit": person.unit, "phone": person.phone}
    name, unit = one_line(person.name), one_line(person.unit)
    return (
        ("name", "" if 0 < len(name) <= LONGEST_NAME else "Give a name of at most 200 characters."),
        *((field, "Write it on one line." if re.search(_CONTROL, text) else "") for field, text in lines.items()),
        ("email", "" if is_address(person.email) else "Give one e-mail address, such as ana.lopez@county.example."),
        ("staff_id", "" if re.fullmatch(r"([A-Za-z0-9]{3})?", staff_id) else "A staff id has three letters or digits."),
        ("office_code", "An office is needed for this role." if in_county else ""),
        ("unit", "" if len(unit) <= LONGEST_UNIT else "A unit has at most 20 characters."),
        ("agency_id", _agency_problem(person)),
    )


def refuse_problems(problems: tuple[tuple[str, str], ...]) -> None:
    """Raises Incomplete with all sentences there are."""
    found = tuple((field, sentence) for field, sentence in problems if sentence)
    if found:
        raise Incomplete(" ".join(dict.fromkeys(sentence for _, sentence in found)), found)


def placed(person: NewPerson) -> NewPerson:
    """The person with an office only in a county role, with an agency only in an agency's."""
    county, agency = person.role in COUNTY_ROLES, person.role in AGENCY_ROLES
    return replace(
        person,
        office_code=person.office_code if county else None,
        unit=one_line(person.unit) if county else "",
        agency_id=person.agency_id if agency else None,
    )


def check_place(session: Session, person: NewPerson) -> None:
    """Raises Incomplete when there is no such office or agency."""
    if person.office_code is not None and session.get(Office, person.office_code) is None:
        raise Incomplete(f"There is no office {person.office_code}.", (("office_code", "No such office."),))
    if person.agency_id is not None and session.get(Agency, person.agency_id) is None:
        raise Incomplete("There is no such agency.", (("agency_id", "No such agency."),))


def _agency_problem(person: NewPerson) -> str:
    return "An agency is needed for this role." if person.role in AGENCY_ROLES and person.agency_id is None else ""


def _name_problems(user_name: str) -> tuple[tuple[str, str], ...]:
    fine = re.fullmatch(r"[^\s\x00-\x1f\x7f]+", folded(user_name)) and folded(user_name).isprintable()
    return (("user_name", "" if fine else "A user name is needed, without spaces."),)


def _with_account(
    session: Session, person: NewPerson, user_name: str, password_hash: str | None, changed_at: datetime | None
) -> Person:
    if session.execute(select(Account.person_id).where(Account.user_name == folded(user_name))).first():
        raise Incomplete("This user name is taken. Choose another.", (("user_name", "Taken."),))
    check_place(session, person)
    row = _person_row(session, person)
    if session.get(Account, row.id) is not None:
        raise Incomplete("This person has an account already.", (("staff_id", "Has an account already."),))
    account = Account(
        person_id=row.id, user_name=folded(user_name), password_hash=password_hash, password_changed_at=changed_at
    )
    session.add(account)
    session.flush()
    return row


def _person_row(session: Session, person: NewPerson) -> Person:
    row = None
    if person.staff_id:
        row = session.execute(select(Person).where(Person.staff_id == person.staff_id)).scalar_one_or_none()
    if row is None:
        row = Person(staff_id=person.staff_id or None, active=True)
        session.add(row)
    row.name, row.role, row.active = one_line(person.name), person.role.value, True
    row.email, row.phone = person.email or row.email or "", one_line(person.phone) or row.phone or ""
    row.unit = person.unit
    row.office_code, row.agency_id = person.office_code, person.agency_id
    session.flush()
    return row


def person_id_of(session: Session, user_name: str) -> int:
    """Whose account has this user name. Raises Incomplete."""
    found = session.execute(select(Account.person_id).where(Account.user_name == folded(user_name))).scalar()
    if found is None:
        raise Incomplete(f"There is no account {folded(user_name)!r}.", (("user_name", "No such account."),))
    return found
