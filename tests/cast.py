"""The people and youth every test knows.

Two offices and Probation, two agencies, one who left. The youth are on the caseload of `csw` (DCFS) and `dpo` (Probation).
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select

from cts.domain.vocabulary import Document, LeadAgency, Role, Status
from cts.services.actor import Actor
from cts.services.name_index import write_names
from cts.services.stays import begin_stay
from db.models import Account, Agency, Assignment, GridRow, Office, Person, ReviewedDocument, Youth
from db.session import reading, writing
from tests.parts.beginnings import begun
from tests.parts.passwords import quick_hash

NOW = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)
"""Nine in the morning in Los Angeles."""

TODAY = date(2026, 11, 2)
"""The same day there."""

PASSWORD = "correct horse battery"

DCFS_OFFICE, OTHER_OFFICE, PROBATION_OFFICE = "1912A", "1901A", "PCTU1"

ANSWERS: dict[str, Any] = {
    "new_or_returning": "new",
    "best_way": "Text after school",
    "living_now": "Home of parent",
    "in_county": True,
    "worker_phone": "213-555-0100",
    "courts": ["dependency"],
    "alerts_stated": "none",
    "hotline": "no",
    "attention": "Told by the school counselor.",
    "family": "Lives with an aunt who is supportive.",
    "spoke_youth": True,
    "spoke_youth_on": "2026-10-28",
    "youth_agrees": True,
    "spoke_caregiver": True,
    "spoke_caregiver_on": "2026-10-29",
    "caregiver_agrees": True,
    "testifying": False,
    "services": ["assessment", "linkage"],
}
"""A Referral with nothing missing."""


@dataclass
class Cast:
    """Actors by what they are, agencies, and the numbers of the youth's assignments."""

    people: dict[str, Actor]
    agencies: dict[str, int]
    dcfs_number: int = 0
    probation_number: int = 0
    numbers: "count[int]" = field(default_factory=lambda: count(10_001))

    def __getattr__(self, name: str) -> Actor:
        if name not in self.__dict__.get("people", {}):
            raise AttributeError(name)
        return self.people[name]


PEOPLE: dict[str, tuple[str, Role, str | None, str, str | None]] = {
    # name, role, office, unit, agency
    "csw": ("Worker, Wanda", Role.CSW, DCFS_OFFICE, "1912A-01", None),
    "colleague": ("Colleague, Colin", Role.CSW, DCFS_OFFICE, "1912A-01", None),
    "scsw": ("Supervisor, Sonia", Role.SCSW, DCFS_OFFICE, "1912A-01", None),
    "substitute": ("Substitute, Simon", Role.SCSW, DCFS_OFFICE, "1912A-02", None),
    "elsewhere": ("Elsewhere, Elena", Role.SCSW, OTHER_OFFICE, "1901A-01", None),
    "csw_elsewhere": ("Distant, Dora", Role.CSW, OTHER_OFFICE, "1901A-01", None),
    "dpo": ("Probation, Paul", Role.DPO, PROBATION_OFFICE, "PCTU1-01", None),
    "sdpo": ("Senior, Sam", Role.SDPO, PROBATION_OFFICE, "PCTU1-01", None),
    "admin": ("Administrator, Ada", Role.ADMINISTRATION, None, "", None),
    "admin_second": ("Administrator, Abel", Role.ADMINISTRATION, None, "", None),
    "coordinator": ("Coordinator, Carla", Role.COORDINATOR, None, "", "Harbor Light Advocacy"),
    "advocate": ("Advocate, Alan", Role.ADVOCATE, None, "", "Harbor Light Advocacy"),
    "advocate_second": ("Advocate, Bea", Role.ADVOCATE, None, "", "Harbor Light Advocacy"),
    "rival_coordinator": ("Coordinator, Nora", Role.COORDINATOR, None, "", "New Dawn, Inc."),
    "rival_advocate": ("Advocate, Cora", Role.ADVOCATE, None, "", "New Dawn, Inc."),
    "support": ("Support, Stella", Role.SUPPORT, None, "", None),
    "left": ("Former, Fred", Role.SCSW, DCFS_OFFICE, "1912A-01", None),
}


def make_cast() -> Cast:
    """Fill a freshly migrated database; returns the cast with one DCFS and one Probation youth, both New."""
    with reading() as session:
        untouched = session.scalar(select(func.count(Person.id))) == 0
    return begun(_fill) if untouched else _fill()


def change_person(cast: Cast, who: str, **changes: Any) -> None:
    """Give a person of the cast another title, office or end; the session that is open keeps what it knew."""
    change_row_of(cast.people[who].person_id, **changes)


def change_row_of(person_id: int, **changes: object) -> None:
    """Change columns of a person."""
    with writing() as session:
        person = session.get_one(Person, person_id)
        for column, value in changes.items():
            setattr(person, column, value)


def _fill() -> Cast:
    with writing() as session:
        agencies = [
            Agency(name=name, short_name=short, contract_start_on=date(2026, 1, 1), contract_end_on=None)
            for name, short in (("Harbor Light Advocacy", "HLA"), ("New Dawn, Inc.", "NDI"))
        ]
        session.add_all(agencies)
        session.flush()
        ids = {a.name: a.id for a in agencies}
        offices = {o: session.get_one(Office, o).name for o in (DCFS_OFFICE, OTHER_OFFICE, PROBATION_OFFICE)}
        people = {}
        for key, (name, role, office, unit, agency) in PEOPLE.items():
            row = Person(
                name=name,
                role=role,
                email=f"{key}@cts.example",
                office_code=office,
                unit=unit,
                agency_id=ids[agency] if agency else None,
                active=key != "left",
            )
            session.add(row)
            session.flush()
            session.add(
                Account(person_id=row.id, user_name=key, password_hash=quick_hash(PASSWORD), password_changed_at=NOW)
            )
            people[key] = Actor(
                person_id=row.id,
                name=name,
                role=role,
                email=row.email,
                office_code=office,
                office_name=offices.get(office or "", ""),
                unit=unit,
                agency_id=row.agency_id,
                agency_name=agency or "",
            )
    cast = Cast(people, ids)
    cast.dcfs_number = add_assignment(cast, last_name="Canary-Rodríguez", first_name="Zoë")
    cast.probation_number = add_assignment(
        cast,
        last_name="Probationer",
        first_name="Pat",
        worker="dpo",
        supervisor="sdpo",
        office=PROBATION_OFFICE,
        unit="PCTU1-01",
        lead=LeadAgency.PROBATION,
    )
    return cast


def add_assignment(
    cast: Cast,
    *,
    last_name: str = "Youth",
    first_name: str = "Yara",
    birth_date: date = date(2011, 5, 6),
    worker: str = "csw",
    supervisor: str = "scsw",
    office: str = DCFS_OFFICE,
    unit: str = "1912A-01",
    lead: LeadAgency = LeadAgency.DCFS,
    sensitivity: str = "N",
    awol_code: str = "N",
    now: datetime = NOW,
) -> int:
    """One more youth with a New assignment; returns its number."""
    number = next(cast.numbers)
    with writing() as session:
        youth = Youth(
            client_id=f"{number:019d}",
            last_name=last_name,
            first_name=first_name,
            birth_date=birth_date,
            sex="F",
            race_ethnicity="Hispanic",
            primary_language="Spanish",
            state_id=f"77{number}",
            pdj_number=f"PJ{number}" if lead is LeadAgency.PROBATION else "",
            sensitivity=sensitivity,
        )
        session.add(youth)
        session.flush()
        write_names(session, [youth.id], [{"last_name": last_name, "first_name": first_name}])
        assignment = Assignment(
            number=number,
            youth_id=youth.id,
            status=Status.NEW,
            referral_id=f"{1_000_000_000_000_000_000 + number:019d}",
            referral_on=date(2026, 10, 1),
            referral_name=f"{last_name} 3 DAY",
            lead_agency=lead,
            worker_id=cast.people[worker].person_id,
            supervisor_id=cast.people[supervisor].person_id,
            unit=unit,
            office_code=office,
            awol_code=awol_code,
            extract_on=date(2026, 11, 2),
            facts_hash="",
        )
        session.add(assignment)
        session.flush()
        session.add(GridRow(assignment_id=assignment.id, csec_type="6869", start_on=date(2026, 9, 1), end_on=None))
        document = ReviewedDocument(assignment_id=assignment.id, kind=Document.REFERRAL, status=Status.NEW, answers={})
        session.add(document)
        session.flush()
        begin_stay(session, document, assignment, now)
    return number


def later(minutes: int = 0, days: int = 0) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(minutes=minutes, days=days)
