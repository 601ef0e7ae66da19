"""The guide's story of an Extension Request: service beyond its twelve months (mission §4.5)."""

from datetime import date

import pytest
from sqlalchemy import select

from cts.domain.vocabulary import Document
from cts.services.refusals import Incomplete, NotPermitted
from db.models import Assignment
from db.session import reading
from tests.parts.agreement import disagreements
from tests.parts.answers import PHASE
from tests.parts.desk import Desk, serve


@pytest.fixture
def request_on_both(both: Desk) -> Desk:
    """An Extension Request just begun, on SQLite and on PostgreSQL."""
    both.begins(serve)
    return both.starts("advocate", Document.EXTENSION)


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """An Extension Request just begun, on SQLite."""
    desk.begins(serve)
    return desk.starts("advocate", Document.EXTENSION)


def service(desk: Desk) -> tuple[date | None, date | None]:
    with reading() as session:
        found = select(Assignment.service_start_on, Assignment.service_end_on).where(Assignment.number == desk.number)
        start, end = session.execute(found).one()
        return start, end


def test_approved_it_moves_the_end_of_the_service(request_on_both: Desk) -> None:
    request = request_on_both
    assert service(request) == (date(2026, 11, 2), date(2027, 11, 2))
    assert request.opens("advocate").answers["from_on"] == "2027-11-03", "the day after the service ends"
    request.brings_to_case_worker()
    assert request.new_emails() == [("csw", "document_to_review")]
    request.approves("csw")
    assert request.new_emails() == [("admin", "document_to_decide"), ("admin_second", "document_to_decide")]
    assert service(request)[1] == date(2027, 11, 2), "an approval on the way moves nothing"
    request.approves("admin")
    assert service(request) == (date(2026, 11, 2), date(2028, 2, 2))
    assert request.new_emails() == [("advocate", "document_approved"), ("csw", "document_approved")]
    for attempt in (request.submits, request.recalls, request.withdraws):
        with pytest.raises(NotPermitted, match="Nothing more is decided on it"):
            attempt("advocate")

    again = request.starts("advocate", Document.EXTENSION)
    assert again.sequence == 2 and again.opens("advocate").answers["from_on"] == "2028-02-03"
    again.writes(
        "advocate",
        to_on="2028-08-03",
        reason="The clinic goes on.",
        youth_agrees=True,
        goals_left=PHASE["long_term_goals"],
    )
    again.submits("advocate")
    again.approves("csw")
    again.approves("admin")
    assert service(request)[1] == date(2028, 8, 3)
    assert disagreements() == []


def test_it_asks_for_six_months_at_most_and_leaves_no_gap(asked: Desk) -> None:
    asked.writes("advocate")
    for dates, said in (
        ({"to_on": "2028-05-04"}, "at most 6 months"),
        ({"to_on": "2027-11-02"}, "must be after From"),
        ({"from_on": "2027-11-04", "to_on": "2028-02-02"}, "must not leave a gap"),
        ({"from_on": "2099-10-01", "to_on": "2099-12-31"}, "must not leave a gap"),
        ({"from_on": "2027-10-01", "to_on": "2027-11-01"}, "after the day the service ends now"),
    ):
        asked.writes("advocate", **dates)
        with pytest.raises(Incomplete) as refusal:
            asked.submits("advocate")
        assert said in refusal.value.problems[0][1]
    asked.writes("advocate", from_on="2027-11-03", to_on="2028-05-03")
    asked.submits("advocate")
    assert disagreements() == []


@pytest.mark.parametrize("kind", [Document.EXTENSION, Document.TERMINATION])
def test_one_at_a_time(desk: Desk, kind: Document) -> None:
    desk.brings_to_advocate()
    first = desk.starts("advocate", kind)
    with pytest.raises(Incomplete, match=f"One {kind} is under way already"):
        desk.starts("advocate", kind)
    first.brings_to_decision()
    with pytest.raises(Incomplete, match="under way already"):
        desk.starts("advocate", kind)
    first.rejects("admin" if kind is Document.EXTENSION else "scsw")
    first.withdraws()
    assert desk.starts("advocate", kind).sequence == 2
    assert disagreements() == []


def test_the_goals_left_are_those_of_the_newest_phase(desk: Desk) -> None:
    desk.brings_to_advocate()
    desk.plan(1).brings_to_approval()
    desk.plan(2).writes("advocate", long_term_goals=[{"id": "z1", "goal": "Finish the tenth grade"}])
    asked = desk.starts("advocate", Document.EXTENSION)
    assert [row["goal"] for row in asked.opens("advocate").answers["goals_left"]] == ["Finish the tenth grade"]


def test_rejected_by_administration_it_passes_the_case_worker_again(asked: Desk) -> None:
    asked.brings_to_decision()
    asked.rejects("admin", "not_needed", "The service lasts until November.")
    assert service(asked)[1] == date(2027, 11, 2)
    rejection = asked.opens("advocate").rejection
    assert rejection is not None and rejection.reason == "It is not needed, or not possible now"
    asked.writes("advocate", to_on="2027-12-31")
    asked.submits("advocate")
    assert [(c.label, c.before, c.after) for c in asked.opens("csw").changes] == [("To", "02/02/2028", "12/31/2027")]
    asked.approves("csw")
    asked.approves("admin")
    assert service(asked)[1] == date(2027, 12, 31)
    assert disagreements() == []


def test_the_supervisor_has_no_part_in_it(asked: Desk) -> None:
    asked.brings_to_case_worker()
    for attempt in (asked.approves, asked.rejects):
        with pytest.raises(NotPermitted, match="the case worker can do this"):
            attempt("scsw")
    assert asked.opens("scsw").steps == ()
