"""Search beyond one's caseload: has this youth had CSEC Advocacy Services before? The minimum, and every look is logged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, not_, select
from sqlalchemy.orm import Session

from cts.domain.fields import us_date
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import COUNTY_ROLES, Status
from cts.services.access import log_refusal, record_access
from cts.services.actor import Actor
from cts.services.criteria import Criteria, conditions, day_first, finds_too_many, read_criteria
from cts.services.listings import scope_of
from cts.services.looked_up import as_number
from cts.services.reach import Reach, only_tested
from cts.services.refusals import Incomplete, NotPermitted
from cts.services.similar import Similar, closest, finds, meant_among
from db.models import Agency, Assignment, Office, Person, Youth
from db.session import reading, writing

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
    """What a search beyond the listing found; `more` when these are not all."""

    rows: tuple[FoundElsewhere, ...]
    more: bool
    similar: tuple[Similar[FoundElsewhere], ...] = ()
    birth_date: date | None = None
    """With day and month exchanged, when that finds somebody elsewhere."""


def search_elsewhere(actor: Actor, criteria: Criteria, now: datetime) -> SearchElsewhere | None:
    """Assignments of any status outside the actor's own listing that match; None for those who do not search the county.

    County staff only; sensitive and sealed youth never. Names almost as typed stand beside those that match. Call it once for each press of
    Search: every search is logged, with the fields asked (not what was typed) and the assignments shown.
    Raises NotPermitted for technical support.
    """
    try:
        own = scope_of(actor, whole_office=True)
    except NotPermitted:
        log_refusal(actor, "search", now, asked=list(criteria.asked))
        raise
    if not criteria.names_a_youth:
        return None
    if actor.role not in COUNTY_ROLES:
        with writing() as session:
            record_access(session, actor, "search", now, asked=list(criteria.asked), found=[])
        return None
    among = _beyond(own)
    with reading() as session:
        ids = session.scalars(_outside(criteria, among)).all()
        more = len(ids) > SHOWN_AT_MOST or finds_too_many(session, criteria)
        close = closest(session, criteria, among, Reach.ALL, as_typed=bool(ids))
        other = criteria.date_exchanged
        meant = meant_among(session, criteria, other, among) if other else None
        found = _shown(session, [*ids[:SHOWN_AT_MOST], *(c.assignment_id for c in close)])
        rows = tuple(found[i] for i in ids[:SHOWN_AT_MOST])
        similar = tuple(Similar(found[c.assignment_id], c.why) for c in close)
    told: dict[str, Any] = {"similar": [one.row.number for one in similar]} if similar else {}
    told["found"] = [row.number for row in rows]
    with writing() as session:
        record_access(session, actor, "search", now, asked=list(criteria.asked), **told)
    return SearchElsewhere(rows, more, similar, meant)


def day_first_meant(actor: Actor, searched_for: Mapping[str, str], now: datetime) -> date | None:
    """Of a search refused for a birth date like 23/08/2009: 08/23/2009, when the search would find somebody whom the actor may find with it.

    None otherwise, and when anything else that was typed cannot be right. That anybody has this birth date is an answer: it is logged as
    every search is. Raises NotPermitted for technical support.
    """
    other = day_first(searched_for.get("birth_date", ""))
    if other is None:
        return None
    try:
        criteria = read_criteria({**searched_for, "birth_date": us_date(other)})
    except Incomplete:
        return None
    try:
        own = scope_of(actor, whole_office=True)
    except NotPermitted:
        log_refusal(actor, "search", now, asked=list(criteria.asked))
        raise
    with reading() as session:
        found = finds(session, criteria, (own,))
        if not found and actor.role in COUNTY_ROLES:
            found = finds(session, criteria, _beyond(own))
    with writing() as session:
        record_access(session, actor, "search", now, asked=list(criteria.asked), found=[])
    return other if found else None


def _beyond(own: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Whom a search of the county may show to whoever has no tie to them."""
    return not_(own), Youth.sensitivity == "N"


def _outside(criteria: Criteria, among: tuple[ColumnElement[bool], ...]) -> Select[int]:
    """The ids of those who match, by name as a list sorts it (db/listing_keys.py). Of a name that very many have, only so many are looked at:
    the search has to say more anyway."""
    return (
        select(Assignment.id)
        .join(Youth, Youth.id == Assignment.youth_id)
        .where(*conditions(criteria, Reach.ALL), *only_tested(among, Reach.ALL))
        .order_by(Assignment.__table__.c.by_youth_up, Assignment.number)
        .limit(as_number(SHOWN_AT_MOST + 1))
    )


_MINIMUM = (
    select(
        *(Assignment.id, Assignment.number, Assignment.status, Youth.last_name, Youth.first_name, Youth.birth_date),
        *(Agency.name.label("agency"), Office.name.label("office"), Person.name.label("worker")),
    )
    .select_from(Assignment)
    .join(Youth, Youth.id == Assignment.youth_id)
    .join(Office, Office.code == Assignment.office_code)
    .join(Person, Person.id == Assignment.worker_id)
    .outerjoin(Agency, Agency.id == Assignment.agency_id)
    .where(Assignment.id.in_(bindparam("ids", expanding=True)))
)


def _shown(session: Session, ids: Sequence[int]) -> dict[int, FoundElsewhere]:
    """What is shown of these assignments, by their ids."""
    return {
        found.id: FoundElsewhere(
            number=found.number,
            youth_name=listed_name(found.last_name, found.first_name),
            birth_year=found.birth_date.year,
            status=Status(found.status),
            agency=found.agency or "",
            office=found.office,
            worker=spoken_name(found.worker),
        )
        for found in session.execute(_MINIMUM, {"ids": ids})
    }
