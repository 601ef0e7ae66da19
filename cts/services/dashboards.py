"""The dashboards (mission §6), section by section: each reads counts that are kept with the writes, a handful of queries whatever the size."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from cts.domain.boards import SECTION_TITLES, Period, Section, periods
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.board_flow import funds, referrals, terminations
from cts.services.board_people import who_is_served, youth_and_agencies
from cts.services.board_scope import BOARD_ROLES, Whose, choice_of_whose, of_those_there, places_of, whose_of
from cts.services.board_shapes import Board, Choice
from cts.services.board_waiting import Asked, attention, pending, time_in_status
from cts.services.fetching import refusals_logged, today_of
from db.session import reading, writing

__all__ = ["BOARD_ROLES", "dashboard"]

BUILDERS: Mapping[Section, Callable[[Asked], Board]] = {
    Section.PENDING: pending,
    Section.ATTENTION: attention,
    Section.TIME: time_in_status,
    Section.REFERRALS: referrals,
    Section.YOUTH: youth_and_agencies,
    Section.TERMINATIONS: terminations,
    Section.FUNDS: funds,
    Section.SERVED: who_is_served,
}
"""Every section; a test compares."""

OF_A_PERIOD = frozenset({Section.TIME, Section.REFERRALS, Section.TERMINATIONS, Section.FUNDS})
PERIOD = "period"


def dashboard(
    actor: Actor, asked: Mapping[str, str], now: datetime, *, opened: bool = False, seen: str | None = None
) -> Board:
    """One section as an address asks for it; what is pending, unasked. Raises NotPermitted for whoever has no dashboards.

    The look is logged when the page was just `opened`, or another section than this was `seen` before.
    """
    with refusals_logged(actor, "open dashboards", 0, now):
        whose = whose_of(actor, asked)
    today = today_of(now)
    period = _period(asked, periods(today))
    with reading() as session:
        places = places_of(session, actor)
        whose = of_those_there(actor, whose, places)
        sections = _sections_of(whose)
        section = next((s for s in sections if s == asked.get("section")), Section.PENDING)
        board = BUILDERS[section](Asked(session, actor, whose, today, period, asked, places))
    if opened or seen not in {None, section}:
        with writing() as session:
            record_access(session, actor, "open dashboards", now, section=SECTION_TITLES[section])
    choices = choice_of_whose(whose, places)
    if section in OF_A_PERIOD:
        words = {p.key: p.words[0].upper() + p.words[1:] for p in periods(today)}
        choices = (*choices, Choice(PERIOD, "Period", words, period.key))
    return replace(board, choices=(*choices, *board.choices), section=section, sections=sections)


def _sections_of(whose: Whose) -> tuple[Section, ...]:
    """A Referral is decided before an agency is given the youth: there is nothing of it among an agency's numbers."""
    of_agency = whose.level == "agency"
    return tuple(section for section in BUILDERS if not (of_agency and section is Section.REFERRALS))


def _period(asked: Mapping[str, str], known: tuple[Period, ...]) -> Period:
    return next((period for period in known if period.key == asked.get(PERIOD)), known[0])
