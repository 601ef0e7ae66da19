"""All checks of CTS, in the order in which they are shown; what they find, bounded."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from cts.services import checks_documents, checks_people, checks_protection, checks_server, checks_service
from cts.services.checking import COUNTED_AT_MOST, SHOWN_AT_MOST, About, Check, NotCheckedHere
from db.session import reading

LOG = logging.getLogger("cts.checks")

CHECKS: tuple[Check, ...] = (
    *checks_documents.CHECKS,
    *checks_service.CHECKS,
    *checks_people.CHECKS,
    *checks_server.CHECKS,
    *checks_protection.CHECKS,
)
BY_KEY: Mapping[str, Check] = {check.key: check for check in CHECKS}


@dataclass(frozen=True)
class Outcome:
    """What one check found: how many (COUNTED_AT_MOST + 1 stands for more), and the first of them; or why it is not made here."""

    key: str
    total: int
    shown: tuple[str, ...]
    not_here: str = ""

    @property
    def well(self) -> bool:
        """Whether it was made and found nothing."""
        return not self.total and not self.not_here

    @property
    def check(self) -> Check:
        """The check whose outcome it is."""
        return BY_KEY[self.key]

    @property
    def words(self) -> str:
        """How many, as text."""
        return f"more than {COUNTED_AT_MOST:,}" if self.total > COUNTED_AT_MOST else f"{self.total:,}"


def look(now: datetime, about: Iterable[About] = About) -> tuple[Outcome, ...]:
    """Make every check (`now` is aware), or those about these things. Changes nothing. One that cannot be made is a finding itself."""
    wanted = frozenset(about)
    return tuple(_outcome(check, now) for check in CHECKS if check.about in wanted)


def _outcome(check: Check, now: datetime) -> Outcome:
    try:
        with reading() as session:
            found = list(check.find(session, now))
    except NotCheckedHere as reason:
        return Outcome(check.key, 0, (), str(reason))
    except (SQLAlchemyError, OSError, ValueError, RuntimeError) as error:
        # The text of a database error may hold a value: its kind is enough to look further.
        LOG.warning("The check %s could not be made: %s.", check.key, type(error).__name__)
        found = [f"This check could not be made ({type(error).__name__})"]
    return Outcome(check.key, len(found), tuple(found[:SHOWN_AT_MOST]))
