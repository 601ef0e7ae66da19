"""What the Search of the guide asks, read from what was typed, and as conditions on youth and assignments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from cts.domain.identifiers import bare_id, parse_key, pdj_numbers_meant
from cts.domain.names import fold
from cts.services.looked_up import as_number
from cts.services.named import LOOKED_AT, is_common, named
from cts.services.reach import Reach
from cts.services.refusals import Incomplete
from db.models import Assignment, Youth

_US_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_PLAIN_DATE = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
NOT_A_DATE = "This is not a date. Write it as month/day/year, for example 02/18/2011."
TWO_LETTERS = "Please give at least two letters of the name, or something else besides."
NOTHING_SEARCHED = "Nothing was searched: something typed above cannot be right."
_LONGEST = 200
MOST_WORDS = 6
"""Of so many words it is tried where the last name begins."""
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


@dataclass(frozen=True)
class Criteria:
    """What the Search of the guide asks, besides the status, which is a filter (cts/domain/filters.py). Blank fields do not narrow."""

    referral_number: str = ""
    case_number: str = ""
    state_id: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    pdj_number: str = ""

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the fields that narrow: what the access log keeps of a search."""
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        return tuple(name for name, value in values if (value.strip() if isinstance(value, str) else value))

    @property
    def date_exchanged(self) -> date | None:
        """The birth date with day and month exchanged; None when that is no other day."""
        born = self.birth_date
        if born is None or born.day > 12 or born.day == born.month:
            return None
        return date(born.year, born.day, born.month)

    @property
    def asks_a_name(self) -> bool:
        """Whether a last or a first name is asked."""
        return bool({"last_name", "first_name"}.intersection(self.asked))

    @property
    def asks_more_than_names(self) -> bool:
        """Whether an id or a birth date is asked, which few youth share."""
        return not {"last_name", "first_name"}.issuperset(self.asked)

    @property
    def asks_a_day_only(self) -> bool:
        """Whether a birth date is asked and nothing else."""
        return self.asked == ("birth_date",)

    @property
    def taken_apart(self) -> tuple["Criteria", ...]:
        """What was meant where both names were typed into one field, in either order: "Ana Price", "De la Cruz Ana". Nothing of one word."""
        words = (self.last_name or self.first_name).split()
        if (self.last_name and self.first_name) or not 2 <= len(words) <= MOST_WORDS:
            return ()
        parts = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))]
        return tuple(
            replace(self, last_name=a, first_name=b) for one, other in parts for a, b in ((other, one), (one, other))
        )

    @property
    def names_a_youth(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.asked)


def read_criteria(typed: Mapping[str, str]) -> Criteria:
    """Criteria from what was typed into the fields of the Search, by the names of Criteria.

    A name copied from a list, "Price, Ana B", is read as both names where it stands in Youth Last Name alone.
    Raises Incomplete with a sentence for every field that cannot be what it should be.
    """
    values: dict[str, str] = {f.name: str(typed.get(f.name) or "").strip() for f in fields(Criteria)}
    problems = [(name, f"At most {_LONGEST} characters.") for name, text in values.items() if len(text) > _LONGEST]
    for name in ("referral_number", "case_number"):
        fault = _fault_of_key(values[name])
        if fault:
            problems.append((name, fault))
    birth_date = None
    try:
        birth_date = _birth_date(values.pop("birth_date"))
    except ValueError as fault:
        problems.append(("birth_date", str(fault)))
    if problems:
        raise Incomplete(NOTHING_SEARCHED, tuple(problems))
    if not values["first_name"]:
        values["last_name"], values["first_name"] = _both_names(values["last_name"])
    values["first_name"] = _without_initial(values["first_name"])
    criteria = Criteria(**values, birth_date=birth_date)
    if criteria.asked in {("last_name",), ("first_name",)} and len(_letters(criteria)) < 2:
        raise Incomplete(TWO_LETTERS, ((criteria.asked[0], TWO_LETTERS),))
    return criteria


def day_first(text: str) -> date | None:
    """The day meant by what is no date because its day stands before its month, "23/08/2009"; None for anything else."""
    found = _american(text.strip())
    if not found or int(found[1]) <= 12:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def conditions(criteria: Criteria, reach: Reach = Reach.SOME) -> list[ColumnElement[bool]]:
    """The criteria as SQL. Names match from the start of any part; ids accept any grouping. Raises Incomplete for an impossible id.

    Whoever asks for a youth finds no purged assignment: what stands there in place of a birth date is nobody's. Listings without a search
    show its number still. `reach`: among how many. Few are asked one by one for a name, as those are whom an id or a birth date leaves;
    of everybody, LOOKED_AT who have it, or who were born on the day that alone was asked.
    """
    at_most = LOOKED_AT if reach is Reach.ALL else None
    found: list[ColumnElement[bool]] = [Assignment.purged_at.is_(None)] if criteria.names_a_youth else []
    if criteria.referral_number.strip():
        found.append(Assignment.referral_id == _key("Referral #", criteria.referral_number, "referral_number"))
    if criteria.case_number.strip():
        found.append(Assignment.case_id == _key("Case #", criteria.case_number, "case_number"))
    if criteria.asks_a_day_only:
        found.append(Assignment.youth_id.in_(_born(criteria, at_most)))
    elif youth := _of_youth(criteria):
        found.append(Assignment.youth_id.in_(select(Youth.id).where(*youth)))
    if criteria.asks_a_name:
        few = reach is Reach.FEW or criteria.asks_more_than_names
        found.append(named(criteria.last_name, criteria.first_name, one_by_one=few, at_most=at_most))
    return found


def finds_too_many(session: Session, criteria: Criteria) -> bool:
    """Whether a search of everybody's looks at the first LOOKED_AT only of those with this name, or with this birth date."""
    if criteria.asks_a_day_only:
        born = _born(criteria, LOOKED_AT).subquery()
        return (session.scalar(select(func.count()).select_from(born)) or 0) >= LOOKED_AT
    return not criteria.asks_more_than_names and is_common(session, criteria.last_name, criteria.first_name)


def _born(criteria: Criteria, at_most: int | None) -> Select[int]:
    born = select(Youth.id).where(Youth.birth_date == criteria.birth_date)
    return born if at_most is None else born.order_by(Youth.id).limit(as_number(at_most))


def _of_youth(criteria: Criteria) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    ids = (
        (Youth.bare_state_id, criteria.state_id, (bare_id(criteria.state_id),)),
        (Youth.bare_pdj_number, criteria.pdj_number, pdj_numbers_meant(criteria.pdj_number)),
    )
    for column, typed, meant in ids:
        if typed.strip():
            # What is blank when bare is nobody's, while many have no such number.
            found.append(column.in_(meant) if any(meant) else column.is_(None))
    if criteria.birth_date:
        found.append(Youth.birth_date == criteria.birth_date)
    return found


def _both_names(typed: str) -> tuple[str, str]:
    """Last and first name, as lists write them; what is no such pair stays a last name."""
    last, _, given = typed.partition(",")
    # Behind the first name a list writes the middle name and the suffix, which are not searched.
    return (last.strip(), next(filter(fold, given.split()))) if fold(last) and fold(given) else (typed, "")


def _without_initial(typed: str) -> str:
    """A first name without the initial or suffix that stands behind it in a list: "Ana B", "Ana B Jr"."""
    words = typed.split()
    while len(words) > 1 and (len(fold(words[-1])) == 1 or fold(words[-1]) in _SUFFIXES):
        words.pop()
    return " ".join(words)


def _letters(criteria: Criteria) -> str:
    return fold(criteria.last_name + criteria.first_name).replace(" ", "")


def _birth_date(text: str) -> date | None:
    if not text:
        return None
    american, iso = _american(text), _ISO_DATE.fullmatch(text)
    if not american and not iso:
        raise ValueError(NOT_A_DATE)
    try:
        if american:
            month, day, year = map(int, american.groups())
        else:
            year, month, day = map(int, iso.groups() if iso else ())
        return date(year, month, day)
    except ValueError:
        raise ValueError("There is no such day. Check month, day and year.") from None


def _american(text: str) -> re.Match[str] | None:
    """Month, day and year, with something between them or, of two and four digits, nothing."""
    return _US_DATE.fullmatch(text) or _PLAIN_DATE.fullmatch(text)


def _fault_of_key(text: str) -> str:
    try:
        return parse_key(text) and "" if text else ""
    except ValueError as fault:
        return str(fault)


def _key(label: str, text: str, field: str) -> str:
    try:
        return parse_key(text)
    except ValueError as fault:
        raise Incomplete(f"{label}: {fault}", ((field, str(fault)),)) from fault
