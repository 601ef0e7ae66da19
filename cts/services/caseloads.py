"""A case worker has left: a supervisor of the office, or CSEC Administration, chooses the colleague who takes the youth (mission §7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.fields import us_date
from cts.domain.filters import Attention
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import CASE_WORKER_ROLES, CLOSED_STATUSES, LeadAgency, Party, Role
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.attention import ATTENTION
from cts.services.fetching import Fetched, fetch, refusals_logged, today_of
from cts.services.listings import scope_of
from cts.services.outbox import owe_email
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.rehoming import hand_over
from cts.services.step_choices import Choice
from db.models import Assignment, HistoryEntry, Office, Person, Youth
from db.session import reading, writing

ACTION = "choose_worker"
CHOOSERS = frozenset({Party.SUPERVISOR, Party.ADMINISTRATION})
WHO_CHOOSES = "A supervisor of the office, or CSEC Administration, chooses another case worker."
AT_MOST = 200
Seen = tuple[int, int | None, int]
"""What the screen showed of one assignment: its number, who was the case worker, the version."""


@dataclass(frozen=True)
class WithoutWorker:
    """One youth whose case worker has left. `former` is who that was; `stands_in` who has it now; `seen` goes back with the choice."""

    number: int
    youth_name: str
    former: str
    stands_in: str
    office_code: str
    office: str
    seen: Seen


def without_worker(actor: Actor, now: datetime, *, whole_office: bool = False) -> tuple[WithoutWorker, ...]:
    """The youth for whom this person may choose a colleague, at most 200. Raises NotPermitted for technical support."""
    scope = scope_of(actor, whole_office=whole_office)
    if not _chooses(actor):
        return ()
    wanted = (scope, ATTENTION[Attention.WORKER_LEFT].condition(today_of(now)))
    with reading() as session:
        rows = session.execute(
            select(Assignment, Youth, Person, Office.name)
            .join(Youth, Youth.id == Assignment.youth_id)
            .join(Person, Person.id == Assignment.worker_id)
            .join(Office, Office.code == Assignment.office_code)
            .where(*wanted)
            .order_by(Assignment.office_code, Assignment.number)
            .limit(AT_MOST)
        ).all()
        former = {a.former_worker_id for a, *_ in rows} - {None}
        people = session.execute(select(Person.id, Person.name).where(Person.id.in_(former))) if former else ()
        names: dict[int | None, str] = {i: spoken_name(name) for i, name in people}
    return tuple(
        WithoutWorker(
            number=a.number,
            youth_name=listed_name(y.last_name, y.first_name, y.middle_name, y.suffix),
            former=names.get(a.former_worker_id, spoken_name(worker.name)),
            stands_in=spoken_name(worker.name) if worker.active else "nobody yet",
            office_code=a.office_code,
            office=office,
            seen=(a.number, a.worker_id, a.version),
        )
        for a, y, worker, office in rows
    )


def colleagues(actor: Actor, office_code: str) -> tuple[Choice, ...]:
    """The case workers at work in an office. Raises NotPermitted for who chooses none there."""
    if not _chooses(actor) or (actor.role is not Role.ADMINISTRATION and actor.office_code != office_code):
        raise NotPermitted(WHO_CHOOSES)
    with reading() as session:
        wanted = (Person.office_code == office_code, Person.role.in_(CASE_WORKER_ROLES), Person.active)
        rows = session.execute(select(Person.id, Person.name, Person.unit).where(*wanted).order_by(Person.name))
        return tuple(Choice(i, spoken_name(name), unit) for i, name, unit in rows)


def choose_worker(actor: Actor, number: int, person_id: int | None, seen: Seen | None, now: datetime) -> str:
    """Give one youth whose case worker has left to a colleague of the office; returns what the screen says.

    Raises NotPermitted, Incomplete (no such colleague), OutOfDate (somebody was chosen meanwhile, or nobody has left).
    """
    with refusals_logged(actor, ACTION, number, now), writing() as session:
        return _chosen(session, actor, number, person_id, seen, now)


def choose_worker_for_all(actor: Actor, person_id: int | None, shown: Sequence[Seen], now: datetime) -> str:
    """The same for all that were shown, in one transaction: every one of them, or none. Raises as choose_worker."""
    numbers = [seen[0] for seen in shown]
    if not numbers:
        raise Incomplete("Please choose at least one assignment.")
    with refusals_logged(actor, ACTION, numbers[0], now), writing() as session:
        for seen in sorted(shown):
            _chosen(session, actor, seen[0], person_id, seen, now)
    return (
        f"{len(numbers)} assignments have a case worker again." if len(numbers) > 1 else "It has a case worker again."
    )


def _chooses(actor: Actor) -> bool:
    return actor.role in {Role.SCSW, Role.SDPO, Role.ADMINISTRATION}


def _chosen(
    session: Session, actor: Actor, number: int, person_id: int | None, seen: Seen | None, now: datetime
) -> str:
    found = fetch(session, actor, number, to_write=True)
    if not found.parties & CHOOSERS:
        raise NotPermitted(WHO_CHOOSES)
    assignment = found.assignment
    if seen != (number, assignment.worker_id, assignment.version):
        raise OutOfDate(
            "Nothing was changed by you: a case worker was chosen, or something moved, meanwhile. Look again."
        )
    before = session.get_one(Person, assignment.worker_id)
    if assignment.status in CLOSED_STATUSES or not (assignment.worker_choice_open or not before.active):
        raise OutOfDate("The case worker of this youth has not left. CWS/CMS says who it is.")
    colleague = _colleague(session, found, person_id)
    former = session.get(Person, assignment.former_worker_id) if assignment.former_worker_id else before
    assignment.former_worker_id = former.id if former and not former.active else None
    assignment.worker_id, assignment.worker_choice_open = colleague.id, False
    hand_over(session, assignment, now)
    entry = _entry(actor, found, colleague, former or before, now)
    session.add(entry)
    session.flush()
    owe_email(
        session,
        history_id=entry.id,
        template="worker_chosen",
        to_person=colleague,
        assignment_number=number,
        now=now,
    )
    parties = ", ".join(sorted(found.parties))
    record_access(session, actor, ACTION, now, assignment_id=assignment.id, parties=parties, person=colleague.id)
    return f"{spoken_name(colleague.name)} is the case worker now, from {us_date(today_of(now))}."


def _colleague(session: Session, found: Fetched, person_id: int | None) -> Person:
    """An active worker of the same office and department. Raises Incomplete."""
    job = Role.CSW if found.assignment.lead_agency == LeadAgency.DCFS else Role.DPO
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None or not person.active or person.role != job or person.office_code != found.assignment.office_code:
        sentence = f"Please choose a {job} of the office who works with CTS."
        raise Incomplete(sentence, (("person_id", sentence),))
    return person


def _entry(actor: Actor, found: Fetched, colleague: Person, former: Person, now: datetime) -> HistoryEntry:
    party = next(p for p in (Party.SUPERVISOR, Party.ADMINISTRATION) if p in found.parties)
    return HistoryEntry(
        assignment_id=found.assignment.id,
        at=now,
        actor_id=actor.person_id,
        party=party,
        action=ACTION,
        status_before=found.assignment.status,
        status_after=found.assignment.status,
        details={"worker": colleague.name, "former": former.name},
    )
