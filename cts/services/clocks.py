"""Clocks kept with an assignment, so that lists of attention compare two days and judge nothing: when its phase is to be approved, when the
Advocate is to have met the youth.

Whatever moves them calls `keep_clocks` in its own transaction: a step, a draft, an activity, an update. The rules themselves stand in
cts/forms/advocacy_plan.py (`projected_end`) and cts/domain/cadence.py; a test compares the kept days with them.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from cts.domain.activity import Entry
from cts.domain.cadence import contact_due_on
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Status
from cts.domain.whereabouts import Update, absences
from cts.forms.advocacy_plan import projected_end
from cts.services.extract_documents import hold_documents
from cts.services.fetching import today_of
from cts.settings import settings
from db.models import Activity, Assignment, ClientUpdate, ClockRule, HistoryEntry, ReviewedDocument
from db.models.rows import table_of
from db.session import reading, writing

_OF_ASSIGNMENT: BindParameter[int] = bindparam("assignment_id")
_document = table_of(ReviewedDocument).c
_NAMED = select(func.min(HistoryEntry.at)).where(
    HistoryEntry.assignment_id == _OF_ASSIGNMENT, HistoryEntry.action == Action.ASSIGN
)
_PHASES = select(_document.answers, _document.sequence).where(
    _document.assignment_id == _OF_ASSIGNMENT,
    _document.kind == Document.PLAN,
    _document.status.not_in([Status.APPROVED, *CLOSED_STATUSES]),
)
_COUNTING = select(Activity).where(Activity.assignment_id == _OF_ASSIGNMENT, Activity.voided_at.is_(None))
_TOLD = (
    select(ClientUpdate.happened_on, ClientUpdate.status)
    .where(ClientUpdate.assignment_id == _OF_ASSIGNMENT)
    .order_by(ClientUpdate.happened_on, ClientUpdate.id)
)

AT_ONCE = 200
"""Assignments worked out anew in one transaction; people who save wait no longer than for these."""


def keep_clocks(session: Session, assignment: Assignment, *, contact_stays: bool = False) -> None:
    """Keep the clocks of an assignment as its documents, activities and updates state them now. In the caller's transaction.

    `contact_stays`: nothing that the day of the next contact is counted from has changed; it goes with the end of the service all the same.
    """
    session.flush()
    served = assignment.status == Status.APPROVED and assignment.service_start_on is not None
    assignment.phase_due_on = _phase_due_on(session, assignment.id) if served else None
    if not (served and contact_stays):
        assignment.contact_due_on = _contact_due_on(session, assignment) if served else None


def cadence_begins_on(session: Session, assignment: Assignment) -> date | None:
    """Weeks are counted from the day the service began or, if later, the day its first Advocate was named; a new Advocate goes on with them.

    None before an Advocate was named.
    """
    named_at = session.scalar(_NAMED, {"assignment_id": assignment.id})
    if named_at is None:
        return None
    named_on = today_of(named_at)
    return max(assignment.service_start_on, named_on) if assignment.service_start_on else named_on


def entry_of(row: Activity, note: str = "") -> Entry:
    """An activity as it is kept. Weeks are counted without opening its note."""
    return Entry(
        row.happened_on, row.type, row.method, row.location, row.outcome, row.minutes, tuple(row.with_whom), note
    )


def keep_clocks_by_these_settings() -> int:
    """Work out the clocks of every service that lasts, when the settings they depend on are others than the last time; returns how many.

    At each start of a server. Several servers may do it at once; each assignment is worked out whole, by what is there then.
    """
    words = f"contact every {settings().contact_every_days} days; phases {settings().plan_phases}"[:1_000]
    with reading() as session:
        rule = session.get(ClockRule, 1)
        if rule is not None and rule.words == words:
            return 0
        lasts = select(Assignment.id).where(Assignment.status == Status.APPROVED).order_by(Assignment.id)
        ids = session.scalars(lasts).all()
    for first in range(0, len(ids), AT_ONCE):
        _keep_all(ids[first : first + AT_ONCE])
    with writing() as session:
        session.merge(ClockRule(id=1, words=words))
    return len(ids)


def _keep_all(ids: Sequence[int]) -> None:
    with writing() as session:
        hold_documents(session, ids)
        for assignment in session.scalars(select(Assignment).where(Assignment.id.in_(ids)).order_by(Assignment.id)):
            keep_clocks(session, assignment)


def _phase_due_on(session: Session, assignment_id: int) -> date | None:
    """The projected end of the phase that is not approved; of one that has no start yet there is none."""
    ends = [
        projected_end(kept_answers, settings().phases[sequence - 1][1])
        for kept_answers, sequence in session.execute(_PHASES, {"assignment_id": assignment_id})
    ]
    return min((end for end in ends if end is not None), default=None)


def _contact_due_on(session: Session, assignment: Assignment) -> date | None:
    begins_on = cadence_begins_on(session, assignment)
    if begins_on is None:
        return None
    mine = {"assignment_id": assignment.id}
    updates = [Update(day, status) for day, status in session.execute(_TOLD, mine)]
    entries = [entry_of(row) for row in session.scalars(_COUNTING, mine)]
    return contact_due_on(begins_on, settings().contact_every_days, entries, absences(updates))
