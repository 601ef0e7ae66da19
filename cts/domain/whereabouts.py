"""Run Away Status / Misc Updates of the Client Summary: the words, what an update asks, what is still to be done.

Within 24 hours of learning that a youth is missing, law enforcement and the National Center for Missing and Exploited Children are told
(Penal Code 11166), and the youth's attorney (County policy). On return the youth is asked why he or she left and what happened meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cts.domain.answer_checks import text_fault
from cts.domain.fields import LONG_TEXT_LIMIT, SHORT_TEXT_LIMIT, is_blank, us_date
from cts.domain.one_line import one_line


class UpdateStatus(StrEnum):
    """Where the youth is, or that the update is about something else."""

    IN_PLACEMENT = "In placement"
    AWOL = "AWOL/missing"
    RETURNED = "Returned"
    ABDUCTED = "Abducted"
    INCARCERATED = "Incarcerated"
    HOSPITALIZED = "Hospitalized"
    MISC = "Misc update"


ABSENT = frozenset({UpdateStatus.AWOL, UpdateStatus.ABDUCTED})
DATE_LABELS = {
    UpdateStatus.AWOL: "Date left",
    UpdateStatus.ABDUCTED: "Date of the abduction",
    UpdateStatus.RETURNED: "Date returned",
}
DUTIES = (
    "Within 24 hours: tell law enforcement and the National Center for Missing and Exploited Children (NCMEC), "
    "and the youth's attorney."
)


@dataclass(frozen=True)
class Update:
    """One dated line. The report numbers and `attorney_on` belong to an absence, `interview_done` to a return."""

    happened_on: date | None
    status: str
    text: str = ""
    police_report: str = ""
    ncmec_number: str = ""
    attorney_on: date | None = None
    interview_done: bool | None = None


@dataclass(frozen=True)
class Absence:
    """A youth away from `first` on; `back_on` is the first day that is known again, None while the youth is away."""

    first: date
    back_on: date | None

    def touches(self, first: date, last: date) -> bool:
        """Whether a day of the absence lies between two days, both included."""
        return self.first <= last and (self.back_on is None or max(self.first, first) < self.back_on)


def duties_in(update: Update) -> tuple[str, ...]:
    """What an update says of the duties that come with an absence or a return, in words."""
    said = (
        f"Law enforcement report # {update.police_report}" if update.police_report else "",
        f"NCMEC # {update.ncmec_number}" if update.ncmec_number else "",
        f"Attorney notified on {us_date(update.attorney_on)}" if update.attorney_on else "",
        {True: "Return interview done", False: "Return interview not done yet", None: ""}[update.interview_done],
    )
    return tuple(filter(None, said))


def tidy(update: Update) -> Update:
    """The update without what its status does not ask."""
    absent, returned = update.status in ABSENT, update.status == UpdateStatus.RETURNED
    return replace(
        update,
        text=update.text.strip(),
        police_report=one_line(update.police_report) if absent else "",
        ncmec_number=one_line(update.ncmec_number) if absent else "",
        attorney_on=update.attorney_on if absent else None,
        interview_done=update.interview_done if returned else None,
    )


def faults(update: Update, today: date, birth_date: date) -> list[tuple[str, str]]:
    """What stops a tidy update from being kept: (field, sentence that says what to do)."""
    known = update.status in set(UpdateStatus)
    label = DATE_LABELS.get(UpdateStatus(update.status), "Date") if known else "Date"
    attorney = update.attorney_on
    found = [
        ("status", "" if known else "Status: please choose one."),
        ("happened_on", _day_fault(label, update.happened_on, today, birth_date)),
        ("police_report", text_fault("Law enforcement report #", update.police_report, SHORT_TEXT_LIMIT)),
        ("ncmec_number", text_fault("NCMEC #", update.ncmec_number, SHORT_TEXT_LIMIT)),
        ("attorney_on", _day_fault("Attorney notified on", attorney, today, birth_date) if attorney else ""),
        ("text", text_fault("What happened", update.text, LONG_TEXT_LIMIT)),
    ]
    if update.status == UpdateStatus.RETURNED and update.interview_done is None:
        found.append(("interview_done", "Return interview done: please choose Yes or No."))
    if update.status == UpdateStatus.MISC and is_blank(update.text):
        found.append(("text", "What happened: please say it in a few words."))
    return [(field, sentence) for field, sentence in found if sentence]


def _day_fault(label: str, day: date | None, today: date, birth_date: date) -> str:
    if day is None:
        return f"{label}: please give a date."
    if day > today:
        return f"{label}: this day is still to come."
    return "" if day > birth_date else f"{label}: please check the year."


def present(updates: Sequence[Update]) -> Update | None:
    """The update that says where the youth is now. `updates` are oldest first; misc updates say nothing about it."""
    return next((u for u in reversed(updates) if u.status != UpdateStatus.MISC), None)


def absences(updates: Sequence[Update]) -> tuple[Absence, ...]:
    """The times the youth was AWOL or abducted, from `updates`, oldest first: each ends on the day of the next known whereabouts."""
    found: list[Absence] = []
    first: date | None = None
    for update in updates:
        day = update.happened_on
        if day is None or update.status == UpdateStatus.MISC:
            continue
        if update.status in ABSENT:
            first = first or day
        elif first is not None:
            found.append(Absence(first, day))
            first = None
    return (*found, Absence(first, None)) if first is not None else tuple(found)


def still_to_do(updates: Sequence[Update]) -> tuple[str, ...]:
    """The duties of the present absence, or of the last return, that no update says were met. `updates` are oldest first."""
    now = present(updates)
    if now is None:
        return ()
    if now.status == UpdateStatus.RETURNED:
        return () if now.interview_done else ("return interview",)
    if now.status not in ABSENT:
        return ()
    placed = [i for i, u in enumerate(updates) if u.status not in ABSENT and u.status != UpdateStatus.MISC]
    away = updates[placed[-1] + 1 if placed else 0 :]
    duties = (
        ("law enforcement report #", any(u.police_report for u in away)),
        ("NCMEC #", any(u.ncmec_number for u in away)),
        ("attorney notified", any(u.attorney_on for u in away)),
    )
    return tuple(words for words, done in duties if not done)
