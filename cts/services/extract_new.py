"""Writes the episodes that CTS did not know: youth, assignment, grid rows, an empty Referral, its stay, its history. In bulk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.extract_changes import ExtractAction, flag_ended_sentence
from cts.domain.vocabulary import Document, Party, Status
from cts.forms.referral import REFERRAL
from cts.services.extract_departed import begun_without_those_who_left
from cts.services.extract_merge import CHUNK, Merge, stated_youth
from cts.services.extract_plan import chunks
from cts.services.extract_staging import episode_of
from cts.services.extract_values import assignment_values, grid_values, youth_values
from cts.services.fetching import today_of
from cts.services.stays import Holder, counting_from, holder_of
from cts.services.terms import next_number
from db.batches import Batches
from db.models import Assignment, GridRow, HistoryEntry, ReviewedDocument, Row, Stay, Youth
from db.name_rows import NameRows

_ADDED = "CWS/CMS flagged the youth; the assignment was added to the caseload of the worker named."

_Rows = Sequence[tuple[Any, ...]]


def add_new(merge: Merge, total: int) -> None:
    """Add every new episode in the order of the file; Assignment # goes on from the highest there is."""
    if not total:
        return
    number = next_number(merge.session)
    merge.session.flush()
    added = _Added.to(merge.session)
    statement = "SELECT client, facts, grid, hash FROM episode WHERE state = 'new' ORDER BY id"
    done = 0
    for rows in chunks(merge.staged, statement, CHUNK):
        _add(merge, added, rows, number)
        number += len(rows)
        done += len(rows)
        merge.tell(done / max(total, 1))


@dataclass(frozen=True)
class _Added:
    """The rows added, and what a search by name reads of them: written by the hundred, below SQLAlchemy's own objects."""

    rows: Batches
    names: NameRows
    holders: dict[tuple[int, str, str], Holder | None] = field(default_factory=dict)

    @staticmethod
    def to(session: Session) -> _Added:
        rows = Batches(session.connection())
        return _Added(rows, NameRows(rows))

    def add(self, table: type[Row], values: dict[str, Any]) -> int:
        """Keep a row; returns its number."""
        number = self.rows.next_id(table)
        self.rows.add_values(table, values | {"id": number})
        return number

    def holder(self, worker_id: int, office_code: str, status: str) -> Holder | None:
        """With whom a Referral begins."""
        of = (worker_id, office_code, status)
        if of not in self.holders:
            whose = Assignment(worker_id=worker_id, office_code=office_code)
            self.holders[of] = holder_of(whose, Document.REFERRAL, Status(status), None)
        return self.holders[of]

    def write(self) -> None:
        """Write what was kept."""
        self.names.finish()
        self.rows.write()


def _add(merge: Merge, added: _Added, rows: _Rows, first_number: int) -> None:
    youth_ids = _youth_ids(merge, added, [str(row[0]) for row in rows])
    assignments = []
    for place, (client, facts, _, facts_hash) in enumerate(rows):
        stated = assignment_values(episode_of(str(facts)), merge.columns, merge.people)
        ended = stated["flag_ended_on"] is not None
        assignments.append(
            _DEFAULTS
            | stated
            | {
                "number": first_number + place,
                "youth_id": youth_ids[str(client)],
                "status": str(Status.FLAG_ENDED if ended else Status.NEW),
                "closed_at": merge.now if ended else None,
                "extract_on": merge.extract_on,
                "facts_hash": facts_hash,
            }
        )
    assignments = begun_without_those_who_left(merge.session, assignments)
    for values, (_, _, grid, _) in zip(assignments, rows, strict=True):
        assignment_id = added.add(Assignment, values)
        for row in json.loads(str(grid)):
            added.add(GridRow, {"assignment_id": assignment_id, **grid_values(row)})
        document_id = added.add(ReviewedDocument, _document(assignment_id, values))
        _begin(merge, added, assignment_id, document_id, values)
    added.write()


# Every row of a bulk insert has the same columns, also those that the file lacks.
_DEFAULTS: dict[str, Any] = {
    "referral_id": None,
    "referral_on": None,
    "referral_name": "",
    "response_type": "",
    "disposition": "",
    "case_id": None,
    "case_name": "",
    "case_start_on": None,
    "case_end_on": None,
    "project_name": "",
    "project_start_on": None,
    "project_end_on": None,
    "service_component": "",
    "dual": False,
    "placement_type": "",
    "awol_code": "N",
    "supervisor_id": None,
    "unit": "",
}


def _youth_ids(merge: Merge, added: _Added, clients: list[str]) -> dict[str, int]:
    """Return the youth's ids by client id; those whom CTS does not know are added."""
    wanted = list(dict.fromkeys(clients))
    statement = select(Youth.client_id, Youth.id).where(Youth.client_id.in_(wanted))
    known = {row.client_id: row.id for row in merge.session.execute(statement)}
    unknown = [client for client in wanted if client not in known]
    if unknown:
        facts = stated_youth(merge, unknown)
        defaults = {"sensitivity": "N", "sex": "U"} | dict.fromkeys(_BLANK_OF_YOUTH, "")
        for client in unknown:
            values = defaults | youth_values(*facts[client]) | {"client_id": client}
            known[client] = added.add(Youth, values)
            added.names.add(known[client], values["last_name"], values["first_name"])
    return known


_BLANK_OF_YOUTH = ("middle_name", "suffix", "race_ethnicity", "primary_language", "state_id", "pdj_number")


def _document(assignment_id: int, assignment: dict[str, Any]) -> dict[str, Any]:
    return {
        "assignment_id": assignment_id,
        "kind": str(Document.REFERRAL),
        "status": assignment["status"],
        "spec_version": REFERRAL.version,
        "answers": {},
    }


def _begin(merge: Merge, added: _Added, assignment_id: int, document_id: int, values: dict[str, Any]) -> None:
    """The first stay, with the case worker, and the first line of history."""
    holder = added.holder(values["worker_id"], values["office_code"], values["status"])
    if holder is not None:
        stay = {
            "document_id": document_id,
            "assignment_id": assignment_id,
            "status": values["status"],
            "party": str(holder.party),
            "person_id": holder.person_id,
            "office_code": holder.office_code,
            "agency_id": holder.agency_id,
            "entered_at": merge.now,
        }
        added.add(Stay, stay | counting_from(values["awol_code"], today_of(merge.now)))
    ended_on = values["flag_ended_on"]
    sentence = f"{_ADDED} {flag_ended_sentence(ended_on)}" if ended_on else _ADDED
    entry = {
        "assignment_id": assignment_id,
        "document_id": document_id,
        "at": merge.now,
        "party": str(Party.EXTRACT),
        "action": str(ExtractAction.ADDED),
        "status_after": values["status"],
        "details": {"sentence": sentence, "values": {}, "extract_on": merge.extract_on.isoformat()},
    }
    added.add(HistoryEntry, entry)
