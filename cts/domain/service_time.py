"""The twelve-month meter (mission §4.5): how much of a service is used, what was added, when attention is due. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from cts.domain.calendar import add_months
from cts.domain.fields import us_date

ATTENTION_MONTHS = 3
"""Months before the end from which on attention is due: at 9, 10 and 11 of twelve."""
LONGEST_MONTH = 31
NEITHER = "an Extension Request or a Termination Report must be in hand"


@dataclass(frozen=True)
class Extension:
    """An approved Extension Request: first and last day it adds."""

    from_on: date
    to_on: date


@dataclass(frozen=True)
class ServiceTime:
    """A service on one day. `end_on` is the day it ends, extensions in it; `in_hand` names requests and reports not decided yet.

    `served_to` is the day the service ended in fact (Termination approved); None while it lasts.
    """

    start_on: date
    end_on: date
    today: date
    extensions: tuple[Extension, ...] = ()
    in_hand: tuple[str, ...] = ()
    served_to: date | None = None

    @property
    def months_used(self) -> int:
        """Full months up to today, or to the day the service ended in fact."""
        return full_months(self.start_on, self.served_to or self.today)

    @property
    def months_allowed(self) -> int:
        """Months up to the end; a month that is begun counts."""
        months = full_months(self.start_on, self.end_on)
        return months if add_months(self.start_on, months) >= self.end_on else months + 1

    @property
    def days_left(self) -> int:
        """Days to the end; negative after it."""
        return (self.end_on - self.today).days

    @property
    def share(self) -> float:
        """The used part of the time allowed, 0 to 1."""
        allowed = max(1, (self.end_on - self.start_on).days)
        used = ((self.served_to or self.today) - self.start_on).days
        return min(1.0, max(0.0, used / allowed))

    @property
    def attention(self) -> str:
        """What has to be looked at now, as a sentence; '' when nothing."""
        if self.served_to is not None or self.today < add_months(self.end_on, -ATTENTION_MONTHS):
            return ""
        if self.days_left < 0:
            ended = f"The time of the service ended on {us_date(self.end_on)}"
            return f"{ended}. In hand: {_and(self.in_hand)}." if self.in_hand else f"{ended}: {NEITHER}."
        if self.in_hand:
            return f"The service ends {in_days(self.days_left)}. In hand: {_and(self.in_hand)}."
        return f"The service ends {in_days(self.days_left)}: {NEITHER}."


def latest_end(today: date, months: int) -> date:
    """The latest end of a service that is at most so many months away: `add_months(end, -months) <= today`, read as a bound on the end."""
    end = add_months(today, months) + timedelta(days=LONGEST_MONTH)
    while add_months(end, -months) > today:
        end -= timedelta(days=1)
    return end


def full_months(start: date, day: date) -> int:
    """The most months that can be added to `start` without passing `day`; 0 before `start`."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return max(0, months if add_months(start, months) <= day else months - 1)


def in_days(days: int) -> str:
    """ "today", "tomorrow", "in 12 days"."""
    return ("today", "tomorrow")[days] if days < 2 else f"in {days} days"


def _and(words: tuple[str, ...]) -> str:
    return " and ".join(words)
