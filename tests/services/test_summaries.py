"""The counts of the dashboards are those of the rows, whatever happened; time in status is that of a slow recount, day by day."""

import shutil
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select

from cts.domain.calendar import office_day
from cts.domain.vocabulary import Document
from cts.services.refusals import Refusal
from cts.services.stays import count_absence
from cts.services.tallies import fold_counts
from db import summaries
from db.models import Assignment, ReviewedDocument, Stay, Youth
from db.models.rows import table_of
from db.session import close_database, engine, reading, writing
from tests.cast import DCFS_OFFICE, NOW, OTHER_OFFICE, Cast, add_assignment, make_cast
from tests.parts.answers import SPENT
from tests.parts.counts import differing_counts, kept
from tests.parts.databases import open_unsynced
from tests.parts.desk import Desk
from tests.parts.extracts import load, row
from tests.parts.moves import CLOSED

ZONE = "America/Los_Angeles"
STEPS = ("goes on", "comes back", "rests", "goes missing", "moves", "is sealed", "changes hands", "is counted", "loads")


class Life:
    """Three youth to whom something happens, one thing after another; and when each of them was absent, noted by hand."""

    def __init__(self, cast: Cast) -> None:
        numbers = (cast.dcfs_number, add_assignment(cast, sensitivity="S"), add_assignment(cast, awol_code="A"))
        self.desks = [Desk(cast, number) for number in numbers]
        self.absent: list[set[date]] = [set(), set(), set()]
        self.away = [False, False, True]

    def happens(self, which: int, what: str, days: int) -> None:
        """One thing, after some days."""
        desk = self.desks[which]
        for place, other in enumerate(self.desks):
            first = office_day(other.now, ZONE)
            other.tick(days)
            if self.away[place]:
                passed = (office_day(other.now, ZONE) - first).days
                self.absent[place] |= {first + timedelta(days=n) for n in range(passed)}
        acts = {
            "goes on": lambda: goes_on(desk),
            "comes back": lambda: goes_on(desk, back=True),
            "rests": lambda: None,
            "goes missing": lambda: self._absent(which),
            "moves": lambda: moves(desk, days),
            "is sealed": lambda: of_youth(desk, sensitivity="NSR"[days % 3], sex="FM"[days % 2]),
            "changes hands": lambda: change(desk, supervisor_id=desk.cast.people["substitute" if days % 2 else "scsw"]),
            "is counted": fold_counts,
            "loads": lambda: loads(desk, days),
        }
        acts[what]()

    def _absent(self, which: int) -> None:
        self.away[which] = not self.away[which]
        desk = self.desks[which]
        with writing() as session:
            assignment = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
            assignment.awol_code = "A" if self.away[which] else "N"
            count_absence(session, assignment, office_day(desk.now, ZONE))

    def faults(self) -> list[str]:
        """Stays that were counted otherwise than day by day."""
        found = []
        with reading() as session:
            for place, desk in enumerate(self.desks):
                own = select(Stay).join(Assignment, Assignment.id == Stay.assignment_id)
                for stay in session.scalars(own.where(Assignment.number == desk.number, Stay.left_at.is_not(None))):
                    slow = self._days(place, stay.entered_at, stay.left_at)
                    if stay.days != slow:
                        found.append(f"{stay.status}, {stay.entered_at} to {stay.left_at}: {stay.days}, not {slow}")
            return found + differing_counts(session)

    def _days(self, place: int, entered: datetime, left: datetime | None) -> int:
        assert left is not None
        first, last = office_day(entered, ZONE), office_day(left, ZONE)
        days = [first + timedelta(days=n) for n in range((last - first).days)]
        return sum(day not in self.absent[place] for day in days)


PEOPLE = ("csw", "scsw", "substitute", "admin", "coordinator", "advocate", "csw_elsewhere", "elsewhere")
FORTH, BACK = ("submit", "approve", "acknowledge", "assign"), ("reject", "recall")


def goes_on(desk: Desk, *, back: bool = False) -> None:
    """Whoever can move the Referral, or the plan, does so."""
    for at in (desk, desk.document(Document.PLAN)):
        for who in PEOPLE:
            with suppress(Refusal):
                able = {str(step.action) for step in at.sees(who).steps}
                action = next((a for a in (BACK if back else FORTH) if a in able), "")
                if action:
                    takes(at, who, action)
                    return


def takes(at: Desk, who: str, action: str) -> None:
    """One step, with whatever it needs."""
    signed = at.kind is Document.REFERRAL and who not in {"admin", "coordinator"}
    if action == "submit" and at.sees(who).problems:
        at.writes(who)
    if signed and action in {"submit", "approve", "reject"}:
        at.signs(who)
    acts = {
        "submit": at.submits,
        "approve": lambda who: at.approves(who, "Harbor Light Advocacy" if who == "admin" else ""),
        "assign": lambda who: at.assigns(who, "advocate"),
        "acknowledge": at.acknowledges,
        "reject": at.rejects,
        "recall": at.recalls,
    }
    acts[action](who)


def change(desk: Desk, **changes: Any) -> None:
    """What an extract changes of the assignment; people by their id."""
    if str(desk.status) not in CLOSED:
        desk.extract_says(**{k: getattr(v, "person_id", v) for k, v in changes.items()})


def moves(desk: Desk, days: int) -> None:
    """To the other office, or back."""
    away = days % 2
    people = desk.cast.people
    change(
        desk,
        office_code=OTHER_OFFICE if away else DCFS_OFFICE,
        worker_id=people["csw_elsewhere" if away else "csw"],
        supervisor_id=people["elsewhere" if away else "scsw"],
    )


def of_youth(desk: Desk, **changes: Any) -> None:
    """What an extract changes of the youth."""
    with writing() as session:
        youth = session.scalars(select(Youth).join(Assignment).where(Assignment.number == desk.number)).one()
        for column, value in changes.items():
            setattr(youth, column, value)


def loads(desk: Desk, days: int) -> None:
    """Stays that somebody loads in bulk, ended and lasting, with what the step would have written or without."""
    with writing() as session:
        assignment = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        sequence = 50 + (session.scalar(select(ReviewedDocument.id).order_by(ReviewedDocument.id.desc())) or 0)
        document = ReviewedDocument(
            assignment_id=assignment.id, kind="Extension Request", sequence=sequence, status="Withdrawn", answers={}
        )
        session.add(document)
        session.flush()
        # Before anybody was absent: what is loaded knows nothing of the test's notes.
        left = NOW - timedelta(days=days)
        one = {"document_id": document.id, "assignment_id": assignment.id, "status": "In Progress", "party": "advocate"}
        ended = [{**one, "entered_at": left - timedelta(days=n), "left_at": left} for n in range(3)]
        session.execute(insert(table_of(Stay)), ended)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whatever_happens_counts_and_days_are_those_of_a_recount(migrated_sqlite_file: Path, tmp_path: Path) -> None:
    runs = count(1)

    @settings(
        max_examples=12,
        phases=[Phase.explicit, Phase.generate],  # a shorter life tells no more, and takes minutes to find
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.tuples(st.integers(0, 2), st.sampled_from((*STEPS, "goes on", "goes on")), st.integers(0, 9)),
            min_size=12,
            max_size=30,
        )
    )
    def lived(moments: list[tuple[int, str, int]]) -> None:
        path = tmp_path / f"run {next(runs)}.sqlite"
        shutil.copy(migrated_sqlite_file, path)
        open_unsynced(f"sqlite:///{path}")
        try:
            life = Life(make_cast())
            for moment in moments:
                life.happens(*moment)
                assert life.faults() == []
            recounted()
        finally:
            close_database()

    lived()


def recounted() -> None:
    """Counting everything anew changes nothing, and neither does putting rows together; each kind is one row afterwards."""
    with reading() as session:
        before = kept(session)
    fold_counts()
    with reading() as session:
        assert kept(session) == before
        for tally in summaries.TALLIES:
            assert len(session.scalars(select(tally)).all()) == len(before[tally.__tablename__])
    with engine().execution_options(cts_writing=True).begin() as connection:
        summaries.recount(connection)
    with reading() as session:
        assert kept(session) == before
        assert differing_counts(session) == []


def test_a_year_of_work_is_counted_on_both_databases(database: Engine) -> None:
    life = Life(make_cast())
    for number in range(30):
        life.happens(number % 3, STEPS[number * 7 % len(STEPS)] if number % 2 else "goes on", number % 5)
    assert life.faults() == []
    recounted()
    with writing() as session:
        session.execute(delete(Stay).where(Stay.assignment_id == 1))
    with reading() as session:
        assert differing_counts(session) == []


def test_money_reasons_and_endings_are_written_by_the_step(sqlite_database: Engine) -> None:
    desk = Desk(cast := make_cast(), cast.dcfs_number)
    desk.brings_back()
    desk.writes_whole()
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.approves("admin", "Harbor Light Advocacy")
    desk.acknowledges("coordinator")
    desk.assigns("coordinator", "advocate")
    assert endings(Document.REFERRAL) == [
        ("New", "submit", "", 0),
        ("Pending Supervisor Approval", "approve", "", 0),
        ("Pending CSEC Admin Approval", "reject", "incomplete", 0),
        ("Rejected", "submit again", "", 0),
        ("Pending Supervisor Approval", "approve", "", 0),
        ("Pending CSEC Admin Approval", "approve", "", 0),
        ("Approved", "assign", "", 0),
    ]
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_approval()
    token = funds.uploads()
    receipt = {"id": "h1", "file": token, "description": "Shop", "dated_on": "2026-11-02", "amount": "1,228"}
    funds.writes("advocate", **SPENT, receipts=[receipt])
    funds.submits("advocate")
    funds.rejects("admin")
    funds.submits("advocate")
    funds.reimburses("admin")
    assert [(by, cents) for _, by, _, cents in endings(Document.FUNDS)] == [
        ("submit", 126_455),
        ("approve", 0),
        ("approve", 126_455),
        ("submit", 122_800),
        ("reject", 0),
        ("submit again", 0),
        ("reimburse", 122_800),
    ]
    desk.brings_to_end_of_service()
    assert endings(Document.TERMINATION)[-1] == ("Pending Approval (supervisor)", "approve", "graduated", 0)


def endings(kind: Document) -> list[tuple[str, str, str, int]]:
    """How the ended stays of the documents of a kind ended."""
    with reading() as session:
        own = select(Stay).join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
        stays = session.scalars(own.where(ReviewedDocument.kind == kind, Stay.left_at.is_not(None)).order_by(Stay.id))
        return [(s.status, s.ended_by, s.end_reason, s.cents) for s in stays]


def test_an_extract_halts_the_days_and_goes_on_counting(database: Engine) -> None:
    load(row(extract_date="2026-11-02"))
    load(row(extract_date="2026-11-03", awol_code="A"))
    with reading() as session:
        [stay] = session.scalars(select(Stay))
        began = stay.counted_from
        assert (stay.halted_on, stay.days) == (date(2026, 11, 3), (date(2026, 11, 3) - began).days)
        assert differing_counts(session) == []
    load(row(extract_date="2026-11-08", awol_code="A"))
    load(row(extract_date="2026-11-10"))
    with reading() as session:
        [stay] = session.scalars(select(Stay))
        assert (stay.counted_from, stay.halted_on, stay.days) == (began + timedelta(days=7), None, None)
        assert differing_counts(session) == []
