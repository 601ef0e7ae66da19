"""What the dashboards count (mission §6): their sections, periods and ages, percentiles, small counts. All pure.

A number on a dashboard is the length of a list: both are made of the same StayFilter (or, for assignments, cts/domain/filters.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from cts.domain.addresses import read_number
from cts.domain.calendar import add_months, month_named
from cts.domain.vocabulary import DOCUMENT_SLUGS, Document, Party, Status

SMALLEST_SHOWN = 6
"""Of fewer people than these, demographics say nothing: somebody might be recognised."""


class Section(StrEnum):
    """The parts of the dashboards; the value stands in the address."""

    PENDING = "pending"
    ATTENTION = "attention"
    TIME = "time"
    REFERRALS = "referrals"
    YOUTH = "youth"
    TERMINATIONS = "terminations"
    FUNDS = "funds"
    SERVED = "served"


SECTION_TITLES = {
    Section.PENDING: "Pending now",
    Section.ATTENTION: "Needs attention",
    Section.TIME: "Time in status",
    Section.REFERRALS: "Referrals",
    Section.YOUTH: "Youth and agencies",
    Section.TERMINATIONS: "Terminations",
    Section.FUNDS: "Funds",
    Section.SERVED: "Who is served",
}


class State(StrEnum):
    """Which stays a list holds: those that last, whose documents wait, or those that ended."""

    WAITING = "waiting"
    ENDED = "ended"


@dataclass(frozen=True)
class Age:
    """Days waiting, both ends included; `last` is None for no end."""

    key: str
    words: str
    first: int
    last: int | None


AGES = (
    Age("0-3", "0 to 3 days", 0, 3),
    Age("4-7", "4 to 7 days", 4, 7),
    Age("8-14", "8 to 14 days", 8, 14),
    Age("15-30", "15 to 30 days", 15, 30),
    Age("31", "over 30 days", 31, None),
)
AGE_OF = {age.key: age for age in AGES}


@dataclass(frozen=True)
class Stage:
    """A document in a status with the party that holds it."""

    document: Document
    status: Status
    party: Party

    @property
    def key(self) -> str:
        """As an address names it."""
        return f"{DOCUMENT_SLUGS[self.document]}.{self.status.name.lower()}.{self.party.name.lower()}"

    @property
    def words(self) -> str:
        """As people read it."""
        return f"{self.document}: {self.status}"


_DOCUMENTS = {slug: document for document, slug in DOCUMENT_SLUGS.items()}


def stage_of_key(key: str) -> Stage | None:
    """The stage an address names; None for what cannot be one."""
    slug, _, rest = key.partition(".")
    status, _, party = rest.partition(".")
    known = slug in _DOCUMENTS and status.upper() in Status.__members__ and party.upper() in Party.__members__
    return Stage(_DOCUMENTS[slug], Status[status.upper()], Party[party.upper()]) if known else None


@dataclass(frozen=True)
class Period:
    """Whole months, "2026-01" to "2026-12", both included."""

    key: str
    words: str
    first: str
    last: str

    @property
    def months(self) -> tuple[str, ...]:
        """Every month of it, in order."""
        found, day = [self.first], date.fromisoformat(f"{self.first}-01")
        while found[-1] < self.last:
            day = add_months(day, 1)
            found.append(month_of(day))
        return tuple(found)


def month_of(day: date) -> str:
    """ "2026-11"."""
    return f"{day.year:04d}-{day.month:02d}"


def periods(today: date) -> tuple[Period, ...]:
    """What can be chosen on a day of the office: the last twelve months, this one included, and three calendar years."""
    first = month_of(add_months(today.replace(day=1), -11))
    rolling = Period("12", f"last 12 months ({month_words(first)} to today)", first, month_of(today))
    years = (
        Period(str(y), str(y), f"{y:04d}-01", f"{y:04d}-12") for y in range(today.year, max(1, today.year - 3), -1)
    )
    return (rolling, *years)


def month_words(month: str) -> str:
    """ "2026-11" as "Nov 2026"."""
    return date.fromisoformat(f"{month}-01").strftime("%b %Y")


@dataclass(frozen=True)
class StayFilter:
    """What narrows a list of stays. Blank fields do not; it stands in an address, so nothing here names a youth.

    `stage` is Stage.key; `document` a slug; `age` a key of AGES; `by` and `reason` how a stay ended; months are "2026-11", both included.
    """

    state: str = State.WAITING
    stage: str = ""
    document: str = ""
    status: str = ""
    by: str = ""
    reason: str = ""
    age: str = ""
    first: str = ""
    last: str = ""
    office_code: str = ""
    agency: str = ""

    def as_query(self) -> dict[str, str]:
        """As an address says it: only what differs from what is shown unasked."""
        return {name: str(said) for name, plain in _PLAIN.items() if (said := getattr(self, name)) != plain}


_PLAIN = {f.name: f.default for f in fields(StayFilter)}


ENDED_BY = {
    "submit": "submitted for the first time",
    "submit again": "submitted again",
    "approve": "approved",
    "reject": "rejected",
    "reimburse": "reimbursed",
    "close": "closed",
    "assign": "given to an Advocate",
    "recall": "recalled",
}
"""How a stay ended, in words, by what is kept of it."""

NO_REASON = "-"
"""In an address: those without a reason."""


def read_stay_filter(query: Mapping[str, str]) -> StayFilter:
    """A filter from an address; whatever cannot be read there counts as not said.

    Which reasons a document has, cts/services/stay_list.py knows (stays_asked).
    """
    said = {f.name: query.get(f.name, "") for f in fields(StayFilter)}
    readable = {
        "state": said["state"] in set(State),
        "stage": stage_of_key(said["stage"]) is not None,
        "document": said["document"] in _DOCUMENTS,
        "status": said["status"].upper() in Status.__members__,
        "by": said["by"] in ENDED_BY,
        "reason": said["reason"] == NO_REASON or _is_word(said["reason"]),
        "age": said["age"] in AGE_OF,
        "first": month_named(said["first"]) is not None,
        "last": month_named(said["last"]) is not None,
        "office_code": said["office_code"].isalnum() and len(said["office_code"]) <= 10,
        "agency": read_number(said["agency"]) is not None,
    }
    return StayFilter(**{name: value for name, value in said.items() if readable[name]})


def ended_words(asked: StayFilter) -> str:
    """How the stays of a list ended, with the status they had: "approved while Pending Approval"; '' where none is asked.

    Of Restoration Funds the words of the dashboard say which money it is of: Asked, Spent.
    """
    if not asked.by:
        return ""
    status = Status[asked.status.upper()] if asked.status else None
    of_funds = asked.by == "submit" and asked.document == DOCUMENT_SLUGS[Document.FUNDS]
    if of_funds and status in _FUNDS_SENT:
        return _FUNDS_SENT[status]
    return ENDED_BY[asked.by] + (f" while {status}" if status else "")


_FUNDS_SENT = {
    Status.IN_PROGRESS: "submitted for the first time (Asked)",
    Status.APPROVED: "whose receipts were submitted for the first time (Spent)",
}


def document_of_slug(slug: str) -> Document:
    """The document an address names. Raises KeyError."""
    return _DOCUMENTS[slug]


def _is_word(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isascii() and text.replace("_", "").replace(" ", "").isalnum()


def percentile(histogram: Mapping[int, int], percent: int) -> int | None:
    """The fewest days within which so many percent of the stays ended (nearest rank); None of no stays. `histogram`: stays by days."""
    total = sum(histogram.values())
    if not total:
        return None
    rank, seen = -(-total * percent // 100), 0
    for days in sorted(histogram):
        seen += histogram[days]
        if seen >= rank:
            return days
    return None


def hide_small(counts: Sequence[int]) -> tuple[bool, ...]:
    """Which counts of one table are hidden, so that no small one is read there or deduced from the total.

    Everything below 6; and, where something is hidden, the smallest of the others as well, so that their sum says nothing of each.
    """
    hidden = [n < SMALLEST_SHOWN for n in counts]
    shown = [place for place, hide in enumerate(hidden) if not hide]
    if any(hidden) and shown:
        hidden[min(shown, key=lambda place: counts[place])] = True
    return tuple(hidden)
