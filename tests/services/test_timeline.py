"""History of a client record: one line of life over all assignments of the youth, and who looked. On SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import Engine, select, update

from cts.domain.addresses import Tab
from cts.domain.vocabulary import Document, Status
from cts.services.record import open_record
from cts.services.refusals import NotPermitted
from cts.services.timeline import line_of_life, who_looked
from db.models import Assignment
from db.session import writing
from tests.cast import DCFS_OFFICE, OTHER_OFFICE, Cast, add_assignment, make_cast
from tests.parts.desk import Desk, served


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """A youth served by Alan Advocate."""
    return served(cast)


def sentences(desk: Desk, who: str, number: int = 0) -> list[str]:
    return [line.sentence for c in line_of_life(desk.cast.people[who], number or desk.number) for line in c.lines]


def another_episode(desk: Desk, worker: str, supervisor: str, office: str) -> int:
    """Another assignment of the same youth, on another caseload."""
    number = add_assignment(desk.cast, worker=worker, supervisor=supervisor, office=office, unit=f"{office}-01")
    with writing() as session:
        youth = session.scalars(select(Assignment.youth_id).where(Assignment.number == desk.number)).one()
        session.execute(update(Assignment).where(Assignment.number == number).values(youth_id=youth))
    return number


def test_the_line_of_life_tells_referral_agency_advocate_phase_and_decision(desk: Desk) -> None:
    desk.plan().brings_to_approval()
    told = sentences(desk, "csw")
    moments = [line.at for line in line_of_life(desk.cast.csw, desk.number)[0].lines]
    assert moments == sorted(moments, reverse=True)
    for part in (
        "Sonia Supervisor (supervisor) approved the Advocacy Plan (Phase 1).",
        "Carla Coordinator (agency coordinator) assigned Alan Advocate as the Advocate.",
        "Ada Administrator (CSEC Administration) approved the Referral and assigned it to Harbor Light Advocacy.",
        "Wanda Worker (case worker) began to write the Referral.",
    ):
        assert part in told
    assert told[0].endswith("approved the Advocacy Plan (Phase 1).")
    assert told[-1].endswith("began to write the Referral.")


def test_the_agency_sees_its_own_assignment_since_it_was_given_the_youth_and_nothing_else(desk: Desk) -> None:
    other = another_episode(desk, "csw", "scsw", DCFS_OFFICE)
    desk.brings_to_end_of_service()
    desk.refers_again()
    assert len(line_of_life(desk.cast.csw, desk.number)) == 3
    for who in ("coordinator", "advocate"):
        chapters = line_of_life(desk.cast.people[who], desk.number)
        assert [c.number for c in chapters] == [desk.number]
        told = "\n".join(sentences(desk, who))
        assert "assigned it to Harbor Light Advocacy" in told
        assert "approved the Termination Report" in told
        for hidden in ("submitted the Referral", "referred the youth again", str(other)):
            assert hidden not in told


def test_a_youth_referred_again_has_one_line_of_life_over_both_terms(desk: Desk) -> None:
    desk.brings_to_end_of_service()
    desk.refers_again()
    chapters = line_of_life(desk.cast.csw, desk.number)
    assert [(c.status, c.whole, c.here) for c in chapters] == [
        (Status.NEW, True, False),
        (Status.TERMINATED, True, True),
    ]
    assert chapters[0].lines[0].sentence.endswith(f"referred the youth again, after assignment {desk.number}.")
    assert chapters[1].lines[0].sentence.endswith(f"referred the youth again: assignment {chapters[0].number}.")


def test_of_an_assignment_without_a_tie_the_county_reads_the_minimum(desk: Desk) -> None:
    other = another_episode(desk, "csw_elsewhere", "elsewhere", OTHER_OFFICE)
    for who, whole in (("csw", False), ("scsw", False), ("admin", True)):
        chapter = next(c for c in line_of_life(desk.cast.people[who], desk.number) if c.number == other)
        assert (chapter.whole, chapter.here, chapter.status) == (whole, False, Status.NEW)
        assert chapter.summary == "CPH referral of 10/01/2026, no agency yet"
        assert whole or chapter.lines == ()


def test_who_looked_is_shown_to_worker_supervisor_and_administration_only(desk: Desk) -> None:
    open_record(desk.cast.advocate, desk.number, Tab.PLAN, desk.tick())
    for who in ("csw", "scsw", "substitute", "admin"):
        looks = who_looked(desk.cast.people[who], desk.number)
        assert looks is not None
        newest = looks.rows[0]
        assert (newest.who, newest.party, newest.what) == (
            "Alan Advocate (Advocate)",
            "advocate",
            "Opened: Advocacy Plan tab",
        )
        assert looks.total == len(looks.rows)
    assert who_looked(desk.cast.advocate, desk.number) is None
    assert who_looked(desk.cast.coordinator, desk.number) is None
    with pytest.raises(NotPermitted):
        who_looked(desk.cast.colleague, desk.number)


def test_who_looked_is_shown_while_there_is_a_referral_only(desk: Desk) -> None:
    new = Desk(desk.cast, desk.cast.probation_number)
    new.opens("dpo")
    for who, shown in (("dpo", True), ("sdpo", True), ("admin", True)):
        view = open_record(desk.cast.people[who], new.number, Tab.HISTORY, new.tick())
        looks = who_looked(desk.cast.people[who], new.number)
        assert looks is not None
        assert (view.kept, view.looks, looks.rows[0].what) == (False, shown, "Opened: History tab")
        assert "Opened: Referral" in [look.what for look in looks.rows]


def test_the_newest_looks_come_first_some_at_a_time(desk: Desk) -> None:
    for tab in (Tab.PLAN, Tab.REQUESTS, Tab.HISTORY):
        open_record(desk.cast.csw, desk.number, tab, desk.tick())
    desk.plan().opens("csw")
    looks = who_looked(desk.cast.admin, desk.number, shown=3)
    assert looks is not None
    assert [look.what for look in looks.rows] == [
        "Opened: Advocacy Plan (Phase 1)",
        "Opened: History tab",
        "Opened: Requests tab",
    ]
    assert looks.total > 3


def test_every_entry_of_the_access_log_has_words(desk: Desk) -> None:
    desk.plan().brings_to_approval()
    desk.starts("advocate", Document.FUNDS)
    looks = who_looked(desk.cast.admin, desk.number, shown=500)
    assert looks is not None
    assert "Approve: Advocacy Plan (Phase 1)" in {look.what for look in looks.rows}
    assert "Start: Restoration Fund Request 1" in {look.what for look in looks.rows}
    assert all(look.what[0].isupper() for look in looks.rows)
