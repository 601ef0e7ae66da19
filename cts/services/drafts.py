"""A draft is saved on the server from the first change, one answer at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.domain.fields import Kind, value_fault
from cts.domain.vocabulary import Action, Document, Party
from cts.domain.workflow import step_for
from cts.services.actor import Actor
from cts.services.fetching import Fetched, fetch, refusals_logged
from cts.services.history import latest_sentence
from cts.services.permissions import others_may
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from db.models import HistoryEntry, ReviewedDocument
from db.session import writing

TRIES = 20


def save(
    actor: Actor, number: int, answers: dict[str, Any], now: datetime, kind: Document = Document.REFERRAL
) -> datetime:
    """Save some answers of a draft; the others stay as they are, so that two tabs of one person lose nothing.

    Returns the moment saved. Raises Incomplete for a value that cannot be kept (nothing is saved then), OutOfDate when the document
    is no longer being written, NotPermitted when it is not this person's to write.
    """
    with refusals_logged(actor, Action.SAVE, number, now), writing() as session:
        for _ in range(TRIES):
            found = fetch(session, actor, number, kind, to_write=True)
            step = step_for(found.kind, found.status, found.parties, Action.SAVE)
            if step is None and Party.CASE_WORKER not in found.parties:
                raise NotPermitted(f"This {found.kind} is {found.status}. " + others_may(session, found, Action.SAVE))
            if step is None:
                raise OutOfDate(
                    f"This change was not saved: the {found.kind} is {found.status}. {latest_sentence(session, found)} "
                    "Copy what you typed before you leave this page."
                )
            merged = _merged(found, answers)
            if merged == found.document.answers:
                return found.document.saved_at or now
            if _saved(session, actor, found, merged, now):
                _note_author(session, actor, found, now)
                return now
            session.expire_all()
    raise OutOfDate("This change could not be saved: another tab is saving. Please try again.")


def _merged(found: Fetched, answers: dict[str, Any]) -> dict[str, Any]:
    faults = []
    for key, value in answers.items():
        field = found.spec.field(key)
        fault = "There is no such question." if field is None or field.kind is Kind.FACT else value_fault(field, value)
        if fault:
            faults.append((key, fault))
    if faults:
        raise Incomplete(f"{faults[0][1]} It has not been saved.", tuple(faults))
    return dict(found.document.answers) | answers


def _saved(session: Session, actor: Actor, found: Fetched, merged: dict[str, Any], now: datetime) -> bool:
    document = found.document
    won = session.execute(
        update(ReviewedDocument)
        .where(ReviewedDocument.id == document.id, ReviewedDocument.version == document.version)
        .values(
            answers=merged,
            version=document.version + 1,
            saved_at=now,
            author_id=actor.person_id,
            spec_version=found.spec.version,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(won.rowcount == 1)  # type: ignore[attr-defined]


def _note_author(session: Session, actor: Actor, found: Fetched, now: datetime) -> None:
    """Remember everybody who wrote, once a round: four eyes needs it, and the history shows it."""
    mine = (HistoryEntry.document_id == found.document.id, HistoryEntry.actor_id == actor.person_id)
    this_round = (HistoryEntry.action == Action.SAVE, HistoryEntry.round == found.document.rounds)
    if session.scalar(select(HistoryEntry.id).where(*mine, *this_round).limit(1)) is not None:
        return
    session.add(
        HistoryEntry(
            assignment_id=found.assignment.id,
            document_id=found.document.id,
            round=found.document.rounds,
            at=now,
            actor_id=actor.person_id,
            party=Party.CASE_WORKER,
            action=Action.SAVE,
            status_before=found.status,
            status_after=found.status,
        )
    )
