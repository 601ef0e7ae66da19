"""Who has claimed what waits for the supervisors of an office (mission §7), and whether the claim counts. The verbs are in claiming.py.

A claim stands in the open stay of the interval table, so it ends with it: a decision, a recall or a move to another holder leaves none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Party, Role
from cts.domain.workflow import waiting_in
from cts.services.actor import Actor
from cts.services.fetching import Fetched, today_of
from cts.services.history import clock_as_of
from cts.services.parties import parties_of
from db.models import Assignment, Person, Stay, Youth


@dataclass(frozen=True)
class Claim:
    """A claim that counts now."""

    person_id: int
    name: str
    at: datetime
    ends_at: datetime

    def words(self, now: datetime) -> str:
        """How lists and refusals say it: "Claimed by Sonia Supervisor since 10:42 AM"."""
        return f"Claimed by {spoken_name(self.name)} since {clock_as_of(self.at, now)}"

    @property
    def until(self) -> str:
        """How its end is said: "the end of 11/03/2026"."""
        return until_words(self.ends_at)


def until_words(ends_at: datetime) -> str:
    """The last day of something that ends at midnight."""
    return f"the end of {us_date(today_of(ends_at - timedelta(seconds=1)))}"


def claim_on(session: Session, found: Fetched, now: datetime) -> Claim | None:
    """The claim on a document, if it counts now. No query for what does not wait for the supervisors of an office."""
    if not waits_for_office(found):
        return None
    row = session.execute(_CLAIMED, {"document_id": found.document.id}).first()
    return lasting(*row, found.assignment, found.youth, found.document.named_supervisor_id, now) if row else None


_CLAIMED = (
    select(Stay, Person)
    .join(Person, Person.id == Stay.claimed_by)
    .where(Stay.document_id == bindparam("document_id"), Stay.left_at.is_(None))
)


def waits_for_office(found: Fetched) -> bool:
    """Whether a document waits for the supervisors of its office (the workflow table says so)."""
    waiting = waiting_in(found.kind, found.status)
    return waiting is not None and waiting.holder is Party.SUPERVISOR


def lasting(
    stay: Stay,
    claimer: Person | None,
    assignment: Assignment,
    youth: Youth,
    named_supervisor_id: int | None,
    now: datetime,
) -> Claim | None:
    """The claim in an open stay, as long as it has not lapsed and its person may still decide: nothing is stuck with somebody who left."""
    if claimer is None or stay.claimed_at is None or stay.claim_ends_at is None or stay.claim_ends_at <= now:
        return None
    who = Actor(claimer.id, claimer.name, Role(claimer.role), office_code=claimer.office_code)
    if not claimer.active or Party.SUPERVISOR not in parties_of(who, assignment, youth, named_supervisor_id):
        return None
    return Claim(claimer.id, claimer.name, stay.claimed_at, stay.claim_ends_at)


def with_another(actor: Actor, claim: Claim | None, now: datetime) -> str:
    """Why a person may not decide what a colleague has claimed; '' when nobody else has."""
    if claim is None or claim.person_id == actor.person_id:
        return ""
    return f"{claim.words(now)}. To decide yourself, choose Take over first."
