"""Near misses of a search: names written almost alike, names exchanged, a birth date with day and month exchanged.

Asked only of the rows that a person may see there: nobody learns from a suggestion what a search would not show.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from cts.domain.filters import Filters
from cts.domain.names import listed_name
from cts.services.actor import Actor
from cts.services.criteria import Criteria, conditions, finds_too_many
from cts.services.filtering import filter_conditions
from cts.services.fitting import Fit, Typed
from cts.services.listing_rows import ListingRow, rows_of
from cts.services.listings import scope_of
from cts.services.looked_up import as_number, asks
from cts.services.name_index import FIRST, LAST
from cts.services.named import LOOKED_AT, Words, words_like
from cts.services.reach import Reach, only_tested, reach_of
from db.models import Assignment, Youth, YouthFullName, YouthNamePart
from db.session import reading

SHOWN_AT_MOST = 10
READ_AT_MOST = 200
"""Rows looked at for each way to be similar."""
FEWER_THAN_AN_OFFICE = 2_000
"""So many youth of a name are looked up, wherever they are, rather than an office gone through."""

LOOKED_THROUGH = f"{LOOKED_AT:,} of them were looked through"
IN_ONE_FIELD = "both names were typed into one field"
TOO_MANY_OF_A_NAME = (
    f"Very many have this name: {LOOKED_THROUGH}. Add the other name or a birth date to find one youth."
)
TOO_MANY_OF_BOTH = f"Very many have this name: {LOOKED_THROUGH}. Add a birth date to find one youth."
TOO_MANY_BORN = f"Very many were born on this day: {LOOKED_THROUGH}. Add a name to find one youth."

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Similar(Generic[RowT]):
    """A row whose name is almost what was typed; `why` says what else differs ("first and last name exchanged"), or ''."""

    row: RowT
    why: str


@dataclass(frozen=True)
class Close:
    """An assignment whose youth is similar, and why."""

    assignment_id: int
    why: str


@dataclass(frozen=True)
class BesideListing:
    """What a search tells beside the listing: similar names, the closest first; `cut_short` says that only some were looked through, and how
    to find one youth, or is ''."""

    similar: tuple[Similar[ListingRow], ...]
    cut_short: str


def beside_listing(actor: Actor, filters: Filters, today: date, criteria: Criteria) -> BesideListing:
    """Of the actor's own listing, within the filters, those whose names are almost what was typed; those that match are left out.

    A supervisor's search looks in the whole office. Raises Incomplete for an id that cannot be one, NotPermitted for support.
    """
    reach = reach_of(actor)
    among = (scope_of(actor, whole_office=True), *filter_conditions(filters, today, reach))
    with reading() as session:
        found = closest(session, criteria, among, reach)
        rows = rows_of(session, actor, [close.assignment_id for close in found])
        cut_short = _how_it_was_cut_short(session, criteria, reach)
    return BesideListing(tuple(Similar(row, close.why) for row, close in zip(rows, found, strict=True)), cut_short)


def _how_it_was_cut_short(session: Session, criteria: Criteria, reach: Reach) -> str:
    if reach is not Reach.ALL or not finds_too_many(session, criteria):
        return ""
    if criteria.asks_a_day_only:
        return TOO_MANY_BORN
    both = criteria.last_name.strip() and criteria.first_name.strip()
    return TOO_MANY_OF_BOTH if both else TOO_MANY_OF_A_NAME


def closest(
    session: Session,
    criteria: Criteria,
    among: Sequence[ColumnElement[bool]],
    reach: Reach,
    as_typed: bool | None = None,
) -> list[Close]:
    """The closest assignments `among` those a person may see, the closest first. Nothing when no name was typed.

    `as_typed`: whether anybody among these matches as typed, where that is known already.
    """
    typed = Typed.of(criteria)
    if not (typed.last or typed.first):
        return []
    others = replace(criteria, last_name="", first_name="", birth_date=None)
    among = (*among, Assignment.purged_at.is_(None))
    wanted = conditions(others, reach)
    if criteria.birth_date:
        born = Youth.birth_date.in_([d for d in (criteria.birth_date, criteria.date_exchanged) if d])
        wanted.append(Assignment.youth_id.in_(select(Youth.id).where(born)))
    found: dict[int, tuple[Fit, str, int]] = {}
    for so_named in _tiers(session, typed, reach):
        for one in so_named:
            for assignment_id, number, last, first, born in session.execute(_looked_at(among, wanted, one)):
                fit = typed.fit(last, first, born)
                if fit and not fit.exact and (typed.two_names or not fit.exchanged):
                    found[assignment_id] = (fit, listed_name(last, first), number)
        if len(found) >= SHOWN_AT_MOST:
            break
    if not found and not typed.two_names and not as_typed and not finds(session, criteria, (*among, *wanted), reach):
        found = _of_the_other_kind(session, typed, (*among, *wanted), reach)
        return _of_the_best(found) or _in_one_field(session, criteria, among, reach)
    return _of_the_best(found)


def _of_the_best(found: Mapping[int, tuple[Fit, str, int]]) -> list[Close]:
    best = sorted(found, key=lambda assignment_id: found[assignment_id])[:SHOWN_AT_MOST]
    return [Close(assignment_id, found[assignment_id][0].why) for assignment_id in best]


def date_meant(actor: Actor, criteria: Criteria) -> date | None:
    """The birth date with day and month exchanged, when it finds somebody on the actor's listing; None otherwise.

    A date alone is somebody's birthday either way: then it is offered only when nobody was found by the date as typed.
    """
    other = criteria.date_exchanged
    if other is None:
        return None
    own = (scope_of(actor, whole_office=True),)
    with reading() as session:
        return meant_among(session, criteria, other, own)


def meant_among(session: Session, criteria: Criteria, other: date, among: Sequence[ColumnElement[bool]]) -> date | None:
    """The other date, when it finds somebody among these and is worth to be offered."""
    if criteria.asks_a_day_only and finds(session, criteria, among):
        return None
    return other if finds(session, replace(criteria, birth_date=other), among) else None


def finds(session: Session, criteria: Criteria, among: Sequence[ColumnElement[bool]], reach: Reach = Reach.ALL) -> bool:
    """Whether anybody among these matches as typed, however many share the birth date."""
    asked = conditions(criteria, Reach.SOME if criteria.asks_a_day_only else reach)
    wanted = (*asked, *only_tested(among, reach))
    found = select(Assignment.id).where(*wanted)
    if asks(wanted, Youth):
        found = found.join(Youth, Youth.id == Assignment.youth_id)
    return session.scalar(found.limit(as_number(1))) is not None


@dataclass(frozen=True)
class _SoNamed:
    """Who is looked at: `condition` on the names, if any, and among how many they are to be looked for."""

    condition: ColumnElement[bool] | None
    reach: Reach


def _looked_at(
    among: Sequence[ColumnElement[bool]], wanted: Sequence[ColumnElement[bool]], so_named: _SoNamed
) -> Select[*tuple[Any, ...]]:
    statement = (
        select(Assignment.id, Assignment.number, Youth.last_name, Youth.first_name, Youth.birth_date)
        .join(Youth, Youth.id == Assignment.youth_id)
        .where(*wanted, *only_tested(among, so_named.reach))
        .limit(as_number(READ_AT_MOST))
    )
    return statement if so_named.condition is None else statement.where(so_named.condition)


def _in_one_field(
    session: Session, criteria: Criteria, among: Sequence[ColumnElement[bool]], reach: Reach
) -> list[Close]:
    """Both names typed into one field: told only when nobody has such a name, or one like it."""
    found: dict[int, tuple[str, int]] = {}
    for meant in criteria.taken_apart:
        so_named = _looked_at(among, conditions(meant, reach), _SoNamed(None, reach))
        found |= {row.id: (listed_name(row.last_name, row.first_name), row.number) for row in session.execute(so_named)}
    return [
        Close(assignment_id, IN_ONE_FIELD) for assignment_id in sorted(found, key=found.__getitem__)[:SHOWN_AT_MOST]
    ]


def _of_the_other_kind(
    session: Session, typed: Typed, among: Sequence[ColumnElement[bool]], reach: Reach
) -> dict[int, tuple[Fit, str, int]]:
    """A first name typed as the last one, or the reverse: told only when nobody has that name where it was typed."""
    kind, (word, *_) = (FIRST, typed.last[0]) if typed.last else (LAST, typed.first[0])
    so_named = _whose(session, YouthNamePart, and_(YouthNamePart.kind == kind, YouthNamePart.part == word), reach)
    found = {}
    for assignment_id, number, last, first, born in session.execute(_looked_at(among, (), so_named)):
        fit = typed.fit(last, first, born)
        if fit and fit.exchanged and not fit.apart:
            found[assignment_id] = (fit, listed_name(last, first), number)
    return found


def _tiers(session: Session, typed: Typed, reach: Reach) -> Iterator[list[_SoNamed]]:
    """Conditions under which similar youth are looked for, tier by tier: those of a later one are less close."""
    if typed.anchored:
        # An id or a birth date leaves few, of whom each is compared.
        yield [_SoNamed(None, reach)]
        return
    both = typed.two_names
    last, first = (words_like(session, ways, begun_too=both) for ways in (typed.last, typed.first))
    if both:
        for tier in _pairs(last, first):
            yield [_whose(session, YouthFullName, pair, reach) for pair in tier]
        return
    kind, words = (LAST, last) if typed.last else (FIRST, first)
    for some in (words.one_off, words.two_off, words.longer):
        if some:
            one_of = and_(YouthNamePart.kind == kind, YouthNamePart.part.in_(some))
            yield [_whose(session, YouthNamePart, one_of, reach)]


def _pairs(last: Words, first: Words) -> Iterator[list[ColumnElement[bool]]]:
    """Both names: one of them almost alike, or exchanged; then those of which a beginning is alike."""

    def pairs(*ways: tuple[tuple[str, ...], tuple[str, ...]]) -> list[ColumnElement[bool]]:
        part = YouthFullName
        return [and_(part.last_part.in_(a), part.first_part.in_(b)) for a, b in ways if a and b]

    yield pairs(
        (last.alike, first.alike + first.begun),
        (last.begun, first.alike),
        (first.typed + first.alike, last.typed + last.alike),
    )
    yield pairs(
        (last.longer, first.alike + first.longer + first.begun),
        (last.alike + last.begun, first.longer),
    )


def _whose(session: Session, table: Any, so_named: ColumnElement[bool], reach: Reach) -> _SoNamed:
    """The youth with such a row in `table`, read in the way that stays quick however many there are.

    Of a person's own few, each is asked. An office's may be many, and so may those of a name: the fewer are gone through. Of everybody's,
    the first that are found are as good as any others.
    """
    at_most = FEWER_THAN_AN_OFFICE if reach is Reach.SOME else READ_AT_MOST
    listed = select(table.youth_id).where(so_named).limit(as_number(at_most)).subquery()
    if reach is Reach.SOME:
        counted = session.scalar(select(func.count()).select_from(listed)) or 0
        reach = Reach.ALL if counted < at_most else Reach.FEW
    if reach is Reach.ALL:
        return _SoNamed(Assignment.youth_id.in_(select(listed.c.youth_id)), reach)
    return _SoNamed(exists().where(table.youth_id == Assignment.youth_id, so_named), reach)
