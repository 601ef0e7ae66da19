"""Legal holds: what may be needed by a court or by counsel is neither marked nor purged, whatever its age."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.answer_checks import text_fault
from cts.domain.fields import is_blank
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Party, Role
from cts.services.access import admit, record_access
from cts.services.actor import Actor
from cts.services.fetching import HIGHEST_NUMBER, fetch, refusals_logged
from cts.services.history import clock
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate
from db.models import Assignment, LegalHold, Person, PurgeMark, ReviewedDocument
from db.session import reading, writing

REASON_LIMIT = 1_000
NO_NUMBER = "Please write the Assignment #, digits only."
ONLY_ADMINISTRATION = "Retention and legal holds are kept by CSEC Administration."


@dataclass(frozen=True)
class HoldView:
    """One hold in force. `when` is the office's clock."""

    id: int
    number: int
    whole_youth: bool
    reason: str
    by: str
    when: str

    @property
    def sentence(self) -> str:
        """How the record says it."""
        extent = "every assignment of this youth" if self.whole_youth else f"assignment {self.number}"
        return f"Legal hold on {extent}, placed by {self.by}, {self.when}: {self.reason}"


def held() -> ColumnElement[bool]:
    """Whether an assignment is under a hold: its own, or one for the whole youth placed on any assignment of the same youth."""
    other = aliased(Assignment)
    by_youth = and_(LegalHold.whole_youth, other.youth_id == Assignment.youth_id)
    own = exists().where(LegalHold.assignment_id == Assignment.id, LegalHold.lifted_at.is_(None))
    through = exists().where(other.id == LegalHold.assignment_id, LegalHold.lifted_at.is_(None), by_youth)
    return or_(own.correlate(Assignment), through.correlate(Assignment))


def place_hold(actor: Actor, number: int, reason: str, now: datetime, *, whole_youth: bool = False) -> None:
    """Place a hold on assignment `number`, or on all of the youth; marks to be purged are gone with it.

    Raises NotPermitted, Incomplete (no number (0), no reason, both, or the record was purged already).
    """
    with refusals_logged(actor, "place hold", number, now), writing() as session:
        demand_administration_of(session, actor, number)
        _demand_reason(reason, "the record is held", NO_NUMBER if number == 0 else "")
        assignment = held_still(session, number)
        session.add(
            LegalHold(
                assignment_id=assignment.id,
                whole_youth=whole_youth,
                reason=reason.strip(),
                placed_by=actor.person_id,
                placed_at=now,
            )
        )
        session.flush()
        concerned = select(Assignment.id).where(held())
        session.execute(
            delete(PurgeMark).where(PurgeMark.assignment_id.in_(concerned)).execution_options(synchronize_session=False)
        )
        record_access(session, actor, "place hold", now, assignment_id=assignment.id, whole_youth=whole_youth)


def lift_hold(actor: Actor, hold_id: int, reason: str, now: datetime) -> None:
    """Lift a hold. Raises NotPermitted, Incomplete (no reason), OutOfDate (lifted already)."""
    admit_administration(actor, "lift hold", now)
    with refusals_logged(actor, "lift hold", 0, now), writing() as session:
        _demand_reason(reason, "the hold is lifted")
        hold = session.scalar(select(LegalHold).where(LegalHold.id == hold_id).with_for_update())
        if hold is None:
            raise NotPermitted(NOT_FOUND)
        if hold.lifted_at is not None:
            raise OutOfDate("This hold was lifted already.")
        hold.lifted_by, hold.lifted_at, hold.lift_reason = actor.person_id, now, reason.strip()
        record_access(session, actor, "lift hold", now, assignment_id=hold.assignment_id)


def list_holds(actor: Actor, now: datetime) -> tuple[HoldView, ...]:
    """Every hold in force, newest first. Raises NotPermitted, and logs it."""
    admit_administration(actor, "list holds", now)
    with reading() as session:
        return _views(session, _in_force().order_by(LegalHold.id.desc()))


def holds_on(actor: Actor, number: int) -> tuple[HoldView, ...]:
    """The holds that concern assignment `number`, for CSEC Administration; none for anybody else who reads the record. Raises NotPermitted."""
    with reading() as session:
        found = fetch(session, actor, number)
        if Party.ADMINISTRATION not in found.parties:
            return ()
        assignment = found.assignment
        same_youth = and_(LegalHold.whole_youth, Assignment.youth_id == assignment.youth_id)
        concerned = or_(LegalHold.assignment_id == assignment.id, same_youth)
        return _views(session, _in_force().where(concerned).order_by(LegalHold.id))


def admit_administration(actor: Actor, action: str, now: datetime) -> None:
    """Raises NotPermitted, and logs it, unless the actor is of CSEC Administration."""
    admit(actor, {Role.ADMINISTRATION}, action, now, ONLY_ADMINISTRATION)


def demand_administration_of(session: Session, actor: Actor, number: int) -> None:
    """The same for assignment `number`: whoever may not open it does not learn that there is one. Raises NotPermitted."""
    if actor.role is not Role.ADMINISTRATION:
        fetch(session, actor, number)
        raise NotPermitted(ONLY_ADMINISTRATION)


def held_still(session: Session, number: int) -> Assignment:
    """Assignment `number`, and nobody else changes it, its documents or another assignment of the youth until the transaction ends.

    A hold and a purge of the same youth thus wait for each other, and the second sees what the first did. Documents first, as the loading of
    extracts and every step hold them. Raises NotPermitted (none), Incomplete (purged).
    """
    if not 0 < number <= HIGHEST_NUMBER:
        raise NotPermitted(NOT_FOUND)
    first = select(Assignment.youth_id).where(Assignment.number == number).scalar_subquery()
    of_youth = select(Assignment.id).where(Assignment.youth_id == first)
    documents = select(ReviewedDocument.id).where(ReviewedDocument.assignment_id.in_(of_youth))
    session.execute(documents.order_by(ReviewedDocument.id).with_for_update(of=ReviewedDocument))
    session.execute(of_youth.order_by(Assignment.id).with_for_update(of=Assignment))
    # Statements of their own: they read what the one before us in the queue has saved.
    assignment = session.scalar(select(Assignment).where(Assignment.number == number).with_for_update())
    if assignment is None:
        raise NotPermitted(NOT_FOUND)
    if assignment.purged_at is not None:
        raise Incomplete(
            f"Assignment {number} was purged {clock(assignment.purged_at)}. Nothing of it can be held or purged."
        )
    return assignment


def _demand_reason(reason: str, what: str, before: str = "") -> None:
    """Raises Incomplete; `before` is what is wrong already, so that all of it is said at once."""
    fault = f"Please say why {what}." if is_blank(reason) else text_fault("Reason", reason, REASON_LIMIT)
    problems = tuple((field, words) for field, words in (("number", before), ("reason", fault)) if words)
    if problems:
        raise Incomplete(" ".join(words for _, words in problems), problems)


def _in_force() -> Select[LegalHold, int, str]:
    return (
        select(LegalHold, Assignment.number, Person.name)
        .join(Assignment, Assignment.id == LegalHold.assignment_id)
        .join(Person, Person.id == LegalHold.placed_by)
        .where(LegalHold.lifted_at.is_(None))
    )


def _views(session: Session, query: Select[LegalHold, int, str]) -> tuple[HoldView, ...]:
    return tuple(
        HoldView(hold.id, number, hold.whole_youth, hold.reason, spoken_name(name), clock(hold.placed_at))
        for hold, number, name in session.execute(query)
    )
