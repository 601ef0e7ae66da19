"""The demonstration: a cast of plainly invented people over the synthetic sample extract. Never in production."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from cts.domain.vocabulary import Role
from cts.outside.credentials import hash_password
from cts.services.accounts import NewPerson, any_account, create_account
from cts.services.actor import SYSTEM
from cts.services.demonstration_service import show_service
from cts.services.extract import load_extract
from cts.settings import PROJECT, UnsafeSettings, settings
from db.models import Account, Agency, Person
from db.session import reading, writing

EXTRACT = PROJECT / "db" / "demo" / "cws_cms_2026-11-02.csv"
PASSPHRASE = "demonstration only 2026"  # noqa: S105
"""Published in the README. Fixed so that a pilot can be shown at once; production refuses a database that holds these accounts."""


LOADED_BEFORE = timedelta(hours=2)
"""The extract is loaded before the first start, as it would be in the morning; what the staff did with it follows."""

AGENCIES = {"HLA": "Harbor Light Advocacy", "NDY": "New Dawn Youth Alliance", "ODL": "Open Door LA"}
"""Invented agencies, by short name."""

STAFF_OF_EXTRACT = {
    "csw": "1CV",
    "csw.colleague": "A0n",
    "scsw": "WwR",
    "scsw.substitute": "mjT",
    "scsw.elsewhere": "RFx",
    "dpo": "UsN",
    "sdpo": "J4T",
    "sdpo.elsewhere": "xfP",
}
"""User name -> CWS/CMS staff id: people the sample extract names, so that their caseloads are there."""

OTHERS: tuple[tuple[str, str, Role, str], ...] = (
    ("admin", "Administrator, Ada", Role.ADMINISTRATION, ""),
    ("admin.second", "Administrator, Abel", Role.ADMINISTRATION, ""),
    ("coordinator", "Coordinator, Carla", Role.COORDINATOR, "HLA"),
    ("coordinator.newdawn", "Coordinator, Nora", Role.COORDINATOR, "NDY"),
    ("coordinator.opendoor", "Coordinator, Otto", Role.COORDINATOR, "ODL"),
    ("advocate", "Advocate, Alan", Role.ADVOCATE, "HLA"),
    ("advocate.second", "Advocate, Bea", Role.ADVOCATE, "HLA"),
    ("advocate.newdawn", "Advocate, Cora", Role.ADVOCATE, "NDY"),
    ("support", "Support, Sam", Role.SUPPORT, ""),
)


def user_names() -> tuple[str, ...]:
    """Every sign-in of the demonstration."""
    return (*STAFF_OF_EXTRACT, *(row[0] for row in OTHERS))


def load_demonstration(now: datetime) -> bool:
    """Load cast and sample extract into an empty database; returns whether it did. Does nothing outside demonstration mode."""
    if not settings().demonstration or any_account():
        return False
    agencies = _add_agencies()
    load_extract(SYSTEM, EXTRACT, now - LOADED_BEFORE)
    people = {user_name: _named_by_extract(staff_id) for user_name, staff_id in STAFF_OF_EXTRACT.items()}
    for user_name, name, role, agency in OTHERS:
        email = f"{user_name}@cts.example"
        people[user_name] = NewPerson(name=name, role=role, email=email, agency_id=agencies.get(agency))
    password_hash = hash_password(PASSPHRASE)
    for user_name, person in people.items():
        create_account(SYSTEM, person, user_name, PASSPHRASE, now, password_hash=password_hash)
    show_service(PASSPHRASE, now)
    return True


def refuse_demonstration_in_production() -> None:
    """Raises UnsafeSettings when a production server finds accounts whose passwords are published."""
    if settings().demonstration:
        return
    with reading() as session:
        found = session.scalars(select(Account.user_name).where(Account.user_name.in_(user_names()))).first()
    if found is not None:
        raise UnsafeSettings(
            "This database holds the demonstration accounts, whose passwords are published. Production needs its own."
        )


def _add_agencies() -> dict[str, int]:
    with writing() as session:
        found = {a.short_name: a.id for a in session.scalars(select(Agency))}
        rows = [
            Agency(name=name, short_name=short, contract_start_on=date(2026, 1, 1), contract_end_on=None)
            for short, name in AGENCIES.items()
            if short not in found
        ]
        session.add_all(rows)
        session.flush()
        return found | {a.short_name: a.id for a in rows}


def _named_by_extract(staff_id: str) -> NewPerson:
    with reading() as session:
        row = session.scalars(select(Person).where(Person.staff_id == staff_id)).one()
    return NewPerson(row.name, Role(row.role), row.email, row.phone, staff_id, row.office_code, row.unit)
