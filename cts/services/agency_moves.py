"""An agency's contract ends: CSEC Administration assigns its youth to another agency, all at once, as a preview showed them (decision 0049).

One by one it is the same step of the workflow table, taken on the Referral.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ScalarSelect, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from cts.domain.counting import counted
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Role, Status
from cts.domain.workflow import ENDS
from cts.services.access import log_refusal, record_access
from cts.services.actor import Actor
from cts.services.attention import CONTRACT_WARNING_DAYS
from cts.services.contract_end import unpaid_requests
from cts.services.fetching import refusals_logged, today_of
from cts.services.former_agency import tell_former_agency
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.steps import StepRequest, step_in
from db.models import Agency, Assignment, Person, ReviewedDocument, Youth
from db.session import reading, writing

ACTION = "reassign agency"
SOON_DAYS = 30


@dataclass(frozen=True)
class EndingAgency:
    """An agency whose contract has ended, or ends within the days of the warning, and that still has youth in service, or closed assignments
    with `unpaid` Restoration Fund Requests.
    """

    id: int
    name: str
    ends_on: date
    days_left: int
    youth: int
    unpaid: int

    @property
    def warning(self) -> str:
        """How soon it is, in words."""
        if self.days_left < 0:
            return f"ended {counted(-self.days_left, 'day')} ago"
        soon = "very soon: " if self.days_left <= SOON_DAYS else ""
        return f"{soon}ends in {counted(self.days_left, 'day')}" if self.days_left else "ends today"


@dataclass(frozen=True)
class YouthOfAgency:
    """One youth of an agency in the preview, with what is under way; `version` is that of the Referral, and goes back with the decision."""

    number: int
    youth_name: str
    advocate: str
    under_way: int
    version: int


def moves_agencies(actor: Actor) -> bool:
    """Whether this person assigns youth to another agency."""
    return actor.role is Role.ADMINISTRATION


def ending_agencies(actor: Actor, now: datetime) -> tuple[EndingAgency, ...]:
    """Those that ask for a decision, the soonest first. Raises NotPermitted for others than CSEC Administration."""
    _admit(actor)
    today = today_of(now)
    with reading() as session:
        here = Assignment.agency_id == Agency.id
        in_service = select(func.count(Assignment.id)).where(here, Assignment.status == Status.APPROVED)
        served = in_service.correlate(Agency).scalar_subquery()
        unpaid = unpaid_requests(here, Assignment.status.in_(CLOSED_STATUSES))
        rows = session.execute(
            select(Agency, served, unpaid)
            .where(Agency.contract_end_on <= today + timedelta(days=CONTRACT_WARNING_DAYS), or_(served > 0, unpaid > 0))
            .order_by(Agency.contract_end_on, Agency.name)
        ).all()
    return tuple(
        EndingAgency(a.id, a.name, a.contract_end_on, (a.contract_end_on - today).days, youth, requests)
        for a, youth, requests in rows
        if a.contract_end_on
    )


def youth_of_agency(actor: Actor, agency_id: int, now: datetime, *, opened: bool = True) -> tuple[YouthOfAgency, ...]:
    """The preview: every youth in service with this agency, by number; that it was `opened` is logged. Raises NotPermitted."""
    _admit(actor, now)
    under_way = _under_way()
    with reading() as session:
        rows = session.execute(
            select(Assignment.number, Youth, Person.name, under_way, ReviewedDocument.version)
            .join(Youth, Youth.id == Assignment.youth_id)
            .join(ReviewedDocument, ReviewedDocument.assignment_id == Assignment.id)
            .outerjoin(Person, Person.id == Assignment.advocate_id)
            .where(
                Assignment.agency_id == agency_id,
                Assignment.status == Status.APPROVED,
                ReviewedDocument.kind == Document.REFERRAL,
            )
            .order_by(Assignment.number)
        ).all()
    if opened:
        with writing() as session:
            record_access(session, actor, "preview agency", now, agency=agency_id, youth=len(rows))
    return tuple(
        YouthOfAgency(
            number,
            listed_name(y.last_name, y.first_name, y.middle_name, y.suffix),
            spoken_name(advocate) if advocate else "none yet",
            count,
            version,
        )
        for number, y, advocate, count, version in rows
    )


def move_youth(
    actor: Actor,
    shown: Sequence[YouthOfAgency],
    to_agency_id: int | None,
    reason_code: str,
    reason_text: str,
    step_key: str,
    now: datetime,
) -> str:
    """Assign all that the preview showed to another agency, in one transaction: every one of them, or none.

    `step_key` names one press. Raises NotPermitted, Incomplete, OutOfDate (one of them changed since it was shown).
    """
    _admit(actor, now)
    if not shown:
        raise Incomplete("There is no youth to assign.")
    with refusals_logged(actor, ACTION, shown[0].number, now), writing() as session:
        from_agency = session.scalar(select(Assignment.agency_id).where(Assignment.number == shown[0].number))
        for youth in sorted(shown, key=lambda y: y.number):
            request = StepRequest(
                Action.REASSIGN,
                youth.version,
                f"{step_key} {youth.number}"[:64],
                reason_code=reason_code,
                reason_text=reason_text,
                agency_id=to_agency_id,
                one_of_many=True,
            )
            _move_one(session, actor, youth, request, now)
        tell_former_agency(session, actor, from_agency, len(shown), now)
    return f"{counted(len(shown), 'assignment')} went to the other agency; the coordinators of both have been told."


def _move_one(session: Session, actor: Actor, youth: YouthOfAgency, request: StepRequest, now: datetime) -> None:
    """The step of one of them. Raises OutOfDate, naming which it was: on its own record its sentence would be enough."""
    try:
        step_in(session, actor, youth.number, request, now)
    except OutOfDate as changed:
        raise OutOfDate(
            f"Nothing was assigned: assignment {youth.number} has changed since you looked. The list is shown anew; please look again."
        ) from changed


def _under_way() -> ScalarSelect[int]:
    """How many documents besides the Referral are neither ended nor settled."""
    of_kind = aliased(ReviewedDocument)
    mine = (of_kind.assignment_id == Assignment.id, of_kind.kind.not_in([Document.REFERRAL, Document.SUMMARY]))
    lasts = tuple_(of_kind.kind, of_kind.status).not_in(sorted(ENDS))
    return select(func.count(of_kind.id)).where(*mine, lasts).correlate(Assignment).scalar_subquery()


def _admit(actor: Actor, now: datetime | None = None) -> None:
    """A refused look at the overview has shown nothing; a refused preview or change is logged."""
    if moves_agencies(actor):
        return
    if now is not None:
        log_refusal(actor, ACTION, now)
    raise NotPermitted("CSEC Administration assigns youth to another agency.")
