"""Earlier versions: who reads which, with the same fields hidden as the document itself."""

import pytest
from sqlalchemy import Engine, select

from cts.domain.fields import Stage
from cts.domain.vocabulary import Document
from cts.services.earlier import earlier_versions, read_version
from cts.services.refusals import NotPermitted
from db.models import AccessEntry
from db.session import reading
from tests.cast import Cast, make_cast
from tests.parts import desk
from tests.parts.desk import Desk


@pytest.fixture
def cast(sqlite_database: Engine) -> Cast:
    return make_cast()


@pytest.fixture
def served(cast: Cast) -> Desk:
    return desk.served(cast)


def rounds(desk: Desk, who: str) -> list[int]:
    found = earlier_versions(desk.cast.people[who], desk.number, desk.kind, desk.sequence)
    return [version.round for version in found]


def test_what_was_rejected_is_read_beside_what_was_sent_again(served: Desk) -> None:
    plan = served.plan(1)
    plan.brings_to_case_worker()
    assert rounds(plan, "csw") == []
    plan.rejects("csw", code="goals", text="Please add a date.")
    assert rounds(plan, "advocate") == [1]
    # Others read that version on the page itself.
    assert rounds(plan, "csw") == []
    before = plan.sees("advocate").answers["strengths"]
    plan.writes("advocate", strengths="Written once more.")
    plan.submits("advocate")
    for who in ("advocate", "csw", "scsw", "admin", "coordinator"):
        assert rounds(plan, who) == [1], who
        assert plan.sees(who).answers["strengths"] == "Written once more."
        read = read_version(served.cast.people[who], plan.number, Document.PLAN, 1, 1, plan.tick())
        assert read.answers["strengths"] == before
    version = earlier_versions(served.cast.scsw, plan.number, Document.PLAN, 1)[0]
    assert version.by == "Alan Advocate" and version.outcome.startswith("rejected by Wanda Worker on ")


def test_what_was_recalled_unread_is_its_writers_alone(served: Desk) -> None:
    plan = served.plan(1)
    plan.brings_to_case_worker()
    plan.recalls("advocate")
    plan.writes("advocate", strengths="Second thoughts.")
    plan.submits("advocate")
    assert rounds(plan, "advocate") == [1]
    assert rounds(plan, "csw") == rounds(plan, "admin") == []
    with pytest.raises(NotPermitted):
        read_version(served.cast.csw, plan.number, Document.PLAN, 1, 1, plan.tick())


def test_of_a_fund_request_is_read_what_was_asked_when_it_was_submitted(served: Desk) -> None:
    request = served.starts("advocate", Document.FUNDS)
    request.brings_to_approval()
    request.spends()
    request.submits("advocate")
    request.rejects("admin", "receipts", "The coat again, please.")
    request.submits("advocate")
    stages = [
        read_version(served.cast.csw, request.number, Document.FUNDS, 1, round_, request.tick()).stage
        for round_ in rounds(request, "csw")
    ]
    assert stages == [Stage.WRITING, Stage.SPENDING]


def test_the_agency_reads_no_referral_that_came_before_it(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_back()
    desk.writes("csw", attention="Written once more.")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.approves("admin", "Harbor Light Advocacy")
    assert rounds(desk, "csw") == rounds(desk, "admin") == [1]
    assert rounds(desk, "coordinator") == []
    with pytest.raises(NotPermitted):
        read_version(cast.coordinator, desk.number, Document.REFERRAL, None, 1, desk.tick())


def test_what_is_private_stays_private_in_earlier_versions(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.writes("csw")
    desk.writes("csw", orientation="Gay")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.rejects("admin")
    assert rounds(desk, "csw") == [1]
    seen = read_version(cast.csw, desk.number, Document.REFERRAL, None, 1, desk.tick())
    assert seen.answers["orientation"] == "Gay"
    desk.writes("csw", attention="Written once more.")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    by_admin = read_version(cast.admin, desk.number, Document.REFERRAL, None, 1, desk.tick())
    assert "orientation" not in by_admin.answers and by_admin.answers["attention"] == seen.answers["attention"]


def test_nobody_without_a_tie_and_no_version_there_is_not(served: Desk) -> None:
    plan = served.plan(1)
    plan.brings_to_case_worker()
    plan.rejects("csw")
    for who in ("rival_advocate", "elsewhere", "advocate_second", "support"):
        with pytest.raises(NotPermitted):
            earlier_versions(served.cast.people[who], plan.number, Document.PLAN, 1)
        with pytest.raises(NotPermitted):
            read_version(served.cast.people[who], plan.number, Document.PLAN, 1, 1, plan.tick())
    for round_ in (0, 2, -1):
        with pytest.raises(NotPermitted):
            read_version(served.cast.advocate, plan.number, Document.PLAN, 1, round_, plan.tick())


def test_each_reading_is_logged(served: Desk) -> None:
    plan = served.plan(1)
    plan.brings_to_case_worker()
    plan.rejects("csw")
    read_version(served.cast.advocate, plan.number, Document.PLAN, 1, 1, plan.tick())
    with reading() as session:
        looks = session.scalars(select(AccessEntry).where(AccessEntry.action == "open earlier version")).all()
    assert [(look.actor_id, look.outcome, look.details) for look in looks] == [
        (served.cast.advocate.person_id, "done", {"round": 1})
    ]
