"""What later extracts do to the flag, the case and the caseload of an assignment, one rule a test."""

import pytest
from sqlalchemy import select

from cts.domain.extract_changes import ExtractAction
from cts.domain.vocabulary import Party, Status
from db.models import Stay
from db.session import reading
from tests.parts.extracts import (
    CASE,
    ELSEWHERE,
    NEXT,
    NO_CASE,
    NOW,
    OTHER_CLIENT,
    OTHER_REFERRAL,
    REFERRAL,
    UNFOUNDED,
    actions,
    assignments,
    bring_to,
    e_mails,
    history,
    load,
    only,
    open_stays,
    referral_document,
    row,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.mark.parametrize(
    "status", [Status.NEW, Status.REJECTED, Status.PENDING_SUPERVISOR, Status.PENDING_ADMINISTRATION]
)
def test_not_a_victim_closes_what_has_not_reached_an_agency(status: Status) -> None:
    load(row())
    bring_to(status)
    report = load(row(**NEXT, **UNFOUNDED))
    assignment, document = only(), referral_document()
    assert assignment.status == document.status == Status.FLAG_ENDED
    assert str(assignment.flag_ended_on) == "2026-11-02"
    assert assignment.closed_at == NOW
    assert document.version == 2
    assert open_stays() == []
    [entry] = history(ExtractAction.ADDED)
    assert (entry.action, entry.status_before, entry.status_after) == ("flag ended", status, Status.FLAG_ENDED)
    assert e_mails("assignment_closed") == {"brandon.ellis.ww1@dcfs.example", "victor.daniels.wwr@dcfs.example"}
    assert (report.counts.closed, report.counts.attention) == (1, 0)


def test_not_a_victim_in_service_stays_open_and_is_marked() -> None:
    load(row())
    bring_to(Status.APPROVED)
    report = load(row(**NEXT, **UNFOUNDED))
    assert only().status == Status.APPROVED
    assert str(only().flag_ended_on) == "2026-11-02"
    assert actions() == ["flag ended"]
    assert len(open_stays()) == 1
    assert e_mails("assignment_closed") == set()
    assert (report.counts.closed, report.counts.attention) == (0, 1)


def test_an_ended_flag_with_another_finding_closes_nothing() -> None:
    load(row(**NO_CASE))
    load(row(**NEXT, **NO_CASE, disposition="Inconclusive", project_end_date="2026-11-02"))
    assert only().status == Status.NEW
    assert actions() == ["updated"]


def test_a_flag_entered_again_opens_what_its_end_had_closed() -> None:
    load(row())
    load(row(**NEXT, **UNFOUNDED))
    load(row(extract_date="2026-11-04"))
    assignment = only()
    assert (assignment.status, assignment.flag_ended_on, assignment.closed_at) == (Status.NEW, None, None)
    assert referral_document().status == Status.NEW
    assert open_stays() == [(Status.NEW, Party.CASE_WORKER, assignment.worker_id)]
    assert actions() == ["flag ended", "flag entered again"]


def test_a_referral_promoted_to_a_case_is_the_same_assignment() -> None:
    load(row(**NO_CASE))
    load(row(**NEXT, project_end_date="2026-11-03"))
    assert only().case_id == CASE.replace("-", "")
    assert only().case_flag_missing
    load(row(extract_date="2026-11-04", project_end_date=""))
    assert not only().case_flag_missing
    assert actions() == ["case flag missing", "case flag entered"]


def test_a_case_that_the_extract_names_alone_is_that_of_its_referral() -> None:
    load(row())
    load(row(**NEXT, referral_id="", referral_date="", referral_name="", response_type=""))
    assignment = only()
    assert assignment.referral_id == REFERRAL.replace("-", "")
    assert assignment.referral_name == "Price 3 DAY"
    assert actions() == []


def test_a_case_alone_whose_referral_is_told_later() -> None:
    load(row(referral_id=""))
    load(row(**NEXT))
    assert only().referral_id == REFERRAL.replace("-", "")
    assert actions() == ["updated"]


def test_two_referrals_of_one_case_are_two_assignments() -> None:
    load(row(referral_id=""))
    load(row(**NEXT), row(**NEXT, referral_id=OTHER_REFERRAL))
    assert [a.referral_id for a in assignments()] == [k.replace("-", "") for k in (REFERRAL, OTHER_REFERRAL)]


def test_a_line_with_the_case_alone_belongs_to_the_referral_beside_it() -> None:
    report = load(row(), row(referral_id="", csec_start_date="2025-12-01"), row(client_id=OTHER_CLIENT))
    assert {r.line_number for r in report.refusals} == {2, 3}
    assert [r.column for r in report.refusals] == ["referral_id", "referral_id"]
    assert len(assignments()) == 1


def test_a_move_takes_the_open_work_along() -> None:
    load(row())
    bring_to(Status.PENDING_SUPERVISOR, named_supervisor=True)
    former = only().worker_id, only().supervisor_id
    load(row(**NEXT, **ELSEWHERE))
    assignment, document = only(), referral_document()
    assert (assignment.office_code, assignment.unit) == ("1901A", "1901A-01")
    assert document.named_supervisor_id is None
    assert document.version == 2
    assert open_stays() == [(Status.PENDING_SUPERVISOR, Party.SUPERVISOR, assignment.supervisor_id)]
    [entry] = history(ExtractAction.ADDED)
    assert entry.action == "moved"
    assert entry.details["values"]["worker_id"] == [str(former[0]), str(assignment.worker_id)]
    assert "from Brandon Ellis (supervisor Victor Daniels), Pasadena" in entry.details["sentence"]
    assert "to Brandon Tan (supervisor Esperanza Juarez), South County" in entry.details["sentence"]
    assert e_mails("assignment_moved") == {"brandon.tan.bv0@dcfs.example", "esperanza.juarez.rfx@dcfs.example"}
    assert e_mails("assignment_left") == {"brandon.ellis.ww1@dcfs.example", "victor.daniels.wwr@dcfs.example"}


def test_a_move_ends_one_stay_and_begins_the_next() -> None:
    load(row())
    load(row(**NEXT, **ELSEWHERE))
    with reading() as session:
        stays = session.scalars(select(Stay).order_by(Stay.id)).all()
    assert [(s.office_code, s.left_at is None) for s in stays] == [("1912A", False), ("1901A", True)]


def test_a_closed_assignment_moves_without_a_word() -> None:
    load(row(**UNFOUNDED))
    load(row(**NEXT, **UNFOUNDED, **ELSEWHERE))
    assert only().office_code == "1901A"
    assert (open_stays(), e_mails("assignment_moved"), e_mails("assignment_left")) == ([], set(), set())


def test_lines_that_disagree_on_the_case_only_still_reach_the_list_of_cases_without_a_flag() -> None:
    load(row(**NO_CASE))
    twice = [
        row(**NEXT, project_end_date="2026-11-03"),
        row(**NEXT, project_end_date="2026-11-03", case_id=OTHER_REFERRAL),
    ]
    report = load(*twice)
    assert (report.counts.refused, report.counts.changed) == (2, 1)
    assert (only().case_flag_missing, only().case_id) == (True, None)
    assert load(*twice).counts.changed == 0
    assert actions() == ["case flag missing"]


@pytest.mark.parametrize("change", [{"awol_code": "A"}, {"last_name": "Martin-Reyes"}], ids=["episode", "youth"])
@pytest.mark.parametrize(
    ("status", "version"), [(Status.NEW, 2), (Status.REJECTED, 2), (Status.PENDING_SUPERVISOR, 1), (Status.APPROVED, 1)]
)
def test_a_fact_that_changes_makes_the_screen_of_its_author_stale(
    change: dict[str, str], status: Status, version: int
) -> None:
    """The author signs what he or she has seen; what was submitted keeps the facts it was submitted with."""
    load(row())
    bring_to(status)
    load(row(**NEXT, **change))
    assert referral_document().version == version
