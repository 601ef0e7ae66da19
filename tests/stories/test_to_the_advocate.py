"""From New to an Advocate: the guide's own path, its e-mails, and who may act for an absent supervisor."""

import pytest

from cts.domain.vocabulary import Need
from cts.services.refusals import NOT_FOUND, NotPermitted
from cts.services.waiting import waiting_on_me
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk
from tests.parts.listed import listed


def numbers_waiting(desk: Desk, who: str) -> list[int]:
    return [row.number for row in waiting_on_me(desk.cast.people[who], desk.now)]


def test_a_referral_goes_from_the_case_worker_to_an_advocate(both: Desk) -> None:
    desk = both
    assert desk.status == "New"
    desk.writes("csw")
    desk.signs("csw")
    assert desk.new_emails() == []

    said = desk.submits("csw", to="scsw")
    assert said.sentence == "You submitted the Referral. Its status is Pending Supervisor Approval."
    assert desk.status == "Pending Supervisor Approval"
    assert desk.new_emails() == [("scsw", "referral_to_review")]
    assert desk.number in numbers_waiting(desk, "scsw")

    desk.opens("scsw")
    desk.signs("scsw")
    desk.approves("scsw")
    assert desk.status == "Pending CSEC Admin Approval"
    assert desk.new_emails() == [
        ("admin", "referral_to_decide"),
        ("admin_second", "referral_to_decide"),
        ("csw", "referral_passed_on"),
    ]

    desk.opens("admin")
    desk.approves("admin", "Harbor Light Advocacy")
    assert desk.status == "Approved"
    assert desk.new_emails() == [
        ("coordinator", "assignment_to_agency"),
        ("csw", "referral_approved"),
        ("scsw", "referral_approved"),
    ]
    assert numbers_waiting(desk, "coordinator") == [desk.number]
    assert numbers_waiting(desk, "rival_coordinator") == []

    desk.acknowledges("coordinator")
    assert desk.new_emails() == []
    desk.assigns("coordinator", "advocate")
    assert desk.new_emails() == [("advocate", "advocate_assigned"), ("csw", "advocate_named")]
    assert numbers_waiting(desk, "coordinator") == []
    row = listed(desk.cast.csw).rows[0]
    assert (row.status, row.agency_and_advocate) == ("Approved", "Harbor Light Advocacy / Alan Advocate")

    assert [line.sentence for line in desk.opens("csw").history] == [
        "Wanda Worker (case worker) began to write the Referral.",
        "Wanda Worker (case worker) signed the Referral.",
        "Wanda Worker (case worker) submitted the Referral to Sonia Supervisor.",
        "Sonia Supervisor (supervisor) signed the Referral.",
        "Sonia Supervisor (supervisor) approved the Referral.",
        "Ada Administrator (CSEC Administration) approved the Referral and assigned it to Harbor Light Advocacy.",
        "Carla Coordinator (agency coordinator) acknowledged the safety alerts.",
        "Carla Coordinator (agency coordinator) assigned Alan Advocate as the Advocate.",
    ]
    assert disagreements() == []


def test_the_probation_path(probation: Desk) -> None:
    desk = probation
    desk.brings_to_supervisor("dpo")
    assert desk.new_emails() == [("sdpo", "referral_to_review")]
    desk.signs("sdpo")
    desk.approves("sdpo")
    assert ("dpo", "referral_passed_on") in desk.new_emails()
    desk.approves("admin_second", "New Dawn, Inc.")
    assert desk.new_emails() == [
        ("dpo", "referral_approved"),
        ("rival_coordinator", "assignment_to_agency"),
        ("sdpo", "referral_approved"),
    ]
    desk.acknowledges("rival_coordinator")
    desk.assigns("rival_coordinator", "rival_advocate")
    assert desk.new_emails() == [("dpo", "advocate_named"), ("rival_advocate", "advocate_assigned")]
    titles = [s.title for s in desk.opens("dpo").signatures]
    assert titles == ["Deputy Probation Officer", "Supervising Deputy Probation Officer"]
    assert disagreements() == []


def test_a_dcfs_supervisor_is_nobody_to_a_probation_youth(probation: Desk) -> None:
    probation.brings_to_supervisor("dpo")
    for who in ("scsw", "csw", "substitute"):
        with pytest.raises(NotPermitted, match="no such record"):
            probation.opens(who)


def test_the_worker_may_send_it_to_a_substitute_who_acts_for_the_absent_supervisor(desk: Desk) -> None:
    choices = {c.name: c.note for c in desk.opens("csw").choices[Need.SUPERVISOR]}
    assert choices == {"Sonia Supervisor": "your supervisor", "Simon Substitute": ""}
    desk.brings_to_supervisor(to="substitute")
    assert desk.new_emails() == [("substitute", "referral_to_review")]
    signature = desk.signs("substitute")
    assert (signature.name, signature.acting_for) == ("Simon Substitute", "Sonia Supervisor")
    desk.approves("substitute")
    assert desk.opens("csw").history[-1].sentence == (
        "Simon Substitute (supervisor, acting for Sonia Supervisor) approved the Referral."
    )


def test_any_supervisor_of_the_office_may_act_although_another_one_was_named(desk: Desk) -> None:
    desk.brings_to_supervisor(to="scsw")
    assert [r.mine for r in waiting_on_me(desk.cast.substitute, desk.now)] == [False]  # seen in the office's pool
    desk.signs("substitute")
    desk.rejects("substitute")
    assert desk.status == "Rejected"
    assert desk.opens("csw").rejection.by == "Simon Substitute (supervisor)"  # type: ignore[union-attr]


def test_a_supervisor_of_another_office_finds_nothing(desk: Desk) -> None:
    desk.brings_to_supervisor()
    assert listed(desk.cast.elsewhere).total == 0
    assert waiting_on_me(desk.cast.elsewhere, desk.now) == ()
    for attempt in (desk.opens, desk.signs, desk.approves, desk.rejects):
        with pytest.raises(NotPermitted) as refusal:
            attempt("elsewhere")
        assert str(refusal.value) == NOT_FOUND
    assert desk.status == "Pending Supervisor Approval"


def test_the_coordinator_changes_the_advocate_and_the_former_one_is_told(desk: Desk) -> None:
    desk.brings_to_advocate()
    desk.new_emails()
    assert desk.opens("advocate").advocate == "Alan Advocate"
    assert [c.name for c in desk.opens("coordinator").choices[Need.ADVOCATE]] == ["Bea Advocate"]
    desk.assigns("coordinator", "advocate_second")
    assert desk.new_emails() == [
        ("advocate", "former_advocate"),
        ("advocate_second", "advocate_assigned"),
        ("csw", "advocate_named"),
    ]
    with pytest.raises(NotPermitted, match="no such record"):
        desk.opens("advocate")
    assert listed(desk.cast.advocate).total == 0
    assert desk.opens("advocate_second").advocate == "Bea Advocate"
    assert desk.opens("csw").history[-1].sentence == (
        "Carla Coordinator (agency coordinator) changed the Advocate from Alan Advocate to Bea Advocate."
    )
    assert disagreements() == []


def test_a_person_who_has_left_does_nothing_and_sees_nothing(desk: Desk) -> None:
    desk.brings_to_supervisor()
    for attempt in (desk.opens, desk.signs, desk.approves):
        with pytest.raises(NotPermitted, match="no such record"):
            attempt("left")
