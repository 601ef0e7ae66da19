"""The columns of an episode as the columns of CTS's tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cts.domain import extract
from cts.domain.vocabulary import LeadAgency, Role
from cts.services.extract_staging import Episode

DEPARTMENTS = {"DCFS": LeadAgency.DCFS, "PROB": LeadAgency.PROBATION}
CASE_WORKER_ROLE = {LeadAgency.DCFS: Role.CSW, LeadAgency.PROBATION: Role.DPO}
SUPERVISOR_ROLE = {LeadAgency.DCFS: Role.SCSW, LeadAgency.PROBATION: Role.SDPO}

_ASSIGNMENT = {
    "referral_id": "referral_id",
    "referral_date": "referral_on",
    "referral_name": "referral_name",
    "response_type": "response_type",
    "disposition": "disposition",
    "case_id": "case_id",
    "case_name": "case_name",
    "case_start_date": "case_start_on",
    "case_end_date": "case_end_on",
    "project_name": "project_name",
    "project_start_date": "project_start_on",
    "project_end_date": "project_end_on",
    "service_component": "service_component",
    "lead_agency": "lead_agency",
    "dual": "dual",
    "placement_type": "placement_type",
    "awol_code": "awol_code",
    "worker_id": "worker_id",
    "supervisor_id": "supervisor_id",
    "unit": "unit",
    "office_code": "office_code",
}
_REFERRAL = ("referral_id", "referral_date", "referral_name", "response_type")
_EMPTY_IS_NONE = frozenset({"referral_id", "case_id"}) | {name for name in _ASSIGNMENT if name.endswith("_date")}
_SENSITIVITIES = {0: "N", 1: "S", 2: "R"}


def assignment_values(
    episode: Episode, columns: frozenset[str], people: Mapping[str, int], *, referral_known: bool = False
) -> dict[str, Any]:
    """Return the columns of an assignment that the extract states, with the flags that CTS draws from them.

    `columns` are those of the file; one that it lacks is not stated. `people` gives the person of a staff id.
    `referral_known`: CTS knows the referral of an episode that the extract now names by its case alone.
    """
    values: dict[str, Any] = {}
    for column, name in _ASSIGNMENT.items():
        if column not in columns or (referral_known and column in _REFERRAL and episode["referral_id"] is None):
            continue
        value = episode[column]
        if column in {"worker_id", "supervisor_id"}:
            values[name] = people[str(value)] if value else None
        elif column == "lead_agency":
            values[name] = str(DEPARTMENTS[str(value)])
        elif column == "dual":
            values[name] = value == "Y"
        elif column == "awol_code":
            values[name] = value or "N"
        else:
            values[name] = value if value is not None or column in _EMPTY_IS_NONE else ""
    return values | _flags(episode)


def _flags(episode: Episode) -> dict[str, Any]:
    disposition, case, project = (_text(episode[name]) for name in ("disposition", "case_id", "project_name"))
    end = episode["project_end_date"]
    ended_on = end if isinstance(end, date) else None
    return {
        "flag_ended_on": ended_on if extract.flag_ended_as_unfounded(disposition, ended_on) else None,
        "case_flag_missing": extract.flag_missing_on_case(disposition, case, project, ended_on),
    }


def youth_values(episode: Episode, columns: frozenset[str], sensitivity: int) -> dict[str, Any]:
    """Return the columns of a youth that the extract states.

    `sensitivity` is the strictest of the youth's episodes, as a rank; below 0 it is not stated.
    """
    values: dict[str, Any] = {}
    for name in extract.YOUTH_COLUMNS:
        if name in columns:
            empty = "U" if name == "sex" else ""
            values[name] = episode[name] if episode[name] is not None else empty
    if sensitivity in _SENSITIVITIES:
        values["sensitivity"] = _SENSITIVITIES[sensitivity]
    return values


def grid_values(row: str) -> dict[str, Any]:
    """Return one staged row of the grid ("6871 2026-01-02 2026-02-03") as columns."""
    csec_type, start, end = row.split(" ")
    return {
        "csec_type": csec_type,
        "start_on": date.fromisoformat(start),
        "end_on": date.fromisoformat(end) if end else None,
    }


def _text(value: extract.Value) -> str | None:
    return None if value is None else str(value)
