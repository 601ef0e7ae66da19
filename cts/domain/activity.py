"""Advocate Activity (mission §5): the words of an entry, what makes one acceptable, the totals of a month.

The lists follow CWS/CMS where it has one (status, method, location, party of a contact); activity types are ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cts.domain.answer_checks import text_fault
from cts.domain.fields import us_date


class Outcome(StrEnum):
    """What became of a contact."""

    COMPLETED = "Completed"
    ATTEMPTED = "Attempted"
    SCHEDULED = "Scheduled"


VISIT, CHECK_IN, OUTREACH = "visit", "check_in", "outreach"
TYPES = {
    VISIT: "In-person visit",
    CHECK_IN: "Phone, text or social media check-in",
    "crisis": "Crisis response",
    OUTREACH: "Outreach while AWOL",
    "placement": "Placement visit",
    "school": "School",
    "health": "Medical or mental health linkage",
    "transport": "Transport",
    "court": "Court accompaniment",
    "testimony": "Testimony support",
    "mdt": "MDT",
    "cft": "CFT meeting",
    "graduation": "Graduation",
    "other": "Other",
}
MEETINGS = frozenset({VISIT, "placement"})
"""Types that are in person by their name."""
IN_PERSON = "in_person"
METHODS = {
    IN_PERSON: "In-Person",
    "telephone": "Telephone",
    "text": "Text or social media",
    "video": "Video call",
    "email": "E-Mail",
    "written": "Written",
    "fax": "Fax",
}
LOCATIONS = {
    "home": "Home",
    "placement": "In Placement",
    "school": "School",
    "court": "Court",
    "cws_office": "CWS Office",
    "agency": "Agency office",
    "other": "Other",
}
YOUTH = "youth"
PEOPLE = {
    YOUTH: "Youth",
    "parent": "Parent or guardian",
    "caregiver": "Caregiver",
    "attorney": "Attorney",
    "service_provider": "Service provider",
    "staff": "CSW, DPO or other staff",
    "collateral": "Collateral",
    "other": "Other",
}
"""With whom: the parties of a contact in CWS/CMS, the staff person left out, who is always there."""

NOTE_LIMIT = 1_000
REASON_LIMIT = 200
LONGEST_MINUTES = 24 * 60
DAYS_AHEAD = 366
"""How far ahead a contact can be scheduled."""


@dataclass(frozen=True)
class Entry:
    """One activity as the Advocate states it. Codes of the lists above; '' and None where nothing was chosen."""

    happened_on: date | None
    type: str
    method: str
    location: str
    outcome: str
    minutes: int | None
    with_whom: tuple[str, ...]
    note: str = ""

    @property
    def in_person(self) -> bool:
        """Whether the two met."""
        return self.method == IN_PERSON

    @property
    def meets_youth(self) -> bool:
        """Whether it is what the weekly cadence asks for: completed, in person, with the youth."""
        return self.outcome == Outcome.COMPLETED and self.in_person and YOUTH in self.with_whom


def tidy(entry: Entry) -> Entry:
    """The entry without what its outcome and method do not ask: minutes of a visit to come, the place of a telephone call."""
    return replace(
        entry,
        minutes=None if entry.outcome == Outcome.SCHEDULED else entry.minutes,
        location=entry.location if entry.in_person else "",
        with_whom=tuple(code for code in PEOPLE if code in entry.with_whom),
        note=entry.note.strip(),
    )


def faults(entry: Entry, today: date, service_start_on: date) -> list[tuple[str, str]]:
    """What stops a tidy entry from being kept: (field, sentence that says what to do)."""
    found = [
        ("happened_on", _date_fault(entry, today, service_start_on)),
        ("type", "" if entry.type in TYPES else "Type: please choose one."),
        ("outcome", "" if entry.outcome in set(Outcome) else "Outcome: please choose one."),
        ("method", _method_fault(entry)),
        ("location", "" if not entry.in_person or entry.location in LOCATIONS else "Location: please choose one."),
        ("minutes", _minutes_fault(entry)),
        ("with_whom", "" if entry.with_whom else "With whom: please choose at least one."),
        ("note", text_fault("Note", entry.note, NOTE_LIMIT)),
    ]
    return [(field, sentence) for field, sentence in found if sentence]


def _date_fault(entry: Entry, today: date, service_start_on: date) -> str:
    day = entry.happened_on
    if day is None:
        return "Date: please give a date."
    if day < service_start_on:
        return f"Date: the service began on {us_date(service_start_on)}; please give that day or a later one."
    if entry.outcome == Outcome.SCHEDULED:
        if day < today:
            return "Date: a scheduled contact is today or later; please choose Completed or Attempted."
        return "" if (day - today).days <= DAYS_AHEAD else "Date: please check the year."
    return "" if day <= today else "Date: this day is still to come; please choose Scheduled."


def _method_fault(entry: Entry) -> str:
    if entry.method not in METHODS:
        return "Method: please choose one."
    if entry.type in MEETINGS and not entry.in_person:
        return "Method: this type of activity is In-Person; please choose another type or method."
    if entry.type == CHECK_IN and entry.in_person:
        return "Method: a check-in is by phone, text or social media; please choose another type or method."
    return ""


def _minutes_fault(entry: Entry) -> str:
    if entry.minutes is None:
        return "Minutes: please say how long it took." if entry.outcome == Outcome.COMPLETED else ""
    right = 1 <= entry.minutes <= LONGEST_MINUTES
    return "" if right else f"Minutes: please give a whole number from 1 to {LONGEST_MINUTES:,}."


@dataclass(frozen=True)
class Totals:
    """What a month comes to. `minutes_by_type` is by code of the type, in the order of the list; scheduled contacts have no minutes."""

    by_outcome: dict[Outcome, int]
    minutes_by_type: dict[str, int]
    in_person: int
    other: int

    @property
    def minutes(self) -> int:
        """Minutes of all types."""
        return sum(self.minutes_by_type.values())


def totals(entries: Iterable[Entry]) -> Totals:
    """Contacts by outcome, minutes by type; `in_person` and `other` tell the completed ones apart. Give no entry taken back."""
    entries = tuple(entries)
    minutes = {code: sum(e.minutes or 0 for e in entries if e.type == code) for code in TYPES}
    completed = [e for e in entries if e.outcome == Outcome.COMPLETED]
    in_person = sum(e.in_person for e in completed)
    return Totals(
        by_outcome={outcome: sum(e.outcome == outcome for e in entries) for outcome in Outcome},
        minutes_by_type={code: number for code, number in minutes.items() if number},
        in_person=in_person,
        other=len(completed) - in_person,
    )
