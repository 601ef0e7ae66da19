"""What extracts do once a service has ended, and when a youth was referred again: the newest term, and nothing for the former agency."""

import pytest
from sqlalchemy import Engine, select, update

from cts.domain.extract_changes import ExtractAction
from cts.domain.vocabulary import Action, Status
from db.models import Assignment, Person
from db.session import reading, writing
from tests.cast import make_cast
from tests.parts.desk import Desk
from tests.parts.extracts import CASE, UNFOUNDED, load, row
from tests.parts.served import FAR_AWAY, entries, fact, kept, raised, row_of, served, states, versions

PLAIN_CASE = CASE.replace("-", "")


@pytest.fixture
def desk(sqlite_database: Engine) -> Desk:
    """A youth whom Alan Advocate serves, as the extract of November 2 knows him."""
    return served()


def test_a_terminated_assignment_is_still_brought_up_to_date(desk: Desk) -> None:
    """As any closed one: the county finds it with its worker of today. Its documents stay as they ended."""
    desk.brings_to_end_of_service()
    before = versions(desk)
    states(desk, "2026-11-03", **FAR_AWAY | {"placement_type": "Group Home"})
    assignment, _ = kept(desk)
    assert (assignment.status, assignment.placement_type) == (Status.TERMINATED, "Group Home")
    assert assignment.worker_id == desk.cast.people["csw_elsewhere"].person_id
    assert raised(desk, before) == set()
    assert desk.summary.opens("csw_elsewhere").status is Status.TERMINATED


def test_the_former_agency_learns_nothing_after_the_service(desk: Desk) -> None:
    desk.brings_to_end_of_service()
    states(
        desk,
        "2026-11-03",
        **FAR_AWAY | {"placement_type": "Group Home", "last_name": "Canary-Rivera", "awol_code": "A"},
    )
    for who in ("advocate", "coordinator"):
        summary = desk.summary.opens(who)
        assert fact(summary, "placement_type") != "Group Home" and fact(summary, "awol_code") == "N"
        assert fact(summary, "worker_name") == "Wanda Worker" and "Rodríguez" in fact(summary, "youth_name")
        assert fact(desk.plan().opens(who), "worker_name") == "Wanda Worker", "nor from what was never submitted"
        assert not any("CWS/CMS" in line.sentence for line in desk.opens(who).history)
    assert any("CWS/CMS" in line.sentence for line in desk.opens("csw_elsewhere").history)


def test_before_the_alerts_are_acknowledged_the_agency_reads_no_news_of_where_the_youth_is(
    sqlite_database: Engine,
) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    states(desk, "2026-11-02")
    with writing() as session:
        own = Assignment.number == desk.number
        worker, supervisor = cast.people["csw"].person_id, cast.people["scsw"].person_id
        session.execute(update(Assignment).where(own).values(worker_id=worker, supervisor_id=supervisor))
    desk.brings_to_agency()
    with writing() as session:
        session.execute(update(Person).where(Person.id == worker).values(staff_id="AA9"))
    states(desk, "2026-11-03", placement_type="Group Home")
    assert not any("Group Home" in line.sentence for line in desk.opens("coordinator").history)
    desk.acknowledges("coordinator")
    assert any("Group Home" in line.sentence for line in desk.opens("coordinator").history)


def next_term(desk: Desk) -> Desk:
    desk.brings_to_end_of_service()
    number = int(desk.refers_again("csw").sentence.rpartition("assignment ")[2].rstrip("."))
    return Desk(desk.cast, number, _clock=desk._clock)


def test_an_extract_speaks_of_the_newest_term_and_leaves_the_earlier_alone(database: Engine) -> None:
    desk = served()
    again = next_term(desk)
    earlier = row_of(desk)
    said = len(entries(desk))
    states(desk, "2026-11-03")
    assert str(kept(again)[0].extract_on) == "2026-11-03", "the same facts: nothing to change"
    assert len(entries(again)) == 1
    states(desk, "2026-11-04", **FAR_AWAY | {"placement_type": "Group Home", "last_name": "Canary-Rivera"})
    assert kept(again)[0].placement_type == "Group Home"
    assert kept(again)[0].worker_id == desk.cast.people["csw_elsewhere"].person_id
    assert {entry.action for entry in entries(again)} >= {
        ExtractAction.MOVED,
        ExtractAction.UPDATED,
        ExtractAction.NAME_CORRECTED,
    }
    assert row_of(desk) == earlier and len(entries(desk)) == said
    with reading() as session:
        assert len(session.scalars(select(Assignment)).all()) == 3, "no third assignment of the episode"


def test_gone_and_an_ended_flag_mean_the_newest_term_only(desk: Desk) -> None:
    again = next_term(desk)
    earlier, said = row_of(desk), len(entries(desk))
    load(row(extract_date="2026-11-03"))
    assert kept(again)[0].missing_since is not None
    states(desk, "2026-11-04", **UNFOUNDED)
    assert kept(again)[0].status == Status.FLAG_ENDED and kept(again)[0].missing_since is None
    states(desk, "2026-11-05")
    assert kept(again)[0].status == Status.NEW
    assert row_of(desk) == earlier and len(entries(desk)) == said


def test_a_case_without_a_referral_is_known_by_its_newest_term(desk: Desk) -> None:
    """Also when the referral of the case is told only afterwards."""
    case = {
        "referral_id": "",
        "referral_date": "",
        "referral_name": "",
        "case_id": CASE,
        "case_start_date": "2026-09-01",
    }
    with writing() as session:
        own = Assignment.number == desk.number
        session.execute(update(Assignment).where(own).values(referral_id=None, referral_on=None, case_id=PLAIN_CASE))
    states(desk, "2026-11-03", **case)
    again = next_term(desk)
    earlier = row_of(desk)
    states(desk, "2026-11-04", **case | {"placement_type": "Group Home"})
    states(desk, "2026-11-05", case_id=CASE, case_start_date="2026-09-01")
    newest = kept(again)[0]
    assert newest.referral_id is not None and newest.case_id == PLAIN_CASE and newest.missing_since is None
    assert row_of(desk) == earlier
    with reading() as session:
        assert len(session.scalars(select(Assignment)).all()) == 3
    assert not desk.opens("csw").may(Action.REOPEN)
