"""Writes what the extract changes in assignments that CTS knows: facts, moves, flags that ended, those no longer there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cts.domain.extract_changes import (
    CASE_FLAG_MISSING_SENTENCE,
    MISSING_SENTENCE,
    RETURNED_SENTENCE,
    Change,
    ExtractAction,
    changes_of_assignment,
)
from cts.domain.names import spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Party, Status
from cts.domain.workflow import step_for
from cts.services.extract_departed import without_those_who_left
from cts.services.extract_documents import Documents, hand_on, held_documents, note_new_facts, referral_of
from cts.services.extract_emails import tell_of_move, tell_of_step
from cts.services.extract_merge import CHUNK, Merge, entry_of
from cts.services.extract_plan import DISPUTED_TO_MARK, chunks
from cts.services.extract_staging import episode_of
from cts.services.extract_values import assignment_values, grid_values
from cts.services.stays import Ending, begin_stay, count_absence, renew_stays
from db.models import Assignment, GridRow, Office, Person, ReviewedDocument


def change_known(merge: Merge, total: int) -> None:
    """Bring every changed assignment to what the extract states, with its history, stay and e-mails."""
    statement = "SELECT assignment, facts, grid, hash, partial FROM episode WHERE state = 'changed' ORDER BY assignment"
    done = 0
    for rows in chunks(merge.staged, statement, CHUNK):
        documents = held_documents(merge.session, [int(str(row[0])) for row in rows])
        for assignment_id, facts, grid, facts_hash, partial in rows:
            assignment = merge.session.get_one(Assignment, assignment_id)
            _change(
                merge, assignment, documents[assignment.id], str(facts), _Grid(json.loads(str(grid)), bool(partial))
            )
            assignment.facts_hash = str(facts_hash)
        merge.session.flush()
        merge.session.expunge_all()
        done += len(rows)
        merge.tell(done / max(total, 1))


def mark_gone(merge: Merge) -> None:
    """Mark, and keep, the assignments that the extract no longer holds."""
    for rows in chunks(merge.staged, "SELECT id FROM gone ORDER BY id", CHUNK):
        wanted = select(Assignment).where(Assignment.id.in_([row[0] for row in rows])).order_by(Assignment.id)
        for assignment in merge.session.scalars(wanted).all():
            assignment.missing_since = merge.extract_on
            _write(merge, assignment, None, Change(ExtractAction.MISSING, MISSING_SENTENCE))
        merge.session.flush()
        merge.session.expunge_all()


def mark_disputed(merge: Merge) -> None:
    """Put on the list of cases without a flag those whose lines agree on that, and contradict each other otherwise."""
    for assignment_id, columns, lines in merge.staged.execute(DISPUTED_TO_MARK).fetchall():
        assignment = merge.session.get_one(Assignment, assignment_id)
        assignment.case_flag_missing = True
        sentence = (
            f"{CASE_FLAG_MISSING_SENTENCE} Lines {lines} of the extract contradict each other in {columns}, "
            "so nothing else was taken from them."
        )
        values = {"case_flag_missing": ["False", "True"]}
        _write(merge, assignment, None, Change(ExtractAction.CASE_FLAG_MISSING, sentence, values))
    merge.session.flush()


class _Grid:
    """The grid rows the extract states; when one of the episode's lines was refused, rows it does not state stay."""

    def __init__(self, stated: list[str], partial: bool) -> None:
        self.stated = {row[:15]: row for row in stated}
        self.partial = partial

    def replace(self, session: Session, assignment_id: int) -> tuple[str, str]:
        """Bring the rows to what is stated; returns them before and after, one text each."""
        rows = session.scalars(select(GridRow).where(GridRow.assignment_id == assignment_id)).all()
        before = {_key(row): _words(row) for row in rows}
        after = (before if self.partial else {}) | self.stated
        for row in rows:
            if after.get(_key(row)) != _words(row):
                session.execute(delete(GridRow).where(GridRow.id == row.id))
        session.add_all(
            GridRow(assignment_id=assignment_id, **grid_values(words))
            for key, words in after.items()
            if before.get(key) != words
        )
        return "\n".join(sorted(before.values())), "\n".join(sorted(after.values()))


def _key(row: GridRow) -> str:
    return f"{row.csec_type} {row.start_on.isoformat()}"


def _words(row: GridRow) -> str:
    return f"{_key(row)} {row.end_on.isoformat() if row.end_on else ''}"


def _change(merge: Merge, assignment: Assignment, documents: Documents, facts: str, grid: _Grid) -> None:
    known = assignment.referral_id is not None
    stated = assignment_values(episode_of(facts), merge.columns, merge.people, referral_known=known)
    after = without_those_who_left(merge.session, assignment, stated)
    before = {name: getattr(assignment, name) for name in after}
    for name, value in after.items():
        if before[name] != value:
            setattr(assignment, name, value)
    before["grid"], after["grid"] = grid.replace(merge.session, assignment.id)
    whole = {**before, **after}
    changes = changes_of_assignment(before, after, lambda values: _place(merge.session, {**whole, **values}))
    if assignment.missing_since is not None:
        assignment.missing_since = None
        changes.insert(0, Change(ExtractAction.RETURNED, RETURNED_SENTENCE))
    assignment.extract_on = merge.extract_on
    seen = {document.id: document.version for document in documents}
    referral = referral_of(documents)
    for change in changes:
        if change.action is ExtractAction.MOVED:
            _move(merge, assignment, documents, change, before)
        elif change.action is ExtractAction.FLAG_ENDED:
            _end(merge, assignment, referral, change)
        elif change.action is ExtractAction.FLAG_RETURNED:
            _reopen(merge, assignment, referral, change)
        else:
            _write(merge, assignment, None, change)
    if "awol_code" in after and before["awol_code"] != after["awol_code"]:
        count_absence(merge.session, assignment, merge.extract_on)
    if changes:
        note_new_facts(documents, seen)


def _place(session: Session, values: Mapping[str, Any]) -> str:
    worker = session.get_one(Person, values["worker_id"])
    office = session.get_one(Office, values["office_code"])
    supervisor = session.get(Person, values["supervisor_id"]) if values["supervisor_id"] else None
    under = f" (supervisor {spoken_name(supervisor.name)})" if supervisor else ""
    unit = f", unit {values['unit']}" if values["unit"] else ""
    return f"{spoken_name(worker.name)}{under}, {office.name}{unit}"


def _move(
    merge: Merge, assignment: Assignment, documents: Documents, change: Change, before: Mapping[str, Any]
) -> None:
    """The open work goes along: what waits for a case worker or supervisor waits for the new one; an older screen is stale."""
    hand_on(documents, to_another_office=before.get("office_code") != assignment.office_code)
    if assignment.status not in CLOSED_STATUSES:
        assignment.version += 1
    entry = _write(merge, assignment, referral_of(documents).id, change)
    renew_stays(merge.session, assignment, merge.now)
    if assignment.status not in CLOSED_STATUSES:
        tell_of_move(merge.session, assignment, before, entry, merge.now)


def _end(merge: Merge, assignment: Assignment, document: ReviewedDocument, change: Change) -> None:
    """Not a victim: an assignment that has not reached an agency is closed; one in service stays, marked by flag_ended_on."""
    _take_step(merge, assignment, document, change, Action.CLOSE)


def _reopen(merge: Merge, assignment: Assignment, document: ReviewedDocument, change: Change) -> None:
    """The flag is back: what had been closed for its end begins anew."""
    _take_step(merge, assignment, document, change, Action.REOPEN)


def _take_step(
    merge: Merge, assignment: Assignment, document: ReviewedDocument, change: Change, action: Action
) -> None:
    """The step the workflow table gives the extract in this status; where it gives none, the change is only written down."""
    step = step_for(Document(document.kind), Status(document.status), {Party.EXTRACT}, action)
    if step is None:
        _write(merge, assignment, document.id, change)
        return
    assignment.status = document.status = step.becomes
    assignment.version += 1
    document.version += 1
    assignment.closed_at = merge.now if step.becomes in CLOSED_STATUSES else None
    status = {"status_before": str(step.status), "status_after": str(step.becomes)}
    entry = _write(merge, assignment, document.id, change, **status)
    begin_stay(merge.session, document, assignment, merge.now, Ending(step.action))
    tell_of_step(merge.session, step, assignment, document, entry, merge.now)


def _write(merge: Merge, assignment: Assignment, document_id: int | None, change: Change, **status: str) -> int:
    """Append to the history; returns the entry's id."""
    entry = entry_of(merge, assignment.id, document_id, change.action, change.details(), **status)
    merge.session.add(entry)
    merge.session.flush()
    return entry.id
