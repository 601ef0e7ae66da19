"""What a later extract changes in an assignment and a youth, as the sentences of their history.

Pure: compares what CTS holds with what the extract says. Keys are the names of CTS (`worker_id` is a person of
CTS, `*_on` a date), not the columns of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from cts.domain.identifiers import show_case_number, show_referral_number
from cts.domain.vocabulary import AWOL_CODES, SENSITIVITIES, SEXES

Facts = Mapping[str, Any]


class ExtractAction(StrEnum):
    """What an extract did, as the history keeps it."""

    ADDED = "added"
    UPDATED = "updated"
    MOVED = "moved"
    ABSENCE_CHANGED = "absence changed"
    FLAG_ENDED = "flag ended"
    FLAG_RETURNED = "flag entered again"
    CASE_FLAG_MISSING = "case flag missing"
    CASE_FLAG_ENTERED = "case flag entered"
    NAME_CORRECTED = "name corrected"
    YOUTH_UPDATED = "youth updated"
    MISSING = "no longer in the extract"
    RETURNED = "in the extract again"


@dataclass(frozen=True)
class Change:
    """One entry of the history. `values` are before and after by name, as text."""

    action: ExtractAction
    sentence: str
    values: dict[str, list[str]] = field(default_factory=dict)

    def details(self) -> dict[str, Any]:
        """The shape that the history keeps."""
        return {"sentence": self.sentence, "values": self.values}


LABELS = {
    "referral_id": "Referral #",
    "referral_on": "CPH Referral Date",
    "referral_name": "Referral Name",
    "response_type": "response type",
    "disposition": "disposition",
    "case_id": "Case #",
    "case_name": "case name",
    "case_start_on": "start of the case",
    "case_end_on": "end of the case",
    "project_name": "Special Project",
    "project_start_on": "start of the flag",
    "project_end_on": "end of the flag",
    "service_component": "service component",
    "lead_agency": "lead agency",
    "dual": "dual",
    "placement_type": "placement",
    "awol_code": "absence",
    "unit": "unit",
    "grid": "CSEC Data Grid",
    "last_name": "last name",
    "first_name": "first name",
    "middle_name": "middle name",
    "suffix": "suffix",
    "birth_date": "birth date",
    "sex": "sex",
    "race_ethnicity": "race/ethnicity",
    "primary_language": "primary language",
    "state_id": "State ID",
    "pdj_number": "PDJ #",
    "sensitivity": "sensitivity",
}
_NAMES = ("last_name", "first_name", "middle_name", "suffix")
_FLAG = frozenset({"disposition", "project_name", "project_start_on", "project_end_on"})
_CASE = frozenset({"case_id", "case_name", "case_start_on", "case_end_on"})
_PLACE = frozenset({"worker_id", "supervisor_id", "unit", "office_code"})
_WORDS: dict[str, Callable[[Any], str]] = {
    "referral_id": show_referral_number,
    "case_id": show_case_number,
    "awol_code": lambda code: AWOL_CODES.get(code, code),
    "sex": lambda code: SEXES.get(code, code),
    "sensitivity": lambda code: SENSITIVITIES.get(code, code),
}


def changes_of_assignment(before: Facts, after: Facts, place_of: Callable[[Facts], str]) -> list[Change]:
    """Return the history entries for one assignment of which some facts changed.

    Both hold the same names, and besides them `flag_ended_on`, `case_flag_missing` and `grid` (one text a row).
    `place_of` writes worker, supervisor, unit and office as words. Equal facts give an empty list.
    """
    changed = {name for name in after if before.get(name) != after[name]}
    found: list[Change] = []
    for action, sentence, covered in _named(before, after, changed, place_of):
        found.append(Change(action, sentence, _values(before, after, changed & covered)))
        changed -= covered
    rest = [name for name in LABELS if name in changed]
    if rest:
        found.append(Change(ExtractAction.UPDATED, _sentence(before, after, rest), _values(before, after, set(rest))))
    return found


def _named(
    before: Facts, after: Facts, changed: set[str], place_of: Callable[[Facts], str]
) -> list[tuple[ExtractAction, str, frozenset[str]]]:
    """The changes that have a name of their own: action, sentence, the facts it tells of."""
    found = []
    if "flag_ended_on" in changed and after["flag_ended_on"]:
        found.append((ExtractAction.FLAG_ENDED, flag_ended_sentence(after["flag_ended_on"]), _FLAG | {"grid"}))
    elif "flag_ended_on" in changed:
        sentence = "The Special Project flag, which had ended, has been entered again in CWS/CMS."
        found.append((ExtractAction.FLAG_RETURNED, sentence, _FLAG | {"grid"}))
    if "case_flag_missing" in changed and after["case_flag_missing"]:
        found.append((ExtractAction.CASE_FLAG_MISSING, CASE_FLAG_MISSING_SENTENCE, _FLAG | _CASE))
    elif "case_flag_missing" in changed and not after["flag_ended_on"]:
        sentence = "The Special Project flag has been entered on the case."
        found.append((ExtractAction.CASE_FLAG_ENTERED, sentence, _FLAG | _CASE))
    if changed & _PLACE:
        sentence = f"According to CWS/CMS this moved from {place_of(before)} to {place_of(after)}."
        found.append((ExtractAction.MOVED, sentence, _PLACE))
    if "awol_code" in changed:
        words = f"{_shown('awol_code', before['awol_code'])} to {_shown('awol_code', after['awol_code'])}"
        found.append((ExtractAction.ABSENCE_CHANGED, f"Absence changed from {words}.", frozenset({"awol_code"})))
    return found


CASE_FLAG_MISSING_SENTENCE = (
    "The referral became a case in CWS/CMS, and the Special Project flag was not entered again on the case."
)
MISSING_SENTENCE = "The CWS/CMS extract no longer holds this youth with this referral or case. The record is kept."
RETURNED_SENTENCE = "The CWS/CMS extract holds this youth with this referral or case again."


def flag_ended_sentence(ended_on: date) -> str:
    """Return the sentence for a flag that ended because the youth was found not to be a victim."""
    return f"The Special Project flag ended on {_shown('', ended_on)}: the referral was found Unfounded."


def changes_of_youth(before: Facts, after: Facts) -> list[Change]:
    """Return the history entries for a youth of whom some facts changed: one for the name, one for the rest."""
    changed = [name for name in LABELS if name in after and before.get(name) != after[name]]
    names = [name for name in changed if name in _NAMES]
    rest = [name for name in changed if name not in _NAMES]
    found = []
    if names:
        sentence = _sentence(before, after, names)
        found.append(Change(ExtractAction.NAME_CORRECTED, sentence, _values(before, after, set(names))))
    if rest:
        found.append(
            Change(ExtractAction.YOUTH_UPDATED, _sentence(before, after, rest), _values(before, after, set(rest)))
        )
    return found


def _sentence(before: Facts, after: Facts, names: list[str]) -> str:
    parts = []
    for name in names:
        if name == "grid":
            parts.append("rows of the CSEC Data Grid")
        else:
            parts.append(f"{LABELS[name]} from {_shown(name, before.get(name))} to {_shown(name, after[name])}")
    return f"CWS/CMS changed {'; '.join(parts)}."


def _values(before: Facts, after: Facts, names: set[str]) -> dict[str, list[str]]:
    return {name: [_plain(before.get(name)), _plain(after[name])] for name in sorted(names)}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.strftime("%m/%d/%Y")
    return _WORDS.get(name, str)(value)
