"""Nobody decides what he or she wrote, signed or decided a step before: by person, whatever the title says today."""

import pytest

from cts.domain.vocabulary import Action, Need, Role
from cts.services.refusals import Incomplete, NotPermitted
from tests.cast import DCFS_OFFICE, change_person
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk


def buttons(desk: Desk, who: str) -> set[str]:
    return {str(s.action) for s in desk.opens(who).steps}


def why_not(desk: Desk, who: str, action: Action) -> str:
    return next(b.sentence for b in desk.opens(who).blocked if b.action is action)


def test_a_worker_promoted_to_supervisor_does_not_approve_what_she_wrote(desk: Desk) -> None:
    desk.brings_to_supervisor()
    change_person(desk.cast, "csw", role=Role.SCSW)
    assert not {"sign", "approve", "reject"} & buttons(desk, "csw")
    assert why_not(desk, "csw", Action.APPROVE) == (
        "You wrote, signed or decided this Referral a step before, so another person decides. "
        "Approve: any supervisor of the Pasadena office can do this (Simon Substitute, Sonia Supervisor)."
    )
    for attempt in (desk.signs, desk.approves, desk.rejects):
        with pytest.raises(NotPermitted, match="another person decides"):
            attempt("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    assert disagreements() == []


def test_neither_does_she_when_only_a_draft_of_an_earlier_round_was_hers(desk: Desk) -> None:
    desk.writes("csw")
    colleague = desk.cast.colleague.person_id
    desk.extract_says(worker_id=colleague)
    desk.signs("colleague")
    desk.submits("colleague")
    change_person(desk.cast, "csw", role=Role.SCSW)
    with pytest.raises(NotPermitted, match="another person decides"):
        desk.approves("csw")


def test_a_supervisor_who_became_administrator_does_not_decide_what_she_approved(desk: Desk) -> None:
    desk.brings_to_administration()
    change_person(desk.cast, "scsw", role=Role.ADMINISTRATION, office_code=None)
    for attempt in (lambda: desk.approves("scsw", "Harbor Light Advocacy"), lambda: desk.rejects("scsw")):
        with pytest.raises(NotPermitted, match="another person decides"):
            attempt()
    desk.approves("admin", "Harbor Light Advocacy")
    assert desk.status == "Approved"


def test_nor_what_she_signed_although_a_colleague_approved_it(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.signs("substitute")
    desk.approves("substitute")
    change_person(desk.cast, "scsw", role=Role.ADMINISTRATION, office_code=None)
    with pytest.raises(NotPermitted, match="another person decides"):
        desk.approves("scsw", "Harbor Light Advocacy")


def test_the_same_supervisor_may_decide_the_next_round(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.rejects("scsw")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.rejects("admin")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.approves("admin", "New Dawn, Inc.")
    assert desk.status == "Approved"
    assert disagreements() == []


def test_a_supervisor_with_a_caseload_of_her_own_sends_it_to_somebody_else(desk: Desk) -> None:
    desk.extract_says(worker_id=desk.cast.scsw.person_id)
    desk.writes("scsw")
    desk.signs("scsw")
    assert [c.name for c in desk.opens("scsw").choices[Need.SUPERVISOR]] == ["Simon Substitute"]
    with pytest.raises(Incomplete, match="nobody reviews his or her own"):
        desk.submits("scsw", to="scsw")
    desk.submits("scsw", to="substitute")
    for attempt in (desk.signs, desk.approves):
        with pytest.raises(NotPermitted, match="another person decides"):
            attempt("scsw")
    assert "recall" in buttons(desk, "scsw")  # her own look is not the reviewer's
    desk.signs("substitute")
    desk.approves("substitute")
    assert disagreements() == []


@pytest.mark.parametrize("named", ["colleague", "elsewhere", "left", "admin", "sdpo", "csw"])
def test_a_referral_goes_to_a_supervisor_of_the_office_only(desk: Desk, named: str) -> None:
    desk.writes("csw")
    desk.signs("csw")
    with pytest.raises(Incomplete, match="choose a") as refusal:
        desk.submits("csw", to=named)
    assert refusal.value.problems[0][0] == "supervisor"
    assert desk.status == "New"


def test_a_supervisor_who_moves_to_the_office_may_act_there_and_no_longer_elsewhere(desk: Desk) -> None:
    desk.brings_to_supervisor()
    change_person(desk.cast, "elsewhere", office_code=DCFS_OFFICE)
    change_person(desk.cast, "scsw", office_code="1901A")
    with pytest.raises(NotPermitted, match="no such record"):
        desk.signs("scsw")
    desk.signs("elsewhere")
    desk.approves("elsewhere")
    assert desk.status == "Pending CSEC Admin Approval"


def test_a_case_worker_who_became_supervisor_decides_no_plan_she_approved_a_step_before(desk: Desk) -> None:
    desk.brings_to_advocate()
    plan = desk.plan(1)
    plan.brings_to_decision()
    change_person(desk.cast, "csw", role=Role.SCSW)
    for attempt in (plan.approves, plan.rejects):
        with pytest.raises(NotPermitted, match="another person decides"):
            attempt("csw")
    plan.rejects("scsw")
    plan.submits("advocate")
    desk.extract_says(worker_id=desk.cast.colleague.person_id)
    plan.approves("colleague")
    plan.approves("csw")  # another round, in which she has decided nothing yet
    assert plan.status == "Approved"
    assert disagreements() == []


def test_a_supervisor_with_a_caseload_of_her_own_decides_a_plan_once(desk: Desk) -> None:
    desk.brings_to_advocate()
    desk.extract_says(worker_id=desk.cast.scsw.person_id, supervisor_id=desk.cast.substitute.person_id)
    plan = desk.plan(1)
    plan.brings_to_case_worker()
    plan.approves("scsw")
    with pytest.raises(NotPermitted, match="another person decides"):
        plan.approves("scsw")
    plan.approves("substitute")
    assert plan.status == "Approved"
    assert disagreements() == []


def test_an_advocate_who_joined_the_county_decides_nothing_she_wrote(desk: Desk) -> None:
    desk.brings_to_advocate()
    plan = desk.plan(1)
    plan.writes("advocate")
    desk.assigns("coordinator", "advocate_second")
    change_person(desk.cast, "advocate", role=Role.SCSW, agency_id=None, office_code=DCFS_OFFICE)
    plan.submits("advocate_second")
    plan.approves("csw")
    for attempt in (plan.approves, plan.rejects):
        with pytest.raises(NotPermitted, match="another person decides"):
            attempt("advocate")
    plan.approves("scsw")
    assert disagreements() == []
