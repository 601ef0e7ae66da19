"""The guide's story of a Termination Report: what it demands, what it closes, what stays, and a youth referred again (mission §4.3)."""

import pytest
from sqlalchemy import select

from cts.domain.filters import ANY_STATUS
from cts.domain.vocabulary import Document, Status
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate, Refusal
from cts.services.waiting import waiting_on_me
from db.models import Assignment
from db.session import reading
from tests.cast import Cast, add_assignment
from tests.parts.agreement import disagreements
from tests.parts.answers import PHASE, REPORT
from tests.parts.desk import Desk
from tests.parts.listed import listed


def with_a_phase_approved(desk: Desk) -> None:
    desk.brings_to_advocate()
    desk.plan(1).brings_to_approval()
    desk.new_emails()


@pytest.fixture
def served(desk: Desk) -> Desk:
    """A youth with an Advocate and a plan of which the first phase is approved."""
    desk.begins(with_a_phase_approved)
    return desk


@pytest.fixture
def served_on_both(both: Desk) -> Desk:
    """As `served`, on SQLite and on PostgreSQL."""
    both.begins(with_a_phase_approved)
    return both


def test_a_youth_who_ran_away_demands_the_narrative(served: Desk) -> None:
    report = served.starts("advocate", Document.TERMINATION)
    report.writes("advocate", **REPORT | {"reason": "awol"})
    with pytest.raises(Incomplete) as refusal:
        report.submits("advocate")
    assert [field for field, _ in refusal.value.problems] == ["efforts"]
    report.writes("advocate", efforts="Called every day; went to the shelter twice.")
    report.submits("advocate")
    assert report.status == "Pending Approval (case worker)"


def test_the_goals_come_from_the_plan(served: Desk) -> None:
    report = served.starts("advocate", Document.TERMINATION)
    goals = report.opens("advocate").answers["goals"]
    assert [(g["id"], g["goal"]) for g in goals] == [("a1", "Finish high school"), ("a2", "Live with her aunt")]
    report.writes("advocate", terminated_on="2026-11-02", reason="graduated", resources=REPORT["resources"])
    with pytest.raises(Incomplete) as refusal:
        report.submits("advocate")
    assert refusal.value.problems[0][1] == "Goal 1, Goal Achieved: please answer."


def test_approved_it_closes_the_assignment_and_what_nobody_decided_ends_with_it(served_on_both: Desk) -> None:
    desk = served_on_both
    draft, waiting, bought = (desk.starts("advocate", Document.FUNDS) for _ in range(3))
    longer = desk.starts("advocate", Document.EXTENSION)
    draft.writes("advocate")
    waiting.brings_to_decision()
    bought.brings_to_approval()
    longer.brings_to_case_worker()
    desk.new_emails()

    report = desk.starts("advocate", Document.TERMINATION)
    report.brings_to_case_worker()
    assert desk.new_emails() == [("csw", "document_to_review")]
    report.approves("csw")
    assert desk.new_emails() == [("scsw", "document_to_review")]
    assert desk.status == "Approved", "an approval on the way closes nothing"
    report.approves("scsw")
    assert desk.new_emails() == [("advocate", "document_approved"), ("csw", "document_approved")]

    assert desk.status == "Terminated" and report.status == "Approved"
    assert [d.status for d in (draft, waiting, bought, longer)] == ["Withdrawn", "Withdrawn", "Approved", "Withdrawn"]
    assert (desk.plan(1).status, desk.plan(2).status, desk.summary.status) == ("Approved", "Withdrawn", "Terminated")
    assert longer.opens("csw").history[-1].sentence == "The Extension Request 1 ended with the service."
    for who in ("csw", "scsw", "coordinator"):
        assert desk.number not in {r.number for r in waiting_on_me(desk.cast.people[who], desk.now)}, who
    assert [r.document for r in waiting_on_me(desk.cast.advocate, desk.now)] == [Document.FUNDS]

    bought.spends()  # what was approved is still reimbursed
    bought.submits("advocate")
    bought.reimburses("admin")
    assert bought.status == "Reimbursed" and desk.status == "Terminated"
    assert disagreements() == []


def test_the_agency_still_reads_and_nothing_is_written_or_begun(served: Desk) -> None:
    served.summary.writes("advocate")
    report = served.brings_to_end_of_service()
    for who in ("advocate", "coordinator", "csw", "scsw", "admin"):
        for document in (served, served.plan(1), served.plan(2), served.summary, report):
            view = document.opens(who)
            assert not view.writable and view.waiting is None, (who, document.kind)
            allowed = {"reopen"} if (who, document.kind) == ("csw", Document.REFERRAL) else set()
            assert {s.action for s in view.steps} == allowed
        assert served.summary.opens(who).answers["therapist"] == "Dr. Lee"
        assert served.plan(1).opens(who).answers["strengths"] == PHASE["strengths"]
    for document in (served.plan(1), served.plan(2), served.summary, report):
        with pytest.raises(OutOfDate, match="This change was not saved"):
            document.writes("advocate")
    for kind in (Document.FUNDS, Document.EXTENSION, Document.TERMINATION):
        with pytest.raises(Incomplete, match="The service has ended"):
            served.starts("advocate", kind)
    with pytest.raises(NotPermitted, match="Nothing more is decided on it"):
        served.acknowledges("coordinator")
    with pytest.raises(Incomplete, match="nothing is left for an Advocate to do"):
        served.assigns("coordinator", "advocate_second")
    with pytest.raises(NotPermitted, match="Nothing more is decided on it"):
        served.closes("admin")
    assert disagreements() == []


def test_referred_again_it_is_a_new_assignment_with_a_number_of_its_own(served_on_both: Desk) -> None:
    desk = served_on_both
    with pytest.raises(NotPermitted, match="Refer again is not possible now"):
        desk.refers_again("csw")
    desk.brings_to_end_of_service()
    assert desk.document(Document.TERMINATION).opens("csw").steps == ()
    for who in ("scsw", "admin", "coordinator", "advocate"):
        with pytest.raises(NotPermitted, match=r"Refer again: the case worker can do this \(Wanda Worker\)"):
            desk.refers_again(who)
    desk.new_emails()
    said = desk.refers_again("csw")
    again = Desk(desk.cast, newest(desk))
    assert again.number != desk.number
    assert said.sentence == f"The youth is referred again: assignment {again.number}."
    assert (desk.status, again.status) == ("Terminated", "New") and desk.new_emails() == []

    assert again.opens("csw").answers == {"new_or_returning": "returning"}
    assert again.opens("csw").facts.values["youth_name"] == desk.opens("csw").facts.values["youth_name"]
    assert again.opens("csw").history[0].sentence.endswith(f"after assignment {desk.number}.")
    assert again.number in {r.number for r in waiting_on_me(desk.cast.csw, desk.now)}
    for who in ("coordinator", "advocate"):
        assert desk.opens(who).answers, "the former agency keeps to its own term"
        with pytest.raises(NotPermitted, match="no such record"):
            again.opens(who)
    with pytest.raises(Incomplete, match=f"This youth was referred again: assignment {again.number}"):
        desk.refers_again("csw")

    again.brings_to_administration()
    again.approves("admin", "New Dawn, Inc.")
    again.acknowledges("rival_coordinator")
    again.assigns("rival_coordinator", "rival_advocate")
    assert again.plan(1).opens("rival_advocate").writable
    with pytest.raises(NotPermitted, match="no such record"):
        desk.opens("rival_advocate")
    numbers = {r.number for r in listed(desk.cast.csw, status=ANY_STATUS).rows}
    assert {desk.number, again.number} <= numbers
    assert disagreements() == []


def test_a_second_time_and_a_third(desk: Desk) -> None:
    desk.brings_to_advocate()
    numbers = [desk.number]
    for _ in range(2):
        now = Desk(desk.cast, numbers[-1], _clock=desk._clock)
        if now.number != desk.number:
            now.brings_to_advocate()
        now.brings_to_end_of_service()
        now.refers_again("csw")
        numbers.append(newest(desk))
    assert len(set(numbers)) == 3
    with pytest.raises(Incomplete, match=f"referred again: assignment {numbers[-1]}"):
        desk.refers_again("csw")
    assert disagreements() == []


def test_what_was_withdrawn_before_it_was_sent_is_referred_again_too(desk: Desk) -> None:
    desk.closes("admin")
    desk.refers_again("csw")
    again = Desk(desk.cast, newest(desk))
    again.brings_to_supervisor()
    assert again.status == "Pending Supervisor Approval"
    assert disagreements() == []


def test_rejected_and_recalled_it_closes_nothing(served: Desk) -> None:
    report = served.starts("advocate", Document.TERMINATION)
    report.brings_to_case_worker()
    report.recalls("advocate")
    report.submits("advocate")
    report.approves("csw")
    report.rejects("scsw", "resources", "Please add the clinic.")
    assert served.status == "Approved"
    served.plan(2).writes("advocate")
    report.submits("advocate")
    report.approves("csw")
    report.approves("scsw")
    assert served.status == "Terminated"
    assert disagreements() == []


def test_a_youth_for_whom_no_plan_was_written_yet_can_be_terminated(desk: Desk) -> None:
    desk.brings_to_advocate()
    report = desk.starts("advocate", Document.TERMINATION)
    assert report.opens("advocate").answers == {"goals": []}
    report.writes("advocate", terminated_on="2026-11-02", reason="deceased")
    report.submits("advocate")
    report.approves("csw")
    report.approves("scsw")
    assert desk.plan(1).status == "Withdrawn" and desk.status == "Terminated"
    assert disagreements() == []


def test_the_report_of_a_probation_youth(probation: Desk) -> None:
    probation.brings_to_advocate("dpo", "sdpo")
    probation.brings_to_end_of_service("dpo", "sdpo")
    assert probation.status == "Terminated"
    probation.refers_again("dpo")
    assert disagreements() == []


def test_one_youths_end_touches_no_other_youth(served: Desk) -> None:
    cast: Cast = served.cast
    other = Desk(cast, add_assignment(cast))
    other.brings_to_advocate()
    other.plan(1).brings_to_case_worker()
    served.brings_to_end_of_service()
    assert (other.status, other.plan(1).status) == (Status.APPROVED, Status.PENDING_BY_WORKER)
    with pytest.raises(Refusal):
        other.refers_again("csw")
    assert disagreements() == []


def newest(desk: Desk) -> int:
    """The number of the newest term of this youth."""
    with reading() as session:
        youth = select(Assignment.youth_id).where(Assignment.number == desk.number).scalar_subquery()
        mine = select(Assignment.number).where(Assignment.youth_id == youth).order_by(Assignment.term.desc())
        return session.scalars(mine).first() or 0
