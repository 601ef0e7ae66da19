"""Writes the episodes that CTS did not know: youth, assignment, grid rows, an empty Referral, its stay, its history. In bulk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from cts.domain.extract_changes import ExtractAction, flag_ended_sentence
from cts.domain.vocabulary import Document, Party, Status
from cts.forms.referral import REFERRAL
from cts.services.extract_departed import begun_without_those_who_left
from cts.services.extract_merge import CHUNK, Merge, stated_youth
from cts.services.extract_plan import chunks
from cts.services.extract_staging import episode_of, table_of
from cts.services.extract_values import assignment_values, grid_values, youth_values
from cts.services.fetching import today_of
from cts.services.name_index import write_names
from cts.services.stays import counting_from, holder_of
from cts.services.terms import next_number
from db.models import Assignment, GridRow, HistoryEntry, ReviewedDocument, Stay, Youth

_ADDED = "CWS/CMS flagged the youth; the assignment was added to the caseload of the worker named."

_Rows = Sequence[tuple[Any, ...]]


def add_new(merge: Merge, total: int) -> None:
    """Add every new episode in the order of the file; Assignment # goes on from the highest there is."""
    if not total:
        return
    number = next_number(merge.session)
    statement = "SELECT client, facts, grid, hash FROM episode WHERE state = 'new' ORDER BY id"
    done = 0
    for rows in chunks(merge.staged, statement, CHUNK):
        _add(merge, rows, number)
        number += len(rows)
        done += len(rows)
        merge.tell(done / max(total, 1))


def _add(merge: Merge, rows: _Rows, first_number: int) -> None:
    youth_ids = _youth_ids(merge, [str(row[0]) for row in rows])
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
    ids = _insert(merge, Assignment, assignments)
    merge.session.execute(
        insert(table_of(GridRow)),
        [
            {"assignment_id": assignment_id, **grid_values(row)}
            for assignment_id, (_, _, grid, _) in zip(ids, rows, strict=True)
            for row in json.loads(str(grid))
        ],
    )
    documents = _insert(merge, ReviewedDocument, [_document(i, a) for i, a in zip(ids, assignments, strict=True)])
    _begin(merge, ids, documents, assignments)


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


def _youth_ids(merge: Merge, clients: list[str]) -> dict[str, int]:
    """Return the youth's ids by client id; those whom CTS does not know are added."""
    wanted = list(dict.fromkeys(clients))
    statement = select(Youth.client_id, Youth.id).where(Youth.client_id.in_(wanted))
    known = {row.client_id: row.id for row in merge.session.execute(statement)}
    unknown = [client for client in wanted if client not in known]
    if unknown:
        facts = stated_youth(merge, unknown)
        defaults = {"sensitivity": "N", "sex": "U"} | dict.fromkeys(_BLANK_OF_YOUTH, "")
        values = [defaults | youth_values(*facts[client]) | {"client_id": client} for client in unknown]
        ids = _insert(merge, Youth, values)
        write_names(merge.session, ids, values)
        known |= dict(zip(unknown, ids, strict=True))
    return known


_BLANK_OF_YOUTH = ("middle_name", "suffix", "race_ethnicity", "primary_language", "state_id", "pdj_number")


def _insert(merge: Merge, table: type[Any], values: list[dict[str, Any]]) -> list[int]:
    """Insert rows in bulk and return their ids in the same order."""
    rows = table_of(table)
    return list(merge.session.scalars(insert(rows).returning(rows.c.id, sort_by_parameter_order=True), values))


def _document(assignment_id: int, assignment: dict[str, Any]) -> dict[str, Any]:
    return {
        "assignment_id": assignment_id,
        "kind": str(Document.REFERRAL),
        "status": assignment["status"],
        "spec_version": REFERRAL.version,
        "answers": {},
    }


def _begin(merge: Merge, ids: list[int], documents: list[int], assignments: list[dict[str, Any]]) -> None:
    """The first stay, with the case worker, and the first line of history."""
    stays, history, today = [], [], today_of(merge.now)
    for assignment_id, document_id, values in zip(ids, documents, assignments, strict=True):
        whose = Assignment(worker_id=values["worker_id"], office_code=values["office_code"])
        holder = holder_of(whose, Document.REFERRAL, Status(values["status"]), None)
        if holder is not None:
            stays.append(
                {
                    "document_id": document_id,
                    "assignment_id": assignment_id,
                    "status": values["status"],
                    "party": str(holder.party),
                    "person_id": holder.person_id,
                    "office_code": holder.office_code,
                    "agency_id": holder.agency_id,
                    "entered_at": merge.now,
                    **counting_from(values["awol_code"], today),
                }
            )
        ended_on = values["flag_ended_on"]
        sentence = f"{_ADDED} {flag_ended_sentence(ended_on)}" if ended_on else _ADDED
        history.append(
            {
                "assignment_id": assignment_id,
                "document_id": document_id,
                "at": merge.now,
                "party": str(Party.EXTRACT),
                "action": str(ExtractAction.ADDED),
                "status_after": values["status"],
                "details": {"sentence": sentence, "values": {}, "extract_on": merge.extract_on.isoformat()},
            }
        )
    if stays:
        merge.session.execute(insert(table_of(Stay)), stays)
    merge.session.execute(insert(table_of(HistoryEntry)), history)
