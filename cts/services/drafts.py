"""A draft is saved on the server from the first change, one answer at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.domain.answer_checks import value_fault
from cts.domain.answer_words import shown
from cts.domain.fields import ROW_ID, Field, Kind
from cts.domain.rows import displaced, displaced_cells, may_change, merged_rows
from cts.domain.vocabulary import Action, Document
from cts.domain.workflow import Step, step_for
from cts.services.actor import Actor
from cts.services.case_files import tokens_of
from cts.services.clocks import keep_clocks
from cts.services.fetching import Fetched, fetch, refusals_logged
from cts.services.history import latest_sentence
from cts.services.permissions import others_may
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.stays import begin_stay
from db.models import HistoryEntry, ReviewedDocument
from db.session import writing

TRIES = 20


@dataclass(frozen=True)
class Saved:
    """When a draft was saved, and what another tab had answered meanwhile that these answers took the place of, in words: (question, answer)."""

    at: datetime
    displaced: tuple[tuple[str, str], ...] = ()


def save(
    actor: Actor,
    number: int,
    answers: dict[str, Any],
    now: datetime,
    kind: Document = Document.REFERRAL,
    sequence: int | None = None,
    seen: Mapping[str, Any] | None = None,
) -> Saved:
    """Save some answers of a draft; the others stay as they are, so that two tabs of one person lose nothing.

    `seen` is what this tab had read before it changed the answers, by field: rows are merged cell by cell with what another tab saved, and
    what another tab had answered to the same question is told, to be copied.

    Raises Incomplete for a value that cannot be kept (nothing is saved then), OutOfDate when the document
    is no longer being written, NotPermitted when it is not this person's to write.
    """
    with refusals_logged(actor, Action.SAVE, number, now), writing() as session:
        for _ in range(TRIES):
            found = fetch(session, actor, number, kind, sequence, to_write=True)
            step = step_for(found.kind, found.status, found.parties, Action.SAVE)
            if step is None and not found.is_writer:
                raise NotPermitted(
                    f"This {found.kind} is {found.status}. " + others_may(session, found, Action.SAVE, now)
                )
            if step is None:
                raise OutOfDate(
                    f"This change was not saved: the {found.kind} is {found.status}. {latest_sentence(session, found)} "
                    "Copy what you typed before you leave this page."
                )
            merged = _merged(session, found, answers, seen or {})
            if merged == found.document.answers:
                return Saved(found.document.saved_at or now)
            told = tuple(_displaced(found, answers, seen or {}, merged))
            if _saved(session, actor, found, merged, now, step):
                _note_author(session, actor, found, now, step)
                if kind is Document.PLAN:
                    session.refresh(found.document)
                    keep_clocks(session, found.assignment)
                if step.moves:
                    session.refresh(found.document)
                    begin_stay(session, found.document, found.assignment, now)
                return Saved(now, told)
            session.expire_all()
    raise OutOfDate("This change could not be saved: another tab is saving. Please try again.")


def _merged(session: Session, found: Fetched, answers: dict[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    before = found.document.answers
    after = dict(before)
    faults = []
    for key, value in answers.items():
        field = found.spec.field(key)
        if field is None or field.kind is Kind.FACT:
            faults.append((key, "There is no such question."))
            continue
        fault = value_fault(field, value)
        if not fault:
            rows = field.kind is Kind.ROWS and key in seen
            after[key] = merged_rows(seen.get(key), value, before.get(key)) if rows else value
            fault = value_fault(field, after[key]) or _not_now(session, found, field, after[key])
        if fault:
            faults.append((key, fault))
    if faults:
        raise Incomplete(f"{faults[0][1]} It has not been saved.", tuple(faults))
    return after


def _displaced(
    found: Fetched, answers: Mapping[str, Any], seen: Mapping[str, Any], merged: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    before = found.document.answers
    for key in (k for k in answers if k in seen):
        field = found.spec.field(key)
        if field is None:
            continue
        if field.kind is not Kind.ROWS and displaced(seen[key], answers[key], before.get(key)):
            yield field.label, shown(field, before.get(key))
        if field.kind is Kind.ROWS:
            places = {row[ROW_ID]: place for place, row in enumerate(merged[key] or (), start=1)}
            columns = {c.key: c for c in field.columns}
            for row_id, column, answer in displaced_cells(seen[key], answers[key], before.get(key)):
                yield f"{field.one or 'Row'} {places[row_id]}, {columns[column].label}", shown(columns[column], answer)


def _not_now(session: Session, found: Fetched, field: Field, value: Any) -> str:
    """Why an answer that could be kept may not be given now: another stage of the form, a file that is not of this youth."""
    if not may_change(field, found.document.answers.get(field.key), value, found.stage):
        return f"{field.label}: this can be changed no more, or not yet, while the {found.kind} is {found.status}."
    files = [c.key for c in field.columns if c.kind is Kind.FILE]
    wanted = {str(row[k]) for row in value or () for k in files if row.get(k)} if files else set()
    return (
        ""
        if not wanted or wanted <= tokens_of(session, found.assignment.id)
        else f"{field.label}: please upload the file again."
    )


def _saved(session: Session, actor: Actor, found: Fetched, merged: dict[str, Any], now: datetime, step: Step) -> bool:
    document = found.document
    won = session.execute(
        update(ReviewedDocument)
        .where(ReviewedDocument.id == document.id, ReviewedDocument.version == document.version)
        .values(
            **document.sealing_of(merged),
            version=document.version + 1,
            status=step.becomes,
            saved_at=now,
            author_id=actor.person_id,
            spec_version=found.spec.version,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(won.rowcount == 1)  # type: ignore[attr-defined]


def _note_author(session: Session, actor: Actor, found: Fetched, now: datetime, step: Step) -> None:
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
            party=step.party,
            action=Action.SAVE,
            status_before=step.status,
            status_after=step.becomes,
        )
    )
