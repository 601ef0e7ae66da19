"""What was written before a story begins: saved by CTS's own services on the database of the running server, as a second server would."""

from datetime import UTC, datetime

from playwright.sync_api import Page
from sqlalchemy import select

from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from cts.services.drafts import save
from db.models import Account, Person
from db.session import close_database, open_database, reading
from tests.browser.people import Cast, open_assignment, sign, submit_to
from tests.parts.cts_server import RunningCts

WRITTEN = {
    "new_or_returning": "new",
    "best_way": "By text, after school",
    "living_now": "Home of parent",
    "in_county": True,
    "worker_phone": "213-555-0100",
    "courts": ["dependency"],
    "alerts_stated": "present",
    "alerts": {"6403": "A hunting rifle, locked away."},
    "hotline": "no",
    "attention": "A school counselor called.",
    "family": "Lives with an aunt, who helps.",
    "spoke_youth": True,
    "spoke_youth_on": "2026-11-02",
    "youth_agrees": True,
    "spoke_caregiver": False,
    "caregiver_why_not": "Could not be reached.",
    "testifying": False,
    "services": ["assessment", "linkage"],
}
"""What people.fill_referral types and chooses."""


def write_beforehand(cts: RunningCts, number: int, who: Cast, but: tuple[str, ...] = ()) -> None:
    """Every question a Referral must answer is answered, save those in `but`. A page that shows it has to be opened again."""
    open_database(cts.database_url)
    try:
        with reading() as session:
            account = select(Person).join(Account, Account.person_id == Person.id).where(Account.user_name == who.user)
            person = session.scalars(account).one()
            actor = Actor(person.id, person.name, Role(person.role), person.email, person.office_code, "", person.unit)
        save(actor, number, {k: v for k, v in WRITTEN.items() if k not in but}, datetime.now(UTC))
    finally:
        close_database()


def submit_what_was_written(cts: RunningCts, page: Page, number: int, who: Cast, supervisor: Cast) -> None:
    """From the Home page: open the New youth's Referral, in which everything stands, sign it and submit it."""
    write_beforehand(cts, number, who)
    open_assignment(page, number)
    sign(page, who.name)
    submit_to(page, supervisor.name)
