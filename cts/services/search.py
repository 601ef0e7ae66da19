"""Search beyond one's caseload: has this youth had CSEC Advocacy Services before? The minimum, and every look is logged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, not_, select
from sqlalchemy.orm import aliased

from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import COUNTY_ROLES, Status
from cts.services.access import log_refusal, record_access
from cts.services.actor import Actor
from cts.services.criteria import Criteria, conditions
from cts.services.listings import scope_of
from cts.services.refusals import NotPermitted
from cts.services.sorting import as_looked_up
from db.models import Agency, Assignment, Office, Person, Youth
from db.session import writing

SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class FoundElsewhere:
    """The minimum about a youth one has no tie to (mission §3). `number` is what the record would be opened by in an emergency."""

    number: int
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


def search_elsewhere(actor: Actor, criteria: Criteria, now: datetime) -> SearchElsewhere | None:
    """Assignments of any status outside the actor's own listing that match; None for those who do not search the county.

    County staff only; sensitive and sealed youth never. Call it once for each press of Search: every search is logged, with the fields
    asked (not what was typed) and the assignments found. Raises NotPermitted for technical support.
    """
    try:
        own = scope_of(actor, whole_office=True)
    except NotPermitted:
        log_refusal(actor, "search", now, asked=list(criteria.asked))
        raise
    if not criteria.names_a_youth:
        return None
    county = actor.role in COUNTY_ROLES
    with writing() as session:
        found = session.execute(_outside(own, criteria)).all() if county else []
        shown = found[:SHOWN_AT_MOST]
        asked, numbers = list(criteria.asked), [row[0].number for row in shown]
        record_access(session, actor, "search", now, asked=asked, found=numbers)
    if not county:
        return None
    rows = tuple(
        FoundElsewhere(
            number=assignment.number,
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


def _outside(own: ColumnElement[bool], criteria: Criteria) -> Select[*tuple[Any, ...]]:
    worker = aliased(Person)
    return (
        select(Assignment, Youth, Agency.name, Office.name, worker.name)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(Office, Office.code == Assignment.office_code)
        .join(worker, worker.id == Assignment.worker_id)
        .outerjoin(Agency, Agency.id == Assignment.agency_id)
        .where(*conditions(criteria), not_(own), Youth.sensitivity == "N")
        .order_by(as_looked_up(Youth.last_name), as_looked_up(Youth.first_name), Assignment.number)
        .limit(SHOWN_AT_MOST + 1)
    )
