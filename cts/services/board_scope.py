"""Whose dashboards: the program's for CSEC Administration, a supervisor's office, a coordinator's agency; nobody else has any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, literal_column, select
from sqlalchemy.orm import Session

from cts.domain.boards import StayFilter
from cts.domain.filters import Filters
from cts.domain.vocabulary import SUPERVISOR_ROLES, Role
from cts.services.actor import Actor
from cts.services.board_shapes import Choice
from cts.services.refusals import NotPermitted
from db.models import Agency, AssignmentTally, Office
from db.models.rows import table_of

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
        level == "agency" and scope.isascii() and scope.isdigit() and len(scope) <= 9
    )
    return Whose(level, scope) if known else Whose(PROGRAM)


Places = Mapping[str, Mapping[str, str]]
"""By level, then by scope: the names of all offices and agencies that have an assignment, in the order of the names."""


_office, _agency = table_of(Office).c, table_of(Agency).c


def _there(level: str, scope: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether there is an assignment of this place: looked up for each, whatever they count."""
    return exists(select(literal_column("1")).where(AssignmentTally.level == level, AssignmentTally.scope == scope))


_SCOPE = cast(_agency.id, String(20))
_NAMES = {
    "office": select(_office.code, _office.name)
    .where(_there("office", _office.code))
    .order_by(_office.name, _office.code),
    "agency": select(_SCOPE, _agency.name).where(_there("agency", _SCOPE)).order_by(_agency.name, _agency.id),
}


def places_of(session: Session, actor: Actor) -> Places:
    """What CSEC Administration may choose from, and compare; the others have their own."""
    if actor.role is not Role.ADMINISTRATION:
        return {}
    return {level: dict(session.execute(names).all()) for level, names in _NAMES.items()}


def of_those_there(actor: Actor, whose: Whose, places: Places) -> Whose:
    """The program's, where CSEC Administration asks for an office or agency that has no assignment; else those asked for."""
    if actor.role is not Role.ADMINISTRATION or not whose.scope:
        return whose
    return whose if whose.scope in places[whose.level] else Whose(PROGRAM)


def choice_of_whose(whose: Whose, places: Places) -> tuple[Choice, ...]:
    """What CSEC Administration may choose; the others have no choice."""
    if not places:
        return ()
    options = {PROGRAM: "The whole program"}
    for level, names in places.items():
        options |= {f"{level}-{scope}": name for scope, name in names.items()}
    return (Choice(WHOSE, "Whose numbers", options, whose.key),)
