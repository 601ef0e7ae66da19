"""Two youth of the demonstration who are served already, so that a first look finds a client record with something in it.

Everything goes the way of the staff: the same services, one step after the other. Nothing here is about a real person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.domain.calendar import age_on
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Action, Document, LeadAgency, Role
from cts.forms.referral_rules import AGES_SERVED
from cts.services.actor import Actor
from cts.services.documents import read_document
from cts.services.drafts import save
from cts.services.fetching import today_of
from cts.services.signatures import sign
from cts.services.starting import start
from cts.services.steps import StepRequest, take_step
from db.models import Account, Agency, Assignment, EmailOwed, Person, Youth
from db.session import reading, writing

_presses = count(1)


@dataclass
class Table:
    """One youth's table: who sits at it, and the clock on the wall."""

    people: Mapping[str, Actor]
    number: int
    passphrase: str
    clock: Iterator[datetime]

    def writes(self, who: str, answers: dict[str, Any], kind: Document = Document.REFERRAL) -> None:
        """Save answers of the newest document of a kind."""
        save(self.people[who], self.number, answers, next(self.clock), kind)

    def signs(self, who: str) -> None:
        """Sign the Referral."""
        actor, now = self.people[who], next(self.clock)
        seen = read_document(actor, self.number, now).version
        sign(actor, self.number, spoken_name(actor.name), self.passphrase, seen, now)

    def takes(self, who: str, action: Action, kind: Document = Document.REFERRAL, **asked: Any) -> None:
        """One step on the newest document of a kind."""
        actor, now = self.people[who], next(self.clock)
        seen = read_document(actor, self.number, now, kind).version
        take_step(actor, self.number, StepRequest(action, seen, _press(), **asked), now, kind)

    def starts(self, who: str, kind: Document) -> None:
        """Begin a report or request."""
        start(self.people[who], self.number, kind, _press(), next(self.clock))


def show_service(passphrase: str, now: datetime) -> None:
    """Bring one youth of `csw` into phase 2 with approved money, and one of `dpo` into phase 1, waiting for the DPO."""
    with reading() as session:
        people = {name: _actor(session, name) for name in PEOPLE}
        dcfs = _youth_to_serve(session, people["csw"], LeadAgency.DCFS, now)
        probation = _youth_to_serve(session, people["dpo"], LeadAgency.PROBATION, now)
    moments = (now - timedelta(minutes=100) + timedelta(minutes=n) for n in count())
    if dcfs is not None:
        _serve_dcfs(Table(people, dcfs, passphrase, moments))
    if probation is not None:
        _serve_probation(Table(people, probation, passphrase, moments))
    # What was told on the way is told already: a pilot's mailbox begins with what people do from now on.
    with writing() as session:
        session.execute(update(EmailOwed).where(EmailOwed.sent_at.is_(None)).values(sent_at=EmailOwed.created_at))


PEOPLE = ("csw", "scsw", "dpo", "sdpo", "admin", "coordinator", "advocate")
AGENCY = "HLA"


def _serve_dcfs(at: Table) -> None:
    _bring_to_advocate(at, "csw", "scsw")
    at.writes("advocate", PLAN, Document.PLAN)
    at.takes("advocate", Action.SUBMIT, Document.PLAN)
    at.takes("csw", Action.APPROVE, Document.PLAN)
    at.takes("scsw", Action.APPROVE, Document.PLAN)
    at.writes("advocate", {"strengths": PLAN["strengths"]}, Document.PLAN)
    at.starts("advocate", Document.FUNDS)
    at.writes("advocate", FUNDS, Document.FUNDS)
    at.takes("advocate", Action.SUBMIT, Document.FUNDS)
    at.takes("csw", Action.APPROVE, Document.FUNDS)
    at.takes("admin", Action.APPROVE, Document.FUNDS)
    at.writes("advocate", {"therapist": "Through the clinic near the school"}, Document.SUMMARY)


def _serve_probation(at: Table) -> None:
    _bring_to_advocate(at, "dpo", "sdpo")
    at.writes("advocate", PLAN, Document.PLAN)
    at.takes("advocate", Action.SUBMIT, Document.PLAN)


def _bring_to_advocate(at: Table, worker: str, supervisor: str) -> None:
    at.writes(worker, REFERRAL)
    at.signs(worker)
    at.takes(worker, Action.SUBMIT, supervisor_id=at.people[supervisor].person_id)
    at.signs(supervisor)
    at.takes(supervisor, Action.APPROVE)
    at.takes("admin", Action.APPROVE, agency_id=at.people["advocate"].agency_id)
    at.takes("coordinator", Action.ACKNOWLEDGE)
    at.takes("coordinator", Action.ASSIGN, advocate_id=at.people["advocate"].person_id)


def _press() -> str:
    return f"demonstration {next(_presses)}"


def _actor(session: Session, user_name: str) -> Actor:
    person = session.scalars(
        select(Person).join(Account, Account.person_id == Person.id).where(Account.user_name == user_name)
    ).one()
    agency = session.get(Agency, person.agency_id) if person.agency_id else None
    return Actor(
        person_id=person.id,
        name=person.name,
        role=Role(person.role),
        email=person.email,
        office_code=person.office_code,
        unit=person.unit,
        agency_id=person.agency_id,
        agency_name=agency.name if agency else "",
    )


def _youth_to_serve(session: Session, worker: Actor, lead: LeadAgency, now: datetime) -> int | None:
    """The last youth of a caseload whose Referral needs no exception."""
    rows = session.execute(
        select(Assignment.number, Youth.birth_date)
        .join(Youth, Youth.id == Assignment.youth_id)
        .where(Assignment.worker_id == worker.person_id, Assignment.awol_code == "N", Assignment.lead_agency == lead)
        .where(Youth.sensitivity == "N")
        .order_by(Assignment.number.desc())
    )
    youngest, oldest = AGES_SERVED[lead]
    today = today_of(now)
    return next((number for number, born in rows if youngest <= age_on(born, today) <= oldest), None)


REFERRAL: dict[str, Any] = {
    "new_or_returning": "new",
    "preferred_name": "",
    "youth_phone": "213-555-0142",
    "best_way": "Text after school",
    "living_now": "Home of parent",
    "in_county": True,
    "worker_phone": "213-555-0100",
    "courts": ["dependency"],
    "alerts_stated": "none",
    "hotline": "no",
    "attention": "A school counselor told the case worker that the youth had been approached by an adult online.",
    "family": "Lives with an aunt who is supportive and wants to take part.",
    "spoke_youth": True,
    "spoke_youth_on": "2026-10-28",
    "youth_agrees": True,
    "spoke_caregiver": True,
    "spoke_caregiver_on": "2026-10-29",
    "caregiver_agrees": True,
    "testifying": False,
    "services": ["assessment", "stabilization", "linkage"],
}
PLAN: dict[str, Any] = {
    "strengths": "Draws every day; keeps appointments; trusts the aunt.",
    "warnings": "Leaves school early on Fridays.",
    "priority_needs": "A safe way home, and somebody to call at night.",
    "long_term_goals": [{"id": "longterm1", "goal": "Finish tenth grade with the class"}],
    "goals": [
        {
            "id": "goal1",
            "goal": "Attend school four days a week",
            "action_step": "The Advocate meets the youth at the bus stop on Mondays",
            "due_on": "2026-12-18",
            "team_member": "Alan Advocate",
        },
        {
            "id": "goal2",
            "goal": "Know whom to call at night",
            "action_step": "Three numbers in the phone, tried out together",
            "due_on": "2026-12-04",
            "team_member": "The youth and Alan Advocate",
        },
    ],
    "safety_concerns": "An adult who writes online under changing names.",
    "safety_plan": "Blocks and tells; the aunt picks the youth up on Fridays.",
    "coping_skills": "Drawing, music, a walk with the dog.",
    "support_systems": [{"id": "support1", "name": "Maternal aunt", "relationship": "Aunt"}],
    "professionals": [{"id": "professional1", "name": "School counselor", "relationship": "Counselor"}],
}
FUNDS: dict[str, Any] = {
    "items": [
        {"id": "item1", "item": "Winter coat", "quantity": "1", "projected_cost": "85.00"},
        {"id": "item2", "item": "Drawing pad and pencils", "quantity": "2", "projected_cost": "42.50"},
    ],
    "justification": "The youth has no coat and waits for the bus in the morning.",
    "other_funding": "The school's clothing closet had none in this size.",
    "goal": "Attend school four days a week",
}
