"""How long each kind of record is kept, from when on, and by which rule (mission §8). All of it is here; the lengths are settings.

Counsel decides: a length can be made longer by its setting, and no shorter than the law named beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of record that have a rule."""

    SERVED = "Assignment served by an agency"
    NEVER_SERVED = "Assignment never served"
    DRAFT = "Document never submitted"
    EMAIL = "E-mail"
    REFUSAL = "Refused line of an extract"
    SESSION = "Sign-in session"
    ADDRESS = "Count of failed sign-ins of an address"
    ACCESS = "Access log"
    CERTIFICATE = "Certificate of a purge"


@dataclass(frozen=True)
class Lengths:
    """The lengths in force: years after the last service, the age a served youth's file is kept to, and days for the rest."""

    years: int
    age: int
    draft_days: int
    email_days: int
    refusal_days: int
    session_days: int


@dataclass(frozen=True)
class Rule:
    """One line of the schedule: kept how long, counted from what, by which rule, and who removes it."""

    kind: Kind
    kept: str
    counted_from: str
    source: str
    removed: str


TWO_PERSONS = "marked by one person of CSEC Administration, purged by a second one"
BY_NIGHT = "by the nightly job, without anybody's leave"
NEVER = "never"


def schedule(lengths: Lengths) -> tuple[Rule, ...]:
    """Every rule in words, with the lengths in force."""
    return (*_of_youth(lengths), *_of_the_system(lengths))


def _of_youth(lengths: Lengths) -> tuple[Rule, ...]:
    years, last = f"{lengths.years} years", "the day the last assignment of the youth was closed"
    after_service = "WIC 10851 (three years after the last service)"
    to_age = f"{years}, and to age {lengths.age} of the youth, whichever is later"
    unseen = "CTS: nobody but its author saw it"
    return (
        Rule(Kind.SERVED, to_age, last, f"{after_service}; WIC 826 (dependency files to age 28)", TWO_PERSONS),
        Rule(Kind.NEVER_SERVED, years, last, after_service, TWO_PERSONS),
        Rule(Kind.DRAFT, f"{lengths.draft_days} days", "the day it was withdrawn or closed", unseen, BY_NIGHT),
    )


def _of_the_system(lengths: Lengths) -> tuple[Rule, ...]:
    no_fact, as_typed = "CTS: it holds no fact about a youth", "CTS: it holds names as typed; CWS/CMS corrects the line"
    known, short = "CTS: the access log keeps who signed in", "CTS: it counts for minutes"
    watched = "WIC 18961.5: use is watched; it names youth by number only"
    proof = "CTS: it proves the purge, and names no youth"
    return (
        Rule(Kind.EMAIL, f"{lengths.email_days} days", "the day it was sent or given up", no_fact, BY_NIGHT),
        Rule(Kind.REFUSAL, f"{lengths.refusal_days} days", "the day of the load", as_typed, BY_NIGHT),
        Rule(Kind.SESSION, f"{lengths.session_days} days", "the day it began", known, BY_NIGHT),
        Rule(Kind.ADDRESS, "1 day", "the first failure", short, BY_NIGHT),
        Rule(Kind.ACCESS, "for ever", "", watched, NEVER),
        Rule(Kind.CERTIFICATE, "for ever", "", proof, NEVER),
    )


def years_after(day: date, years: int) -> date:
    """The day on which so many full years have passed; from February 29 it is March 1 where there is no February 29, so never too early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True)
class Episode:
    """One assignment of a youth, as its retention sees it: closed on a day of the office's calendar (None: open), served by an agency or not."""

    closed_on: date | None
    served: bool


def kind_of(episodes: Iterable[Episode]) -> Kind:
    """Which rule a youth's assignments are under: one that was served keeps them all."""
    return Kind.SERVED if any(episode.served for episode in episodes) else Kind.NEVER_SERVED


def due_on(birth_date: date, episodes: Iterable[Episode], lengths: Lengths) -> date | None:
    """From which day on the assignments of a youth may be purged; None while one is open.

    The years are counted from the last closing of any of them: the file of a youth is one.
    """
    known = tuple(episodes)
    closings = [episode.closed_on for episode in known if episode.closed_on is not None]
    if not closings or len(closings) < len(known):
        return None
    after_service = years_after(max(closings), lengths.years)
    if kind_of(known) is Kind.NEVER_SERVED:
        return after_service
    return max(after_service, years_after(birth_date, lengths.age))
