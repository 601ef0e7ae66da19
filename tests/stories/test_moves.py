"""A worker, a supervisor or an office changes in the middle, as CWS/CMS tells it: access goes with the assignment, at once."""

import pytest
from sqlalchemy import select

from cts.domain.vocabulary import Need
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate
from cts.services.waiting import waiting_on_me
from db.models import Stay
from db.session import reading
from tests.cast import OTHER_OFFICE, change_person
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk
from tests.parts.listed import listed


def open_stay(desk: Desk) -> tuple[str, str, int | None, str | None]:
    with reading() as session:
        stay = session.scalars(select(Stay).where(Stay.left_at.is_(None)).order_by(Stay.id.desc())).first()
        assert stay is not None
        return stay.status, stay.party, stay.person_id, stay.office_code


def moves_to_the_other_office(desk: Desk) -> None:
    desk.extract_says(
        worker_id=desk.cast.csw_elsewhere.person_id,
        supervisor_id=desk.cast.elsewhere.person_id,
        office_code=OTHER_OFFICE,
        unit="1901A-01",
    )


def finds_nothing(desk: Desk, who: str) -> None:
    for attempt in (desk.opens, desk.writes, desk.signs, desk.submits):
        with pytest.raises(NotPermitted) as refusal:
            attempt(who)
        assert str(refusal.value) == NOT_FOUND
    assert desk.number not in {r.number for r in listed(desk.cast.people[who]).rows}
    assert desk.number not in {r.number for r in waiting_on_me(desk.cast.people[who], desk.now)}


def test_the_new_worker_goes_on_with_the_draft_and_the_old_one_loses_it_at_once(desk: Desk) -> None:
    desk.writes("csw", best_way="Text after school", family="Lives with an aunt.")
    desk.extract_says(worker_id=desk.cast.colleague.person_id)
    finds_nothing(desk, "csw")
    view = desk.opens("colleague")
    assert view.writable and view.answers["family"] == "Lives with an aunt."
    desk.brings_to_supervisor("colleague")
    assert desk.new_emails() == [("scsw", "referral_to_review")]
    assert disagreements() == []


def test_the_draft_moves_to_another_office_with_the_youth(desk: Desk) -> None:
    desk.writes("csw", family="Lives with an aunt.")
    moves_to_the_other_office(desk)
    finds_nothing(desk, "csw")
    with pytest.raises(NotPermitted, match="no such record"):
        desk.opens("scsw")
    assert open_stay(desk) == ("New", "case worker", desk.cast.csw_elsewhere.person_id, OTHER_OFFICE)
    desk.writes("csw_elsewhere")
    desk.signs("csw_elsewhere")
    assert [c.name for c in desk.opens("csw_elsewhere").choices[Need.SUPERVISOR]] == ["Elena Elsewhere"]
    with pytest.raises(Incomplete, match="choose a supervisor of the office"):
        desk.submits("csw_elsewhere", to="scsw")
    desk.submits("csw_elsewhere", to="elsewhere")
    assert desk.status == "Pending Supervisor Approval"


def test_what_waits_for_a_supervisor_waits_for_the_new_office(desk: Desk) -> None:
    desk.brings_to_supervisor(to="substitute")
    desk.signs("substitute")
    desk.new_emails()
    seen = desk.sees("substitute").version
    moves_to_the_other_office(desk)
    with pytest.raises(NotPermitted, match="no such record"):
        desk.approves("substitute", version=seen)
    assert open_stay(desk) == (
        "Pending Supervisor Approval",
        "supervisor",
        desk.cast.elsewhere.person_id,
        OTHER_OFFICE,
    )
    desk.signs("elsewhere")
    desk.rejects("elsewhere")
    assert desk.new_emails() == [("csw_elsewhere", "referral_rejected")]
    assert desk.opens("csw_elsewhere").writable
    finds_nothing(desk, "csw")
    assert disagreements() == []


def test_a_screen_from_before_the_move_decides_nothing(desk: Desk) -> None:
    """The supervisor stays, the worker changes: what she reads has changed hands, so she reads it again."""
    desk.brings_to_supervisor()
    desk.signs("scsw")
    seen = desk.sees("scsw").version
    desk.extract_says(worker_id=desk.cast.colleague.person_id)
    with pytest.raises(OutOfDate, match="changed since you opened it"):
        desk.approves("scsw", version=seen)
    desk.new_emails()
    desk.approves("scsw")
    assert ("colleague", "referral_passed_on") in desk.new_emails()


def test_approved_the_new_worker_and_supervisor_are_those_told(desk: Desk) -> None:
    desk.brings_to_administration()
    moves_to_the_other_office(desk)
    desk.new_emails()
    desk.approves("admin", "Harbor Light Advocacy")
    assert desk.new_emails() == [
        ("coordinator", "assignment_to_agency"),
        ("csw_elsewhere", "referral_approved"),
        ("elsewhere", "referral_approved"),
    ]
    finds_nothing(desk, "csw")


def test_a_person_who_leaves_with_a_screen_open_does_nothing_more(desk: Desk) -> None:
    desk.writes("csw")
    change_person(desk.cast, "csw", active=False)
    with pytest.raises(NotPermitted, match="no such record"):
        desk.writes("csw", family="Too late.")
    with pytest.raises(NotPermitted, match="no such record"):
        desk.opens("csw")


def test_a_coordinator_who_changes_agency_takes_nothing_along(desk: Desk) -> None:
    desk.brings_to_agency()
    change_person(desk.cast, "coordinator", agency_id=desk.cast.agencies["New Dawn, Inc."])
    with pytest.raises(NotPermitted, match="no such record"):
        desk.acknowledges("coordinator")
