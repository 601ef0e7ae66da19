"""The Advocate begins a Termination Report, a Restoration Fund Request or an Extension Request."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.rows import full_rows
from cts.domain.vocabulary import Action, Document, Party, Status
from cts.domain.workflow import ENDS, Step, step_for
from cts.forms.all_forms import SPECS
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.fetching import Fetched, fetch, refusals_logged, today_of
from cts.services.parties import people_who_are
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.stays import begin_stay
from db.models import HistoryEntry, ReviewedDocument
from db.session import writing

STARTED = (Document.TERMINATION, Document.FUNDS, Document.EXTENSION)
ONE_AT_A_TIME = frozenset({Document.TERMINATION, Document.EXTENSION})


def start(actor: Actor, number: int, kind: Document, step_key: str, now: datetime) -> int:
    """Begin a document of this kind for assignment `number`; returns its sequence. `step_key` names one press of the button.

    Raises NotPermitted (not the Advocate), Incomplete (the service has ended, or one is under way already).
    """
    with refusals_logged(actor, Action.START, number, now), writing() as session:
        found = fetch(session, actor, number, to_write=True)
        before = session.scalar(select(HistoryEntry).where(HistoryEntry.step_key == step_key))
        if before is not None:
            return _same_press(session, actor, found, kind, before)
        step = step_for(kind, Status.NOT_STARTED, found.parties, Action.START)
        if step is None:
            raise NotPermitted(_who_begins(session, found, kind))
        sentence = why_not_start(session, found, kind)
        if sentence:
            raise Incomplete(sentence)
        document = ReviewedDocument(
            assignment_id=found.assignment.id,
            kind=kind,
            sequence=_newest(session, found, kind) + 1,
            status=step.becomes,
            spec_version=SPECS[kind].version,
            answers=_first_answers(session, found, kind, now),
            author_id=actor.person_id,
        )
        session.add(document)
        session.flush()
        session.add(_entry(actor, found, document, step, step_key, now))
        begin_stay(session, document, found.assignment, now)
        record_access(
            session,
            actor,
            Action.START,
            now,
            assignment_id=found.assignment.id,
            document_id=document.id,
            **found.logged_as,
        )
        return document.sequence


def _who_begins(session: Session, found: Fetched, kind: Document) -> str:
    if kind not in STARTED:
        return f"Nobody begins a {kind}: it is there from the start."
    advocate = people_who_are(session, Party.ADVOCATE, found.assignment, found.document)
    named = f" ({spoken_name(advocate[0].name)})" if advocate else ""
    return f"The Advocate of this youth{named} begins {_one(kind)}."


def _one(kind: Document) -> str:
    return f"an {kind}" if kind[0] in "AEIOU" else f"a {kind}"


def why_not_start(session: Session, found: Fetched, kind: Document) -> str:
    """Why no document of this kind can be begun now; '' when it can."""
    if found.assignment.status != Status.APPROVED:
        return f"The service has ended ({found.assignment.status}): {_one(kind)} can no longer be begun."
    if kind not in ONE_AT_A_TIME:
        return ""
    mine = (ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind == kind)
    ended = [status for document, status in ENDS if document is kind]
    open_one = session.scalar(select(ReviewedDocument.id).where(*mine, ReviewedDocument.status.not_in(ended)).limit(1))
    return f"One {kind} is under way already: finish or withdraw it first." if open_one is not None else ""


def _same_press(session: Session, actor: Actor, found: Fetched, kind: Document, before: HistoryEntry) -> int:
    document = session.get(ReviewedDocument, before.document_id) if before.document_id else None
    pressed = (before.actor_id, before.action, before.assignment_id)
    if document is None or document.kind != kind or pressed != (actor.person_id, Action.START, found.assignment.id):
        raise OutOfDate("Nothing was changed: this button was used already. Please open the page again.")
    return document.sequence


def _newest(session: Session, found: Fetched, kind: Document) -> int:
    mine = (ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind == kind)
    return session.scalar(select(func.max(ReviewedDocument.sequence)).where(*mine)) or 0


def _first_answers(session: Session, found: Fetched, kind: Document, now: datetime) -> dict[str, Any]:
    """What CTS knows already: the day, the goals of the plan, the day after the service ends."""
    today = today_of(now)
    if kind is Document.FUNDS:
        return {"requested_on": today.isoformat()}
    goals = _goals_of_plan(session, found)
    if kind is Document.TERMINATION:
        return {"goals": goals}
    end = found.assignment.service_end_on
    return {"goals_left": goals} | ({"from_on": (end + timedelta(days=1)).isoformat()} if end else {})


def _goals_of_plan(session: Session, found: Fetched) -> list[dict[str, Any]]:
    """The long-term goals of the newest phase in which there are any."""
    phases = (ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind == Document.PLAN)
    newest_first = select(ReviewedDocument).where(*phases).order_by(ReviewedDocument.sequence.desc())
    for phase in session.scalars(newest_first):
        goals = full_rows(phase.answers.get("long_term_goals"))
        if goals:
            return [{"id": row["id"], "goal": row.get("goal")} for row in goals]
    return []


def _entry(
    actor: Actor, found: Fetched, document: ReviewedDocument, step: Step, step_key: str, now: datetime
) -> HistoryEntry:
    return HistoryEntry(
        assignment_id=found.assignment.id,
        document_id=document.id,
        at=now,
        actor_id=actor.person_id,
        party=step.party,
        action=Action.START,
        status_before=Status.NOT_STARTED,
        status_after=document.status,
        step_key=step_key,
    )
