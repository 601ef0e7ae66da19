"""Whose dashboards: the program's for CSEC Administration, a supervisor's office, a coordinator's agency; nobody else has any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import JSON, ColumnElement, Engine, String, bindparam, cast, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction

from cts.domain.addresses import read_number
from cts.domain.boards import StayFilter
from cts.domain.filters import Filters
from cts.domain.vocabulary import SUPERVISOR_ROLES, Role
from cts.services.actor import Actor
from cts.services.board_shapes import Choice
from cts.services.refusals import NotPermitted
from db.models import Agency, AssignmentTally, Office
from db.models.rows import table_of
from db.session import ask, engine

BOARD_ROLES = frozenset({Role.ADMINISTRATION, Role.COORDINATOR, *SUPERVISOR_ROLES})
WHOSE = "of"
PROGRAM = "program"


@dataclass(frozen=True)
class Whose:
    """Whose numbers: those of the program, an office or an agency; `only_seen_by` is the supervisor who reads them.

    Of sensitive and sealed youth a supervisor's numbers count those assigned to her or him, as the listing does.
    """

    level: str
    scope: str = ""
    only_seen_by: int | None = None

    @property
    def key(self) -> str:
        """As an address says it."""
        return f"{self.level}-{self.scope}" if self.scope else PROGRAM

    def rows(self, tally: Any) -> tuple[ColumnElement[bool], ...]:
        """The rows of a tally that count."""
        return (tally.level == self.level, tally.scope == self.scope, *self.seen(tally))

    def seen(self, tally: Any) -> tuple[ColumnElement[bool], ...]:
        """What a supervisor does not see."""
        return () if self.only_seen_by is None else (tally.seen_by.in_([0, self.only_seen_by]),)

    @property
    def whole_office(self) -> bool:
        """Whether the Assignment Listing needs the switch to the whole office."""
        return self.only_seen_by is not None

    def of_stays(self) -> dict[str, str]:
        """What a StayFilter says of it."""
        return {"office": {"office_code": self.scope}, "agency": {"agency": self.scope}}.get(self.level, {})

    def of_assignments(self) -> dict[str, Any]:
        """What a Filters says of it."""
        named: dict[str, dict[str, Any]] = {"office": {"office_code": self.scope}}
        return named.get(self.level, {"agency": int(self.scope)} if self.level == "agency" else {})

    def stays(self, **asked: str) -> StayFilter:
        """A list of stays of theirs."""
        return StayFilter(**self.of_stays() | asked)

    def assignments(self, **asked: Any) -> Filters:
        """An Assignment Listing of theirs."""
        return Filters(**self.of_assignments() | asked)


def refuse_others(actor: Actor) -> None:
    """Raises NotPermitted for whoever has no dashboards."""
    placed = {Role.COORDINATOR: actor.agency_id is not None, Role.ADMINISTRATION: True}
    if actor.role not in BOARD_ROLES or not placed.get(actor.role, bool(actor.office_code)):
        raise NotPermitted("Dashboards are for CSEC Administration, supervisors of an office and agency coordinators.")


def whose_of(actor: Actor, asked: Mapping[str, str]) -> Whose:
    """Whose numbers this person reads; CSEC Administration may ask for those of one office or agency. Raises NotPermitted."""
    refuse_others(actor)
    if actor.role in SUPERVISOR_ROLES:
        return Whose("office", actor.office_code or "", actor.person_id)
    if actor.role is Role.COORDINATOR:
        return Whose("agency", str(actor.agency_id))
    level, _, scope = asked.get(WHOSE, PROGRAM).partition("-")
    known = (level == "office" and scope.isalnum() and len(scope) <= 10) or (
        level == "agency" and read_number(scope) is not None
    )
    return Whose(level, scope) if known else Whose(PROGRAM)


@dataclass(frozen=True)
class Places:
    """All offices and agencies that have or had an assignment, in the order of their names: the names by key, as an address says it."""

    by_key: Mapping[str, str]

    def of(self, level: str) -> dict[str, str]:
        """Those of a level, by scope."""
        begins = f"{level}-"
        return {key[len(begins) :]: name for key, name in self.by_key.items() if key.startswith(begins)}


_known: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()
"""Of each database, the places that were found to have an assignment. No assignment is ever deleted: what was found stays true, and a state
has a thousand places, of which to ask each anew takes longer than a whole section of a dashboard."""


_office, _agency = table_of(Office).c, table_of(Agency).c


class names_by_key(GenericFunction[dict[str, str]]):  # noqa: N801 - reads as an SQL function
    """Keys and names as one value, in the order of the rows: a thousand rows take longer to be handed over than to be found."""

    type = JSON()
    inherit_cache = True


@compiles(names_by_key, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **keywords: Any) -> str:
    return f"json_group_object({compiler.process(element.clauses, **keywords)})"


@compiles(names_by_key, "postgresql")
def _on_postgres(element: Any, compiler: Any, **keywords: Any) -> str:
    return f"json_object_agg({compiler.process(element.clauses, **keywords)})"


def _names(level: str, scope: ColumnElement[str], name: ColumnElement[str], order: ColumnElement[Any]) -> Any:
    key = literal_column(repr(f"{level}-"), String) + scope
    rows = select(key.label("key"), name.label("name")).order_by(name, order).subquery()
    return select(names_by_key(rows.c.key, rows.c.name)).scalar_subquery()


_NAMES = select(
    _names("office", _office.code, _office.name, _office.code),
    _names("agency", cast(_agency.id, String(20)), _agency.name, _agency.id),
)
_KEY = AssignmentTally.level + "-" + AssignmentTally.scope
_OF_THESE = (
    select(_KEY)
    .where(
        AssignmentTally.level.in_(["office", "agency"]), AssignmentTally.scope.in_(bindparam("scopes", expanding=True))
    )
    .distinct()
)


def places_of(session: Session, actor: Actor) -> Places:
    """What CSEC Administration may choose from, and compare; the others have their own."""
    if actor.role is not Role.ADMINISTRATION:
        return Places({})
    offices, agencies = ask(session, _NAMES).one()
    names: dict[str, str] = (offices or {}) | (agencies or {})
    known = _known.setdefault(engine(), set())
    if unknown := names.keys() - known:
        scopes = sorted({key.partition("-")[2] for key in unknown})
        known.update(ask(session, _OF_THESE, {"scopes": scopes}).scalars())
    for key in unknown - known:
        del names[key]
    return Places(names)


def of_those_there(actor: Actor, whose: Whose, places: Places) -> Whose:
    """The program's, where CSEC Administration asks for an office or agency that has no assignment; else those asked for."""
    if actor.role is not Role.ADMINISTRATION or not whose.scope:
        return whose
    return whose if whose.key in places.by_key else Whose(PROGRAM)


def choice_of_whose(whose: Whose, places: Places) -> tuple[Choice, ...]:
    """What CSEC Administration may choose; the others have no choice."""
    if not places.by_key:
        return ()
    return (Choice(WHOSE, "Whose numbers", {PROGRAM: "The whole program", **places.by_key}, whose.key),)
