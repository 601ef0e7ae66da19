"""How often the Advocate meets the youth in person: weeks (a setting) counted from the first day, each with one completed contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cts.domain.activity import OUTREACH, YOUTH, Entry, Outcome
from cts.domain.whereabouts import Absence


class WeekState(StrEnum):
    """What became of a week."""

    MET = "In-person contact"
    MISSED = "No in-person contact"
    ABSENT = "AWOL, not counted as missed"
    OPEN = "Due"


@dataclass(frozen=True)
class Week:
    """One window of the cadence, first and last day included. `attempts` to meet the youth are counted in every state.

    `absent` says that the youth was away on a day of it; such a week is missed only when nobody tried to reach the youth.
    """

    first: date
    last: date
    state: WeekState
    attempts: int = 0
    absent: bool = False


@dataclass(frozen=True)
class Cadence:
    """Every window so far, oldest first, and the day by which the next contact is due; None once the service has ended."""

    weeks: tuple[Week, ...]
    due_by: date | None

    @property
    def missed(self) -> tuple[Week, ...]:
        """The windows without a contact, newest first."""
        return tuple(w for w in reversed(self.weeks) if w.state is WeekState.MISSED)

    @property
    def excused(self) -> tuple[Week, ...]:
        """The windows that are not counted because the youth was away and was looked for, newest first."""
        return tuple(w for w in reversed(self.weeks) if w.state is WeekState.ABSENT)

    @property
    def overdue(self) -> bool:
        """Whether a week was missed since the last in-person contact: what the list of missed contacts holds."""
        met = [i for i, week in enumerate(self.weeks) if week.state is WeekState.MET]
        since = self.weeks[met[-1] + 1 :] if met else self.weeks
        return any(week.state is WeekState.MISSED for week in since)


def cadence(
    begins_on: date,
    every_days: int,
    today: date,
    entries: Sequence[Entry],
    absences: Sequence[Absence] = (),
    ended_on: date | None = None,
) -> Cadence:
    """Judge every window from `begins_on` to today, or to the day the service ended. Give no entry that was taken back.

    A window that the end of the service cuts short is judged only by what happened in it: it is never missed.
    """
    end = today if ended_on is None else min(today, ended_on)
    weeks: list[Week] = []
    first = begins_on
    while first <= end:
        last = first + timedelta(days=every_days - 1)
        over = last < today and (ended_on is None or last <= ended_on)
        weeks.append(_week(first, last, over=over, entries=entries, absences=absences))
        first = last + timedelta(days=1)
    if ended_on is not None:
        return Cadence(tuple(w for w in weeks if w.state is not WeekState.OPEN), None)
    if not weeks:
        return Cadence((), begins_on + timedelta(days=every_days - 1))
    done = weeks[-1].state is WeekState.MET
    return Cadence(tuple(weeks), weeks[-1].last + timedelta(days=every_days if done else 0))


def contact_due_on(
    begins_on: date, every_days: int, entries: Sequence[Entry], absences: Sequence[Absence] = ()
) -> date:
    """The last day on which nobody is missing a contact: on every later day the cadence of these entries is `overdue`.

    It is the last day of the first week after the last in-person contact that an absence does not excuse. Kept with an assignment, so that
    a list of missed contacts compares two days and judges no weeks.
    """
    met = [e.happened_on for e in entries if e.meets_youth and e.happened_on is not None and e.happened_on >= begins_on]
    weeks_met = (max(met) - begins_on).days // every_days + 1 if met else 0
    first = begins_on + timedelta(days=weeks_met * every_days)
    while True:
        last = first + timedelta(days=every_days - 1)
        if _week(first, last, over=True, entries=entries, absences=absences).state is not WeekState.ABSENT:
            return last
        first = last + timedelta(days=1)


def _week(first: date, last: date, *, over: bool, entries: Sequence[Entry], absences: Sequence[Absence]) -> Week:
    inside = [e for e in entries if e.happened_on is not None and first <= e.happened_on <= last]
    attempts = sum(e.outcome == Outcome.ATTEMPTED and YOUTH in e.with_whom for e in inside)
    absent = any(a.touches(first, last) for a in absences)
    if any(e.meets_youth for e in inside):
        state = WeekState.MET
    elif not over:
        state = WeekState.OPEN
    else:
        looked_for = any(e.outcome == Outcome.ATTEMPTED or _reaches_out(e) for e in inside)
        state = WeekState.ABSENT if absent and looked_for else WeekState.MISSED
    return Week(first, last, state, attempts, absent)


def _reaches_out(entry: Entry) -> bool:
    return entry.type == OUTREACH and entry.outcome == Outcome.COMPLETED
