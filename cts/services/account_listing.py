"""The accounts as Technical support sees them: people of staff, where each account stands, and the places to choose from. No youth data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from cts.domain.accounts import AccountState
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Role
from cts.services.access import admit, record_access
from cts.services.actor import Actor, SystemActor
from cts.services.attempts import folded, window_began
from cts.services.history import clock
from cts.services.refusals import NotPermitted
from cts.services.step_choices import Choice
from cts.settings import settings
from db.models import Account, Agency, Office, Person, SecondFactor, SignInSession
from db.session import reading, writing

PAGE_SIZE = 25
LONGEST_FILTER = 100


@dataclass(frozen=True)
class AccountPlace:
    """What Technical support changes of an account: title, office or agency, where its e-mails go."""

    role: Role
    email: str
    office_code: str | None = None
    unit: str = ""
    agency_id: int | None = None


@dataclass(frozen=True)
class AccountLine:
    """One account. `last_sign_in` is in the office's time, '' before the first; `place` names office and unit, or the agency."""

    person_id: int
    name: str
    user_name: str
    staff_id: str
    state: AccountState
    place: str
    last_sign_in: str
    second_factor: bool
    own: bool
    now_at: AccountPlace


@dataclass(frozen=True)
class AccountPage:
    """One page of accounts by name. `page` counts from 1; `total` is of all pages, `totals` of every account that the filter matches."""

    lines: tuple[AccountLine, ...]
    page: int
    pages: int
    total: int
    totals: Mapping[AccountState, int]


@dataclass(frozen=True)
class Places:
    """Where a person can belong: active offices (code, name) and agencies."""

    offices: Mapping[str, str]
    agencies: tuple[Choice, ...]


def list_accounts(
    actor: Actor,
    now: datetime,
    *,
    typed: str = "",
    role: Role | None = None,
    state: AccountState | None = None,
    page: int = 1,
    opened: bool = False,
) -> AccountPage:
    """Accounts by name; those whose name, user name, e-mail or staff id holds what was typed. A page beyond the last is the last.

    `opened`: the page was just opened, and the look is logged. Raises NotPermitted.
    """
    admit_support(actor, "read accounts", now)
    if opened:
        with writing() as session:
            record_access(session, actor, "read accounts", now)
    conditions = _matching(typed, role)
    with reading() as session:
        states = _in_state(now)
        counts = [func.count().filter(condition) for condition in states.values()]
        counted = select(*counts).select_from(Account).join(Person, Person.id == Account.person_id).where(*conditions)
        totals = dict(zip(states, session.execute(counted).one(), strict=True))
        total = totals[state] if state else sum(totals.values())
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), pages)
        chosen = _accounts().where(*conditions, *([states[state]] if state else []))
        rows = session.execute(
            chosen.order_by(Person.name, Person.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
        ).all()
        return AccountPage(tuple(_line(actor, row, now) for row in rows), page, pages, total, totals)


def account_line(actor: Actor, person_id: int, now: datetime) -> AccountLine:
    """One account. Raises NotPermitted."""
    admit_support(actor, "read account", now)
    with reading() as session:
        row = session.execute(_accounts().where(Person.id == person_id)).first()
    if row is None:
        raise NotPermitted("There is no such account.")
    return _line(actor, row, now)


def places(actor: Actor, now: datetime) -> Places:
    """The offices and agencies to choose from. Raises NotPermitted."""
    admit_support(actor, "read accounts", now)
    with reading() as session:
        offices = session.execute(select(Office.code, Office.name).order_by(Office.department, Office.name)).all()
        agencies = session.execute(select(Agency.id, Agency.name).order_by(Agency.name)).all()
    return Places({code: f"{name} ({code})" for code, name in offices}, tuple(Choice(i, name) for i, name in agencies))


def admit_support(actor: Actor | SystemActor, action: str, now: datetime) -> None:
    """Raises NotPermitted for everybody but Technical support and the server itself, noting it in the access log. Not in a transaction."""
    sentence = "Accounts are kept by Technical support. Ask them to make this change."
    admit(actor, {Role.SUPPORT}, action, now, sentence)


def place_of(person: Person) -> AccountPlace:
    """Where a person is now."""
    return AccountPlace(Role(person.role), person.email, person.office_code, person.unit, person.agency_id)


def _accounts() -> "Select[Person, Account, str, str, int, datetime]":
    entered = select(func.max(SignInSession.created_at)).where(SignInSession.person_id == Person.id).scalar_subquery()
    return (
        select(Person, Account, Office.name, Agency.name, SecondFactor.person_id, entered)
        .join(Account, Account.person_id == Person.id)
        .outerjoin(Office, Office.code == Person.office_code)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
    )


def _in_state(now: datetime) -> dict[AccountState, ColumnElement[bool]]:
    locked = and_(Account.failed_attempts >= settings().sign_in_attempts, Account.first_failed_at > window_began(now))
    here = Person.active.is_(True)
    never = func.coalesce(locked, False)
    return {
        AccountState.ACTIVE: and_(here, not_(never), Account.password_hash.is_not(None)),
        AccountState.INVITED: and_(here, not_(never), Account.password_hash.is_(None)),
        AccountState.LOCKED: and_(here, never),
        AccountState.ENDED: not_(here),
    }


def _matching(typed: str, role: Role | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Person.role == role] if role else []
    for word in folded(typed[:LONGEST_FILTER]).split():
        columns = (func.lower(Person.name), Account.user_name, func.lower(Person.email), func.lower(Person.staff_id))
        found.append(or_(*(column.contains(word, autoescape=True) for column in columns)))
    return found


def _state(person: Person, account: Account, now: datetime) -> AccountState:
    if not person.active:
        return AccountState.ENDED
    first = account.first_failed_at
    if account.failed_attempts >= settings().sign_in_attempts and first is not None and first > window_began(now):
        return AccountState.LOCKED
    return AccountState.ACTIVE if account.password_hash is not None else AccountState.INVITED


def _line(
    actor: Actor, row: tuple[Person, Account, str | None, str | None, int | None, datetime | None], now: datetime
) -> AccountLine:
    person, account, office, agency, factor, entered = row
    unit = f" (unit {person.unit})" if person.unit else ""
    return AccountLine(
        person_id=person.id,
        name=spoken_name(person.name),
        user_name=account.user_name,
        staff_id=person.staff_id or "",
        state=_state(person, account, now),
        place=agency or (f"{office}{unit}" if office else ""),
        last_sign_in=clock(entered) if entered else "",
        second_factor=factor is not None,
        own=person.id == actor.person_id,
        now_at=place_of(person),
    )
