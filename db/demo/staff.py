"""Who works on the invented youth: offices with their units, agencies, CSEC Administration; how quickly each office works."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from sqlalchemy import Connection, insert, select, update

from cts.domain.vocabulary import CASE_WORKER_ROLES, SUPERVISOR_ROLES, LeadAgency, Role
from db.batches import Batches
from db.demo.names import FIRST_NAMES, LAST_NAMES
from db.models import Account, Agency, Office, Person


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff."""

    id: int
    name: str
    role: str
    office_code: str | None = None
    unit: str = ""
    agency_id: int | None = None
    email: str = ""


@dataclass
class OfficeTeam:
    """An office: its people, and how long its decisions take beside those of others (1 is usual)."""

    code: str
    name: str
    department: str
    workers: list[Colleague] = field(default_factory=list)
    supervisors: list[Colleague] = field(default_factory=list)
    pace: float = 1.0

    def supervisor_of(self, worker: Colleague) -> Colleague:
        """The supervisor of the worker's unit, else one of the office; always the same."""
        of_unit = [s for s in self.supervisors if s.unit == worker.unit] or self.supervisors
        return of_unit[worker.id % len(of_unit)]


@dataclass
class AgencyTeam:
    """An advocacy agency and its people."""

    id: int
    name: str
    coordinators: list[Colleague] = field(default_factory=list)
    advocates: list[Colleague] = field(default_factory=list)


@dataclass
class House:
    """Everybody. `offices` have workers and supervisors; the others of the database are not here."""

    offices: dict[str, OfficeTeam]
    agencies: dict[int, AgencyTeam]
    administration: list[Colleague]

    def offices_of(self, department: str) -> list[OfficeTeam]:
        """The offices of DCFS or of Probation."""
        return [o for o in self.offices.values() if o.department == department]


def house_of(connection: Connection, dice: Random) -> House:
    """Read who works where. Raises ValueError where nobody could do some part of the work."""
    rows = connection.execute(select(Office.code, Office.name, Office.department)).all()
    offices = {code: OfficeTeam(code, name, department) for code, name, department in sorted(rows)}
    named = connection.execute(select(Agency.id, Agency.name)).all()
    agencies = {number: AgencyTeam(number, name) for number, name in sorted(named)}
    administration: list[Colleague] = []
    columns = (Person.id, Person.name, Person.role, Person.office_code, Person.unit, Person.agency_id, Person.email)
    for row in connection.execute(select(*columns).where(Person.active).order_by(Person.id)):
        one = Colleague(*row)
        if one.role in CASE_WORKER_ROLES and one.office_code:
            offices[one.office_code].workers.append(one)
        elif one.role in SUPERVISOR_ROLES and one.office_code:
            offices[one.office_code].supervisors.append(one)
        elif one.role == Role.COORDINATOR and one.agency_id:
            agencies[one.agency_id].coordinators.append(one)
        elif one.role == Role.ADVOCATE and one.agency_id:
            agencies[one.agency_id].advocates.append(one)
        elif one.role == Role.ADMINISTRATION:
            administration.append(one)
    working = {code: office for code, office in offices.items() if office.workers and office.supervisors}
    for office in working.values():
        office.pace = round(dice.uniform(0.6, 2.2), 2)
    serving = {number: team for number, team in agencies.items() if team.coordinators and team.advocates}
    house = House(working, serving, administration)
    if not (house.offices_of(LeadAgency.DCFS) and house.agencies and len(administration) > 1):
        raise ValueError("Offices, agencies or CSEC Administration have nobody who could work.")
    return house


ADVOCATES = {"HLA": 11, "NDY": 9, "ODL": 7}
"""How many Advocates the demonstration's agencies have, with those of the cast: 27, of the 20 to 35 of a county."""


def add_people(batches: Batches, password_hash: str, since: date) -> None:
    """Bring each agency to its number of Advocates, under contract since a day, and give everybody of the county an account who has none."""
    connection = batches.connection
    connection.execute(update(Agency).where(Agency.contract_start_on > since).values(contract_start_on=since))
    agencies = {row.short_name: row.id for row in connection.execute(select(Agency.short_name, Agency.id))}
    have = connection.execute(select(Person.agency_id).where(Person.role == Role.ADVOCATE)).scalars().all()
    first_names = iter(sorted(FIRST_NAMES, key=lambda name: (sum(map(ord, name)) * 37 % 101, name)))
    for short, wanted in ADVOCATES.items():
        for number in range(have.count(agencies[short]) + 1, wanted + 1):
            user_name = f"advocate.{short.lower()}.{number}"
            person = Person(
                id=batches.next_id(Person),
                name=f"Advocate, {next(first_names)}",
                role=Role.ADVOCATE,
                email=f"{user_name}@cts.example",
                agency_id=agencies[short],
                active=True,
            )
            batches.add(person)
            batches.add_values(Account, _account(person.id, user_name, password_hash))
    without = select(Person.id, Person.role).outerjoin(Account, Account.person_id == Person.id)
    named = without.where(Account.person_id.is_(None), Person.staff_id.is_not(None)).order_by(Person.id)
    for person_id, role in connection.execute(named).all():
        user_name = f"{role.lower()}.{person_id}"
        batches.add_values(Account, _account(person_id, user_name, password_hash))
    batches.write()


def _account(person_id: int, user_name: str, password_hash: str) -> dict[str, object]:
    return {"person_id": person_id, "user_name": user_name, "password_hash": password_hash}


COUNTY_YOUTH = 20_000
"""For a measurement: how many assignments one county has over the years. A state is fifty counties."""
UNITS, WORKERS = 2, 4


def people_for(batches: Batches, assignments: int, since: date) -> None:
    """Offices, agencies and people for this many assignments: 20 offices, 3 agencies and 30 Advocates in each county there must be."""
    for county in range(max(1, round(assignments / COUNTY_YOUTH))):
        for place in range(20):
            department = LeadAgency.PROBATION if place >= 17 else LeadAgency.DCFS
            _add_office(batches, f"Z{county:03d}{place:02d}", department)
        for place in range(3):
            _add_agency(batches, f"Agency {county}-{place}", since)
    for place in range(3):
        batches.add(_person(batches, Role.ADMINISTRATION, f"Administration {place}"))
    batches.write()


def _add_office(batches: Batches, code: str, department: str) -> None:
    batches.connection.execute(
        insert(Office), [{"code": code, "name": f"Office {code}", "department": department, "active": True}]
    )
    of_dcfs = department == LeadAgency.DCFS
    roles = (Role.SCSW, Role.CSW) if of_dcfs else (Role.SDPO, Role.DPO)
    for unit in range(1, UNITS + 1):
        for place in range(WORKERS + 1):
            role = roles[min(place, 1)]
            name = f"{LAST_NAMES[(unit * 7 + place * 3 + hash_of(code)) % len(LAST_NAMES)]}, {code} {unit}{place}"
            batches.add(_person(batches, role, name, office_code=code, unit=f"{code}-{unit:02d}"))


def hash_of(text: str) -> int:
    """A number of a text that is the same in every process."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))


def _add_agency(batches: Batches, name: str, since: date) -> None:
    agency = Agency(id=batches.next_id(Agency), name=name, short_name=name[7:], contract_start_on=since)
    batches.add(agency)
    for place in range(11):
        role = Role.COORDINATOR if place == 0 else Role.ADVOCATE
        batches.add(_person(batches, role, f"{role} {place}, {name}", agency_id=agency.id))


def _person(batches: Batches, role: str, name: str, **place: object) -> Person:
    number = batches.next_id(Person)
    return Person(id=number, name=name, role=role, email=f"p{number}@cts.example", active=True, **place)
