"""The guide's story of an Advocacy Plan: Advocate, case worker, supervisor, phase by phase (mission §4.2)."""

from typing import Any

import pytest
from sqlalchemy import Engine

from cts.domain.vocabulary import Action, Document
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.waiting import waiting_on_me
from tests.parts.agreement import disagreements
from tests.parts.answers import PHASE
from tests.parts.desk import Desk, serve, served


@pytest.fixture
def plan(sqlite_database: Engine) -> Desk:
    """Phase 1 of the DCFS youth, Not Started, with Alan Advocate."""
    return served().plan(1)


@pytest.fixture
def plan_on_both(both: Desk) -> Desk:
    """As `plan`, on SQLite and on PostgreSQL."""
    both.begins(serve)
    return both.plan(1)


def waits_for(desk: Desk, *people: str) -> list[str]:
    return [
        who
        for who in people or ("advocate", "coordinator", "csw", "scsw", "admin")
        if any(
            (r.document, r.sequence) == (desk.kind, desk.sequence)
            for r in waiting_on_me(desk.cast.people[who], desk.now)
        )
    ]


def changed(rows: list[dict[str, Any]], row_id: str, **cells: Any) -> list[dict[str, Any]]:
    return [row | cells if row["id"] == row_id else row for row in rows]


def test_approved_by_case_worker_and_supervisor_the_next_phase_opens_with_the_goals_still_open(
    plan_on_both: Desk,
) -> None:
    plan = plan_on_both
    assert plan.status == "Not Started" and waits_for(plan) == ["advocate"]
    view = plan.opens("advocate")
    assert view.writable and view.answers["start_on"] == "2026-11-02"
    assert view.facts.values["youth_name"].startswith("Canary-Rodríguez") and view.signers == ()

    plan.writes("advocate", **PHASE | {"goals": changed(PHASE["goals"], "b1", completed=True)})
    assert plan.status == "In Progress" and waits_for(plan) == ["advocate"]
    plan.submits("advocate")
    assert plan.status == "Pending Approval (case worker)" and waits_for(plan) == ["csw"]
    assert plan.new_emails() == [("csw", "document_to_review")]

    assert plan.opens("csw").answers["strengths"] == PHASE["strengths"]
    said = plan.approves("csw")
    assert said.sentence == "You approved the Advocacy Plan. Its status is Pending Approval (supervisor)."
    assert waits_for(plan) == ["scsw"] and waits_for(plan, "substitute", "elsewhere") == ["substitute"]
    assert plan.new_emails() == [("scsw", "document_to_review")]
    with pytest.raises(NotPermitted):
        plan.plan(2).opens("advocate")

    plan.opens("scsw")
    plan.approves("scsw")
    assert plan.status == "Approved" and waits_for(plan) == []
    assert plan.new_emails() == [("advocate", "document_approved"), ("csw", "document_approved")]
    second = plan.plan(2)
    assert second.status == "Not Started" and waits_for(second) == ["advocate"]
    opened = second.opens("advocate")
    assert [g["goal"] for g in opened.answers["goals"]] == ["See the clinic"]
    assert [g["goal"] for g in opened.answers["long_term_goals"]] == ["Finish high school", "Live with her aunt"]
    assert [line.sentence for line in plan.opens("csw").history] == [
        "Alan Advocate (advocate) began to write the Advocacy Plan (Phase 1).",
        "Alan Advocate (advocate) submitted the Advocacy Plan (Phase 1).",
        "Wanda Worker (case worker) approved the Advocacy Plan (Phase 1).",
        "Sonia Supervisor (supervisor) approved the Advocacy Plan (Phase 1).",
    ]
    assert disagreements() == []


def test_after_the_third_phase_nothing_opens(plan: Desk) -> None:
    for phase in (1, 2, 3):
        plan.plan(phase).brings_to_approval()
    with pytest.raises(NotPermitted):
        plan.plan(4).opens("advocate")
    assert plan.plan(3).status == "Approved"
    assert plan.plan(3).opens("csw").title == "Advocacy Plan: Phase 3 (Resolution)"
    assert disagreements() == []


def test_an_approved_phase_is_changed_no_more(plan: Desk) -> None:
    plan.brings_to_approval()
    with pytest.raises(OutOfDate, match="This change was not saved: the Advocacy Plan is Approved"):
        plan.writes("advocate", strengths="Another thought.")
    for attempt in (plan.submits, plan.recalls, plan.withdraws):
        with pytest.raises(NotPermitted, match="Nothing more is decided on it"):
            attempt("advocate")


def test_the_case_worker_rejects_and_the_advocate_is_told_why(plan_on_both: Desk) -> None:
    plan = plan_on_both
    plan.brings_to_case_worker()
    plan.new_emails()
    plan.rejects("csw", "goals", "Please add a goal about sleep.")
    assert plan.status == "Rejected" and waits_for(plan) == ["advocate"]
    assert plan.new_emails() == [("advocate", "document_rejected")]
    rejection = plan.opens("advocate").rejection
    assert rejection is not None
    assert (rejection.by, rejection.reason, rejection.text) == (
        "Wanda Worker (case worker)",
        "Goals or action steps need to change",
        "Please add a goal about sleep.",
    )
    plan.submits("advocate")
    assert plan.status == "Pending Approval (case worker)"
    assert disagreements() == []


def test_the_supervisor_rejects_and_sees_the_difference_row_by_row(plan_on_both: Desk) -> None:
    plan = plan_on_both
    plan.brings_to_decision()
    plan.new_emails()
    plan.rejects("scsw", "safety", "What if the aunt cannot drive?")
    assert plan.new_emails() == [("advocate", "document_rejected")]
    view = plan.opens("advocate")
    assert view.rejection is not None and view.rejection.text == "What if the aunt cannot drive?"
    assert view.answers["goals"] == PHASE["goals"]  # nothing has to be typed again

    kept = changed(PHASE["goals"][1:], "b2", team_member="Alan Advocate")
    added = {
        "id": "b3",
        "goal": "Sleep",
        "action_step": "No phone after ten.",
        "due_on": "2026-11-30",
        "team_member": "The aunt",
    }
    plan.writes("advocate", goals=[*kept, added], safety_plan="The neighbor drives her when the aunt cannot.")
    plan.submits("advocate")
    assert plan.status == "Pending Approval (case worker)", "it passes the case worker again"
    seen = [(c.label, c.before, c.after) for c in plan.opens("csw").changes]
    assert seen == [
        ("Goals and action steps: Goal 1, Team Member", "The aunt", "Alan Advocate"),
        (
            "Goals and action steps: Goal 2, added",
            "",
            "Goal: Sleep; Action Step: No phone after ten.; Due Date: 11/30/2026; Team Member: The aunt",
        ),
        (
            "Goals and action steps: Goal 1 before, removed",
            "Goal: Attend school; Action Step: Visit two schools together.; Due Date: 11/20/2026; "
            "Team Member: Alan Advocate",
            "",
        ),
        (
            "Safety Plan",
            "The aunt drives her; she calls when she leaves.",
            "The neighbor drives her when the aunt cannot.",
        ),
    ]
    plan.approves("csw")
    assert [c.label for c in plan.opens("scsw").changes] == [label for label, _, _ in seen]
    plan.approves("scsw")
    assert plan.status == "Approved" and plan.opens("scsw").changes == ()
    whys = [line.why for line in plan.opens("csw").history if line.why]
    assert whys == ["Safety concerns or the safety plan need more: What if the aunt cannot drive?"]
    assert disagreements() == []


def test_recalled_until_the_case_worker_has_opened_it(plan: Desk) -> None:
    plan.brings_to_case_worker()
    plan.opens("scsw")  # not the one who reviews now
    plan.recalls("advocate")
    assert plan.status == "In Progress" and plan.opens("advocate").writable
    assert plan.opens("csw").answers == {}, "what was recalled unread is nobody else's to read"
    plan.submits("advocate")
    plan.opens("csw")
    with pytest.raises(Incomplete, match="opened it, so it can no longer be recalled"):
        plan.recalls("advocate")
    plan.approves("csw")
    with pytest.raises(NotPermitted, match="Recall is not possible now"):
        plan.recalls("advocate")
    assert disagreements() == []


def test_a_draft_is_read_by_its_author_alone(plan: Desk) -> None:
    plan.writes("advocate")
    for who in ("csw", "scsw", "admin", "coordinator"):
        view = plan.opens(who)
        assert view.answers == {} and not view.writable and view.problems == (), who
    plan.submits("advocate")
    assert all(plan.opens(who).answers["strengths"] for who in ("csw", "scsw", "admin", "coordinator"))


def test_the_coordinator_reads_and_writes_nothing(plan: Desk) -> None:
    plan.writes("advocate")
    for attempt in (plan.writes, plan.submits):
        with pytest.raises(NotPermitted, match=r"the advocate can do this \(Alan Advocate\)"):
            attempt("coordinator")


def test_an_incomplete_phase_is_not_sent(plan: Desk) -> None:
    plan.writes("advocate", strengths="Curious.")
    with pytest.raises(Incomplete, match="7 answers need your attention") as refusal:
        plan.submits("advocate")
    assert {field for field, _ in refusal.value.problems} >= {"goals", "safety_plan"}
    assert plan.status == "In Progress" and plan.new_emails() == []


def test_a_plan_names_no_supervisor_and_a_name_smuggled_in_counts_for_nothing(plan: Desk) -> None:
    plan.writes("advocate")
    plan.takes("advocate", Action.SUBMIT, supervisor_id=plan.cast.elsewhere.person_id)
    plan.approves("csw")
    assert ("scsw", "document_to_review") in plan.new_emails()
    with pytest.raises(NotPermitted, match="no such record"):
        plan.opens("elsewhere")


def test_probation_officer_and_supervising_officer_decide_for_a_probation_youth(probation: Desk) -> None:
    probation.brings_to_advocate("dpo", "sdpo")
    plan = probation.plan(1)
    probation.new_emails()
    plan.brings_to_case_worker()
    for who in ("csw", "scsw"):
        with pytest.raises(NotPermitted, match="no such record"):
            plan.approves(who)
    plan.approves("dpo")
    plan.approves("sdpo")
    assert plan.status == "Approved"
    assert plan.new_emails() == [
        ("advocate", "document_approved"),
        ("dpo", "document_approved"),
        ("dpo", "document_to_review"),
        ("sdpo", "document_to_review"),
    ]
    assert disagreements() == []


def test_of_a_dual_youth_the_other_departments_worker_reads_and_is_told_and_decides_nothing(plan_on_both: Desk) -> None:
    plan = plan_on_both
    with pytest.raises(NotPermitted, match="no such record"):
        plan.opens("dpo")
    plan.extract_says(dual=True, other_worker_id=plan.cast.dpo.person_id)
    plan.brings_to_decision()
    assert plan.opens("dpo").answers["safety_plan"] == PHASE["safety_plan"]
    assert plan.document(Document.REFERRAL).opens("dpo").answers
    assert plan.opens("dpo").steps == ()
    for attempt in (plan.writes, plan.approves, plan.rejects, plan.recalls):
        with pytest.raises(NotPermitted, match=r"any supervisor of the Pasadena office|not possible now"):
            attempt("dpo")
    with pytest.raises(NotPermitted, match="no such record"):
        plan.opens("sdpo")
    assert plan.opens("csw").status == "Pending Approval (supervisor)", "his look stops nobody"
    plan.new_emails()
    plan.approves("scsw")
    assert plan.new_emails() == [
        ("advocate", "document_approved"),
        ("csw", "document_approved"),
        ("dpo", "document_approved"),
    ]
    assert disagreements() == []


def test_the_client_summary_is_written_by_the_advocate_and_read_by_all_as_it_stands(plan: Desk) -> None:
    summary = plan.summary
    summary.writes("advocate")
    for who in ("csw", "scsw", "admin", "coordinator"):
        view = summary.opens(who)
        assert view.answers["therapist"] == "Dr. Lee" and not view.writable, who
        with pytest.raises(NotPermitted):
            summary.writes(who, therapist="Dr. No")
    assert summary.opens("advocate").waiting is None
    for action in (Action.SUBMIT, Action.APPROVE, Action.CLOSE, Action.RECALL):
        with pytest.raises(NotPermitted):
            summary.takes("advocate", action)
    assert disagreements() == []


def test_the_summary_begins_with_what_the_case_worker_wrote(desk: Desk) -> None:
    desk.writes("csw", phn="Nurse Kim", therapist="")
    desk.brings_to_advocate()
    assert desk.summary.opens("advocate").answers == {"phn": "Nurse Kim"}
    desk.assigns("coordinator", "advocate_second")
    assert desk.summary.opens("advocate_second").answers == {"phn": "Nurse Kim"}
    assert desk.plan(1).opens("advocate_second").writable
    assert disagreements() == []
