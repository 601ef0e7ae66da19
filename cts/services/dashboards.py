"""The dashboards (mission §6), section by section: each reads counts that are kept with the writes, a handful of queries whatever the size."""

from collections.abc import Callable, Mapping
from datetime import datetime

from cts.domain.boards import SECTION_TITLES, Period, Section, periods
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.board_flow import funds, referrals, terminations
from cts.services.board_people import who_is_served, youth_and_agencies
from cts.services.board_scope import BOARD_ROLES, choice_of_whose, of_those_there, whose_of
from cts.services.board_shapes import Board, Choice
from cts.services.board_waiting import Asked, attention, pending, time_in_status
from cts.services.fetching import refusals_logged, today_of
from db.session import reading, writing

__all__ = ["BOARD_ROLES", "dashboard", "section_of", "sections_of"]

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


def sections_of(actor: Actor, asked: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections there are of whose numbers an address asks for. Raises NotPermitted for whoever has no dashboards.

    A Referral is decided before an agency is given the youth: there is nothing of it among an agency's numbers.
    """
    of_agency = whose_of(actor, asked).level == "agency"
    return tuple(section for section in BUILDERS if not (of_agency and section is Section.REFERRALS))


def section_of(actor: Actor, asked: Mapping[str, str]) -> Section:
    """Which section an address asks for; what is pending, unasked. Raises as sections_of."""
    named = asked.get("section", "")
    return next((section for section in sections_of(actor, asked) if section == named), Section.PENDING)


def dashboard(actor: Actor, asked: Mapping[str, str], now: datetime, *, opened: bool = False) -> Board:
    """One section as an address asks for it. `opened`: the page was just opened, and the look is logged.

    Raises NotPermitted for whoever has no dashboards.
    """
    with refusals_logged(actor, "open dashboards", 0, now):
        whose, section = whose_of(actor, asked), section_of(actor, asked)
    if opened:
        with writing() as session:
            record_access(session, actor, "open dashboards", now, section=SECTION_TITLES[section])
    today = today_of(now)
    period = _period(asked, periods(today))
    with reading() as session:
        whose = of_those_there(session, actor, whose)
        board = BUILDERS[section](Asked(session, actor, whose, today, period, asked))
        choices = choice_of_whose(session, actor, whose)
    if section in OF_A_PERIOD:
        words = {p.key: p.words[0].upper() + p.words[1:] for p in periods(today)}
        choices = (*choices, Choice(PERIOD, "Period", words, period.key))
    return Board(board.title, board.tiles, board.grids, (*choices, *board.choices))


def _period(asked: Mapping[str, str], known: tuple[Period, ...]) -> Period:
    return next((period for period in known if period.key == asked.get(PERIOD)), known[0])
