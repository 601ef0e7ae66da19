"""What the listing of a person can be narrowed by: only what stands on it, each with the length of the list behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cts.domain.filters import ANY_STATUS, Attention, Filters, read_filters
from cts.domain.names import spoken_name
from cts.domain.vocabulary import LeadAgency
from cts.services.actor import Actor
from cts.services.attention import ATTENTION
from cts.services.criteria import Criteria
from cts.services.filtering import filter_conditions
from cts.services.listing_asked import Asked
from cts.services.listings import count_matching, has_listing, matching, scope_of, total_words, wanted_rows
from db.models import Agency, Assignment, Office, Person
from db.session import reading

LABELS = {
    "lead": "Lead agency",
    "office_code": "Office",
    "agency": "Agency",
    "advocate": "Advocate",
    "attention": "Attention",
}
NOT_LISTED = "not on your listing"


@dataclass(frozen=True)
class FilterOption:
    """A value as the address says it, in words, with the length of the list it leads to (capped as every total: see total_words)."""

    value: str
    words: str
    count: int

    @property
    def shown(self) -> str:
        """ "Harbor Light Advocacy (12)"."""
        return f"{self.words} ({total_words(self.count)})"


@dataclass(frozen=True)
class FilterField:
    """One of the filters that narrow this listing, by the name of its field in Filters."""

    name: str
    label: str
    options: tuple[FilterOption, ...]


@dataclass(frozen=True)
class ChosenFilter:
    """A filter in force, in words: "Agency: Harbor Light Advocacy"."""

    name: str
    label: str
    words: str


def filter_fields(actor: Actor, asked: Asked, today: date, criteria: Criteria | None = None) -> tuple[FilterField, ...]:
    """The filters this listing can be narrowed by, the other filters and the search being as they are.

    An option stands on the person's own listing and leads to at least one row; a field that would not narrow is left out.
    Raises NotPermitted for technical support.
    """
    criteria = criteria or Criteria()
    scope = scope_of(actor, whole_office=asked.whole_office or criteria.names_a_youth)
    fields = []
    with reading() as session:
        for name, label in LABELS.items():
            open_filters = asked.filters.without(name)
            wanted = wanted_rows(actor, scope, open_filters, today, criteria)
            options = _options(session, name, wanted, today)
            total = count_matching(session, wanted)
            if any(option.count != total for option in options) or (options and getattr(asked.filters, name)):
                fields.append(FilterField(name, label, options))
    return tuple(fields)


def chosen_filters(actor: Actor, asked: Asked, today: date) -> tuple[ChosenFilter, ...]:
    """The filters in force, to be shown and cleared. What is not on the person's listing is not named, whatever the address says."""
    chosen = {name: getattr(asked.filters, name) for name in asked.filters.as_query()}
    words = {"status": str(chosen.pop("status", ""))}
    if chosen or not has_listing(actor):
        scope = scope_of(actor, whole_office=True)
        with reading() as session:
            words |= {name: _words_of(session, name, value, scope, today) for name, value in chosen.items()}
    labels = {"status": "Status"} | LABELS
    return tuple(ChosenFilter(name, labels[name], said) for name, said in words.items() if said)


def _options(
    session: Session, name: str, wanted: Sequence[ColumnElement[bool]], today: date
) -> tuple[FilterOption, ...]:
    """What stands on the list, in the order it is shown; what leads to nothing is left out."""
    if name in _FIXED:
        words = {value: _FIXED[name](value) for value in _VALUES[name]}
        counts = {v: count_matching(session, (*wanted, *filter_conditions(_only(name, v), today))) for v in words}
        found = [(value, words[value], counts[value]) for value in words]
    else:
        key, called, column, people = _NAMED[name]
        count = matching((*wanted, column == key)).correlate(people).subquery()
        counted = select(func.count()).select_from(count).scalar_subquery()
        rows = session.execute(select(key, called, counted).where(*_OF_AGENCIES[name])).all()
        found = sorted(((str(v), spoken_name(w), n) for v, w, n in rows), key=lambda row: (row[1].casefold(), row[0]))
    return tuple(FilterOption(value, said, number) for value, said, number in found if number)


def _only(name: str, value: str | int) -> Filters:
    """This filter and no other."""
    return read_filters({"status": ANY_STATUS, name: str(value)})


def _words_of(session: Session, name: str, chosen: str | int, scope: ColumnElement[bool], today: date) -> str:
    if not count_matching(session, (scope, *filter_conditions(_only(name, chosen), today))):
        return NOT_LISTED
    if name in _FIXED:
        return _FIXED[name](str(chosen))
    key, called, _, _ = _NAMED[name]
    return spoken_name(session.scalar(select(called).where(key == chosen)) or NOT_LISTED)


_VALUES: dict[str, Sequence[str]] = {"lead": list(LeadAgency), "attention": list(Attention)}
_FIXED: dict[str, Callable[[str], str]] = {"lead": str, "attention": lambda kind: ATTENTION[Attention(kind)].title}
_NAMED: dict[str, tuple[Any, Any, Any, Any]] = {
    "office_code": (Office.code, Office.name, Assignment.office_code, Office),
    "agency": (Agency.id, Agency.name, Assignment.agency_id, Agency),
    "advocate": (Person.id, Person.name, Assignment.advocate_id, Person),
}
_OF_AGENCIES: dict[str, tuple[ColumnElement[bool], ...]] = {
    "office_code": (),
    "agency": (),
    "advocate": (Person.agency_id.is_not(None),),
}
