"""Years of believable history for a demonstration: what dashboards, lists and searches are looked at with. Never in production."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.domain.calendar import add_months
from cts.domain.counting import counted
from cts.outside.credentials import hash_password
from cts.services.demonstration import PASSPHRASE, load_demonstration, user_names
from cts.services.fetching import today_of
from cts.services.refusals import Incomplete, NotPermitted
from cts.settings import settings
from db.batches import Batches
from db.demo.clock import at_six
from db.demo.staff import add_people
from db.demo.years import Course, tell_years
from db.models import Account, EmailOwed, HistoryEntry
from db.session import reading, writing
from db.summaries import fold

SEED = "demonstration"
YOUTH_A_YEAR = 440
MOST_YEARS, MOST_YOUTH_A_YEAR = 10, 2_000
BEGUN_BEFORE = timedelta(hours=3)
"""The years end on the morning of the day they are made, before the cast's own day begins."""

WORDS: Mapping[str, tuple[str, str]] = {
    "assignment": ("assignment", "assignments"),
    "document": ("document", "documents"),
    "stay": ("stay of a document in a status", "stays of documents in a status"),
    "history_entry": ("entry of the history", "entries of the history"),
    "activity": ("activity", "activities"),
}


@dataclass(frozen=True)
class YearsMade:
    """What was added, by table."""

    rows: Mapping[str, int]

    @property
    def words(self) -> tuple[str, ...]:
        """The most important of it, a line each."""
        return tuple(counted(self.rows[table], *words) for table, words in WORDS.items())


def load_years(years: int, youth_a_year: int, now: datetime, tell: Callable[[float], None]) -> YearsMade:
    """Fill an empty or a demonstration database with this many years, in one transaction. `tell` hears the share that is done.

    Raises NotPermitted outside demonstration mode; Incomplete for a database that holds other people's accounts, or the years already.
    """
    if not settings().demonstration:
        raise NotPermitted("This is production: invented youth are never added to it.")
    if not (1 <= years <= MOST_YEARS and 1 <= youth_a_year <= MOST_YOUTH_A_YEAR):
        raise Incomplete(f"Give 1 to {MOST_YEARS} years, of 1 to {MOST_YOUTH_A_YEAR:,} youth each.")
    with reading() as session:
        _demand_demonstration(session)
    load_demonstration(now)
    password_hash = hash_password(PASSPHRASE)
    until = now - BEGUN_BEFORE
    since = at_six(add_months(today_of(now), -12 * years))
    with writing() as session:
        batches = Batches(session.connection())
        add_people(batches, password_hash, today_of(since))
        tell_years(batches, Course(SEED, since, until, years * youth_a_year), tell)
        # What was told in those years is told already, what nobody can be told neither.
        fold(session.connection())
        session.execute(update(EmailOwed).where(EmailOwed.sent_at.is_(None)).values(sent_at=EmailOwed.created_at))
        return YearsMade(dict(batches.written))


def _demand_demonstration(session: Session) -> None:
    if session.scalar(select(HistoryEntry.id).where(HistoryEntry.step_key.startswith(f"years {SEED}")).limit(1)):
        raise Incomplete(
            "The years are there already. Remove the database file, or name another one, to make them anew."
        )
    others = session.scalar(select(Account.user_name).where(Account.user_name.not_in(user_names())).limit(1))
    if others is not None:
        raise Incomplete("This database holds accounts of other people than the demonstration's: nothing was added.")
