"""An assignment that is not to go on is closed by CSEC Administration, with a reason."""

import pytest

from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk
from tests.parts.listed import listed


def test_closed_while_new_and_both_are_told(both: Desk) -> None:
    desk = both
    desk.writes("csw")
    said = desk.closes("admin", "moved", "The family moved to Oregon.")
    assert said.sentence == "You closed the assignment. Its status is Withdrawn."
    assert desk.status == "Withdrawn"
    assert desk.new_emails() == [("csw", "assignment_closed"), ("scsw", "assignment_closed")]
    assert desk.opens("csw").history[-1].sentence == "Ada Administrator (CSEC Administration) closed the assignment."
    assert desk.opens("csw").history[-1].why == "Moved out of county: The family moved to Oregon."
    assert desk.number not in {row.number for row in listed(desk.cast.csw).rows}  # the list begins with Non-Closed
    assert disagreements() == []


def test_somebody_who_is_both_worker_and_supervisor_is_told_once(desk: Desk) -> None:
    desk.extract_says(worker_id=desk.cast.scsw.person_id)
    desk.closes("admin")
    assert desk.new_emails() == [("scsw", "assignment_closed")]


def test_a_draft_that_was_never_sent_stays_its_authors_after_the_closing(desk: Desk) -> None:
    desk.writes("csw")
    desk.closes("admin")
    for who in ("scsw", "admin"):
        assert desk.opens(who).answers == {}, who
    assert desk.opens("csw").answers["family"] == "Lives with an aunt who is supportive."


def test_closed_after_a_rejection(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.rejects("scsw", "not_eligible", "Outside the ages served.")
    desk.closes("admin_second", "not_victim", "The investigation showed otherwise.")
    assert desk.opens("scsw").answers["family"] == "Lives with an aunt who is supportive."  # as it was rejected
    assert disagreements() == []


def test_nothing_is_done_to_what_is_closed(desk: Desk) -> None:
    desk.writes("csw")
    desk.signs("csw")
    desk.closes("admin")
    with pytest.raises(OutOfDate, match="Copy what you typed"):
        desk.writes("csw", family="Too late.")
    closed = r"This Referral is Withdrawn\. Nothing more is decided on it\. Possible now: Refer again \(case worker\)\."
    for attempt in (
        lambda: desk.signs("csw"),
        lambda: desk.submits("csw"),
        lambda: desk.recalls("csw"),
        lambda: desk.approves("scsw"),
        lambda: desk.rejects("admin"),
        lambda: desk.closes("admin"),
    ):
        with pytest.raises(NotPermitted, match=closed):
            attempt()
    view = desk.opens("csw")
    assert [s.action for s in view.steps] == ["reopen"] and view.blocked == ()
    assert not view.writable and view.waiting is None


@pytest.mark.parametrize("reach", ["brings_to_supervisor", "brings_to_administration", "brings_to_agency"])
def test_what_waits_or_is_served_is_not_closed(desk: Desk, reach: str) -> None:
    getattr(desk, reach)()
    with pytest.raises(NotPermitted, match="Close is not possible now"):
        desk.closes("admin")


@pytest.mark.parametrize("who", ["csw", "scsw", "substitute"])
def test_only_administration_closes(desk: Desk, who: str) -> None:
    with pytest.raises(NotPermitted, match="Close: CSEC Administration can do this"):
        desk.closes(who)


@pytest.mark.parametrize(("code", "text"), [("incomplete", "A reason of a rejection"), ("moved", "  ")])
def test_closing_asks_a_reason_of_its_own_list(desk: Desk, code: str, text: str) -> None:
    with pytest.raises(Incomplete, match=r"choose a reason|say in words"):
        desk.closes("admin", code, text)
    assert desk.status == "New"
