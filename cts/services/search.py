"""Search beyond one's caseload: has this youth had CSEC Advocacy Services before? The minimum, and every look is logged."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import not_, select
from sqlalchemy.orm import aliased

from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import COUNTY_ROLES, Status
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.listings import ANY_STATUS, Criteria, conditions, scope_of
from cts.services.refusals import Incomplete
from db.models import Agency, Assignment, Office, Person, Youth
from db.session import writing

SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class FoundElsewhere:
    """The minimum about a youth one has no tie to (mission §3)."""

    youth_name: str
    birth_year: int
    status: Status
    agency: str
    office: str
    worker: str


@dataclass(frozen=True)
class SearchElsewhere:
    """What a search beyond the listing found; `more` when the limit was reached."""

    rows: tuple[FoundElsewhere, ...]
    more: bool


def search_elsewhere(actor: Actor, criteria: Criteria, now: datetime) -> SearchElsewhere:
    """Assignments of any status outside the actor's own listing that match. County staff only; sensitive and sealed youth never.

    Logged once for each call with the assignments found. Raises Incomplete when too little is asked.
    """
    if actor.role not in COUNTY_ROLES or not criteria.names_a_youth:
        return SearchElsewhere((), more=False)
    letters = sum(c.isalpha() for c in criteria.last_name + criteria.first_name)
    if letters == 1 and not (
        criteria.birth_date or criteria.referral_number or criteria.case_number or criteria.state_id
    ):
        raise Incomplete("Please give at least two letters of a name.", (("last_name", "At least two letters."),))
    anywhere = Criteria(**{**criteria.__dict__, "status": ANY_STATUS})
    own = scope_of(actor, whole_office=True)
    worker = aliased(Person)
    statement = (
        select(Assignment, Youth, Agency.name, Office.name, worker.name)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(Office, Office.code == Assignment.office_code)
        .join(worker, worker.id == Assignment.worker_id)
        .outerjoin(Agency, Agency.id == Assignment.agency_id)
        .where(*conditions(anywhere), not_(own), Youth.sensitivity == "N")
        .order_by(Youth.last_name, Youth.first_name, Assignment.number)
        .limit(SHOWN_AT_MOST + 1)
    )
    with writing() as session:
        found = session.execute(statement).all()
        shown = found[:SHOWN_AT_MOST]
        record_access(session, actor, "search", now, found=[row[0].number for row in shown])
    rows = tuple(
        FoundElsewhere(
            youth_name=listed_name(youth.last_name, youth.first_name),
            birth_year=youth.birth_date.year,
            status=Status(assignment.status),
            agency=agency or "",
            office=office,
            worker=spoken_name(worker_name),
        )
        for assignment, youth, agency, office, worker_name in shown
    )
    return SearchElsewhere(rows, more=len(found) > SHOWN_AT_MOST)
