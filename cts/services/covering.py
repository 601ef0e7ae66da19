"""Dated cover (mission §7): it is set, and ended early. What it opens is said in parties.py, whether it counts in covers.py."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from cts.domain.calendar import is_plausible
from cts.domain.counting import counted
from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import COUNTY_ROLES, SUPERVISOR_ROLES
from cts.services.access import log_refusal, record_access
from cts.services.actor import Actor
from cts.services.email_kinds import COVER_EMAIL
from cts.services.fetching import as_now, today_of
from cts.services.outbox import owe_notice
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.settings import settings
from db.models import Account, Cover, Person
from db.session import writing

SET, END = "set cover", "end cover"
WHO_SETS = (
    "Cover is set by the person who will be absent, or by a supervisor of the same office. An Advocate is replaced by the agency's "
    "coordinator; in CSEC Administration and among coordinators everybody acts for all."
)
NO_SUCH_COVER = "There is no such cover among those you may end."


def set_cover(
    actor: Actor,
    absent_id: int | None,
    cover_id: int | None,
    first_on: date | None,
    last_on: date | None,
    now: datetime,
) -> str:
    """Say who covers for whom from the first to the last day (of the office); returns what the screen says. Both are told by e-mail.

    Set by the absent person, or by a supervisor of the office, for somebody of the same office and title: so nobody becomes the cover of a
    case worker by his or her own word. One cover at a time. Raises NotPermitted, Incomplete.
    """
    with cover_refusals_logged(actor, SET, now), writing() as session:
        present = of_the_county(session, actor)
        _hold(session, absent_id, cover_id)
        absent = _absent(session, present, absent_id)
        stand_in = session.get(Person, cover_id) if cover_id else None
        if stand_in is None or not _may_cover(session, absent, stand_in):
            raise Incomplete(f"Please choose who covers: another {absent.role} of the same office, with an account.")
        if first_on is None or last_on is None:
            raise Incomplete("Please choose the first and the last day.")
        _refuse_days(first_on, last_on, today_of(now))
        _refuse_others(session, absent, stand_in, first_on, last_on)
        row = _row(actor, absent, stand_in, first_on, last_on, now)
        session.add(row)
        session.flush()
        said = f"{spoken_name(stand_in.name)} covers for {spoken_name(absent.name)} {_days(row)}."
        _tell(session, actor, (absent, stand_in), said, now)
        record_access(
            session,
            actor,
            SET,
            now,
            cover=row.id,
            absent=absent.id,
            covers=stand_in.id,
            first_on=first_on.isoformat(),
            last_on=last_on.isoformat(),
        )
    return said


def end_cover(actor: Actor, cover_row_id: int, now: datetime) -> str:
    """End a cover at once, or take back one to come; returns what the screen says. By either of the two, or a supervisor of the office.

    Raises NotPermitted; OutOfDate when it has ended meanwhile.
    """
    with cover_refusals_logged(actor, END, now), writing() as session:
        present = of_the_county(session, actor)
        row = session.get(Cover, cover_row_id)
        if row is None or not _may_end(present, row):
            raise NotPermitted(NO_SUCH_COVER)
        unended = (Cover.id == row.id, Cover.ended_at.is_(None), Cover.last_on >= today_of(now))
        ended = session.execute(update(Cover).where(*unended).values(ended_at=now, ended_by=actor.person_id))
        if ended.rowcount != 1:  # type: ignore[attr-defined]
            raise OutOfDate("This cover has ended already.")
        absent, stand_in = session.get_one(Person, row.absent_id), session.get_one(Person, row.cover_id)
        said = f"{spoken_name(stand_in.name)} covers for {spoken_name(absent.name)} no more."
        _tell(session, actor, (absent, stand_in), said, now)
        record_access(session, actor, END, now, cover=row.id, absent=absent.id, covers=stand_in.id)
    return said


@contextmanager
def cover_refusals_logged(actor: Actor, action: str, now: datetime) -> Iterator[None]:
    """Write into the access log who was refused what about covers."""
    try:
        yield
    except NotPermitted:
        log_refusal(actor, action, now)
        raise


def of_the_county(session: Session, actor: Actor) -> Actor:
    """The actor as of this moment, of a county office. Raises NotPermitted."""
    present = as_now(session, actor)
    if present.role not in COUNTY_ROLES or present.office_code is None:
        raise NotPermitted(WHO_SETS)
    return present


def _hold(session: Session, *person_ids: int | None) -> None:
    """Both until the transaction ends: of two who set covers of the same person at once, the second sees the first."""
    wanted = select(Person).where(Person.id.in_([i for i in person_ids if i])).order_by(Person.id)
    session.scalars(wanted.with_for_update(key_share=True)).all()


def _absent(session: Session, present: Actor, absent_id: int | None) -> Person:
    if absent_id is None:
        raise Incomplete("Please choose who is absent.")
    person = session.get(Person, absent_id)
    mine = absent_id == present.person_id or present.role in SUPERVISOR_ROLES
    if (
        person is None
        or not person.active
        or person.office_code != present.office_code
        or person.role not in COUNTY_ROLES
    ):
        raise NotPermitted(WHO_SETS)
    if not mine:
        raise NotPermitted(WHO_SETS)
    return person


def _row(actor: Actor, absent: Person, stand_in: Person, first_on: date, last_on: date, now: datetime) -> Cover:
    return Cover(
        absent_id=absent.id,
        cover_id=stand_in.id,
        office_code=absent.office_code or "",
        role=absent.role,
        first_on=first_on,
        last_on=last_on,
        set_by=actor.person_id,
        set_at=now,
    )


def _may_cover(session: Session, absent: Person, stand_in: Person) -> bool:
    """Of the same office and title, and able to sign in: a cover without an account would be nobody."""
    same = (stand_in.office_code, stand_in.role) == (absent.office_code, absent.role)
    return stand_in.active and same and stand_in.id != absent.id and session.get(Account, stand_in.id) is not None


def _may_end(present: Actor, row: Cover) -> bool:
    supervises = present.role in SUPERVISOR_ROLES and present.office_code == row.office_code
    return supervises or present.person_id in {row.absent_id, row.cover_id}


def _refuse_days(first_on: date, last_on: date, today: date) -> None:
    if last_on < first_on:
        raise Incomplete("The last day is before the first.")
    if not is_plausible(last_on):
        raise Incomplete("Last day: please check the year.")
    if first_on < today:
        raise Incomplete("The first day has passed: choose today or a later day.")
    most = settings().cover_days_at_most
    if (last_on - first_on).days + 1 > most:
        raise Incomplete(
            f"At most {counted(most, 'day')} at a time: choose an earlier last day, and set another cover then."
        )


def _refuse_others(session: Session, absent: Person, stand_in: Person, first_on: date, last_on: date) -> None:
    """One cover at a time for one person; and nobody covers while he or she is absent, whichever of the two is said first."""
    overlap = and_(Cover.ended_at.is_(None), Cover.first_on <= last_on, Cover.last_on >= first_on)
    theirs = or_(Cover.absent_id.in_([absent.id, stand_in.id]), Cover.cover_id == absent.id)
    other = session.scalars(select(Cover).where(overlap, theirs).order_by(Cover.first_on).limit(1)).first()
    if other is None:
        return
    away, by = (spoken_name(session.get_one(Person, i).name) for i in (other.absent_id, other.cover_id))
    if other.cover_id == absent.id:
        raise Incomplete(
            f"{by} covers for {away} {_days(other)}. End that cover first and choose somebody else for {away}, or choose other days."
        )
    instead = "End that cover first" if other.absent_id == absent.id else "Choose somebody else"
    raise Incomplete(f"{away} is absent, covered by {by}, {_days(other)}. {instead}, or choose other days.")


def _days(row: Cover) -> str:
    if row.first_on == row.last_on:
        return f"on {us_date(row.first_on)}"
    return f"from {us_date(row.first_on)} to {us_date(row.last_on)}"


def _tell(session: Session, actor: Actor, people: Iterable[Person], change: str, now: datetime) -> None:
    for person in people:
        if person.id != actor.person_id:
            owe_notice(session, person, COVER_EMAIL, {"change": change}, now)
