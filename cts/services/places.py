"""Offices and agencies, kept by CSEC Administration (mission §1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cts.domain.calendar import is_plausible
from cts.domain.names import spoken_name
from cts.domain.one_line import one_line
from cts.domain.vocabulary import CLOSED_STATUSES, SUPERVISOR_ROLES, LeadAgency, Role
from cts.services.access import log_refusal, record_access
from cts.services.actor import Actor
from cts.services.contract_end import Contract, refuse_unseen
from cts.services.escalation import escalation_contacts, keep_contacts
from cts.services.fetching import today_of
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.step_choices import Choice, agencies_to_choose
from cts.services.step_needs import under_contract
from db.models import Agency, Assignment, Office, Person
from db.session import reading, writing

NAME_LIMIT = 100
SHORT_NAME_LIMIT = 20
_Row = TypeVar("_Row", Agency, Office)


@dataclass(frozen=True)
class OfficeView:
    """An office; `active` is False for one an extract named first, until CSEC Administration has looked at it.

    `contacts` are the ids, among its supervisors, of those who are told of what has waited too long there.
    """

    code: str
    name: str
    department: LeadAgency
    active: bool
    open_assignments: int
    supervisors: tuple[Choice, ...] = ()
    contacts: tuple[int, ...] = ()

    @property
    def kept(self) -> tuple[object, ...]:
        """What can be changed of it."""
        return (self.name, self.active, frozenset(self.contacts))


@dataclass(frozen=True)
class AgencyView:
    """An advocacy agency, the dates of its contract and how many open assignments it has."""

    id: int
    name: str
    short_name: str
    contract_start_on: date
    contract_end_on: date | None
    under_contract: bool
    open_assignments: int

    @property
    def kept(self) -> tuple[object, ...]:
        """What can be changed of it."""
        return (self.name, self.short_name, self.contract_start_on, self.contract_end_on)


def list_offices(actor: Actor) -> tuple[OfficeView, ...]:
    """Every office, inactive ones first because they ask for a decision. Raises NotPermitted."""
    _only_administration(actor)
    with reading() as session:
        counts = _open_counts(session, Assignment.office_code)
        rows = session.scalars(select(Office).order_by(Office.active, Office.department, Office.name)).all()
        people = select(Person).where(Person.role.in_(SUPERVISOR_ROLES), Person.active).order_by(Person.name)
        supervisors: dict[str | None, list[Choice]] = {}
        for person in session.scalars(people):
            supervisors.setdefault(person.office_code, []).append(Choice(person.id, spoken_name(person.name)))
        contacts = escalation_contacts(session)
    return tuple(
        OfficeView(
            o.code,
            o.name,
            LeadAgency(o.department),
            o.active,
            counts.get(o.code, 0),
            tuple(supervisors.get(o.code, [])),
            tuple(s.id for s in supervisors.get(o.code, []) if s.id in contacts.get(o.code, frozenset())),
        )
        for o in rows
    )


def list_agencies(actor: Actor, now: datetime) -> tuple[AgencyView, ...]:
    """Every agency by name. Raises NotPermitted."""
    _only_administration(actor, "list agencies", now)
    with reading() as session:
        counts = _open_counts(session, Assignment.agency_id)
        rows = session.scalars(select(Agency).order_by(Agency.name)).all()
    return tuple(
        AgencyView(
            a.id,
            a.name,
            a.short_name,
            a.contract_start_on,
            a.contract_end_on,
            under_contract(a, today_of(now)),
            counts.get(a.id, 0),
        )
        for a in rows
    )


def agencies_under_contract(actor: Actor, now: datetime) -> tuple[Choice, ...]:
    """The agencies that may be given youth today, by name. Raises NotPermitted."""
    _only_administration(actor)
    with reading() as session:
        return agencies_to_choose(session, now)


def save_office(
    actor: Actor,
    code: str,
    name: str,
    *,
    active: bool,
    now: datetime,
    contacts: Sequence[int] | None = None,
    shown: OfficeView | None = None,
) -> None:
    """Rename an office, make it active or not, name its escalation contacts (None: as they are). Raises NotPermitted, Incomplete.

    `shown` is the office as it stood on the screen where it was changed: OutOfDate when somebody else has changed it since.
    """
    _only_administration(actor, "save office", now)
    with writing() as session:
        office = _existing(session.get(Office, code, with_for_update=True))
        if shown is not None:
            told = escalation_contacts(session).get(code, frozenset()) & {s.id for s in shown.supervisors}
            _refuse_old(shown, (office.name, office.active, told))
        office.name, office.active = _name(name), active
        if contacts is not None:
            keep_contacts(session, actor, code, contacts, now)
        record_access(session, actor, "save office", now, office=code, active=active)


def save_agency(
    actor: Actor,
    agency_id: int | None,
    *,
    name: str,
    short_name: str,
    contract_start_on: date | None,
    contract_end_on: date | None,
    now: datetime,
    seen: str | None = None,
    shown: AgencyView | None = None,
) -> int:
    """Add an agency (`agency_id` None) or change one; returns its id. Raises NotPermitted, Incomplete naming the field.

    `shown` is the agency as it stood on the screen where it was changed: OutOfDate when somebody else has changed it since. Otherwise
    whoever only corrects a name would take back the end of a contract that was set meanwhile, and with it give access back.
    The end of a contract takes access away from the agency's people the day after it: `seen` is the preview it was decided on
    (cts/services/contract_end.py). Incomplete without one, OutOfDate when it would say something else by now.
    """
    _only_administration(actor, "save agency", now)
    wanted = _contract(contract_start_on, contract_end_on)
    with writing() as session:
        taken = session.scalar(select(Agency.id).where(func.lower(Agency.name) == _name(name).lower()))
        if taken is not None and taken != agency_id:
            raise Incomplete("There is an agency of this name already.", (("name", "Taken."),))
        agency = Agency() if agency_id is None else _existing(session.get(Agency, agency_id, with_for_update=True))
        if shown is not None:
            _refuse_old(shown, (agency.name, agency.short_name, agency.contract_start_on, agency.contract_end_on))
        if agency_id is not None:
            refuse_unseen(session, agency, wanted, today_of(now), seen)
        agency.name, agency.short_name = _name(name), _short_name(short_name)
        agency.contract_start_on, agency.contract_end_on = wanted.first, wanted.last
        session.add(agency)
        session.flush()
        record_access(session, actor, "save agency", now, agency=agency.id)
        return agency.id


def _refuse_old(shown: OfficeView | AgencyView, kept: tuple[object, ...]) -> None:
    """Raises OutOfDate where something else is kept by now than what was on the screen."""
    if shown.kept != kept:
        raise OutOfDate("Somebody else has changed this meanwhile. Nothing is saved; it stands here now as it is kept.")


def _contract(first: date | None, last: date | None) -> Contract:
    """Raises Incomplete naming the field."""
    if first is None:
        raise Incomplete("Please give the first day of the contract.", (("contract_start_on", "Please give a date."),))
    for field, day in (("contract_start_on", first), ("contract_end_on", last)):
        if day is not None and not is_plausible(day):
            raise Incomplete("Please check the year of the contract.", ((field, "Please check the year."),))
    if last is not None and last < first:
        sentence = "The contract cannot end before it starts."
        raise Incomplete(sentence, (("contract_end_on", sentence),))
    return Contract(first, last)


def _only_administration(actor: Actor, action: str = "", now: datetime | None = None) -> None:
    """A refused look (no `action`) has shown nothing; a refused change is logged."""
    if actor.role is not Role.ADMINISTRATION:
        if action and now is not None:
            log_refusal(actor, action, now)
        raise NotPermitted("Offices and agencies are kept by CSEC Administration.")


def _open_counts(session: Session, column: object) -> dict[object, int]:
    statement = select(column, func.count()).where(Assignment.status.not_in(CLOSED_STATUSES)).group_by(column)  # type: ignore[call-overload]
    return {key: int(number) for key, number in session.execute(statement)}


def _existing(row: _Row | None) -> _Row:
    if row is None:
        raise NotPermitted("There is no such office or agency.")
    return row


def _name(text: str) -> str:
    name = one_line(text)
    if not name or len(name) > NAME_LIMIT:
        sentence = f"Please give a name of at most {NAME_LIMIT} characters."
        raise Incomplete(sentence, (("name", sentence),))
    return name


def _short_name(text: str) -> str:
    name = one_line(text)
    if not name or len(name) > SHORT_NAME_LIMIT:
        sentence = f"Please give a short name of at most {SHORT_NAME_LIMIT} characters, such as HLA."
        raise Incomplete(sentence, (("short_name", sentence),))
    return name
