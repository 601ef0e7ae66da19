"""Run Away Status / Misc Updates, and the twelve-month meter of a record."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from cts.domain.service_time import Extension
from cts.domain.vocabulary import Document, Status
from cts.domain.whereabouts import Update
from cts.services.client_updates import add, read_updates
from cts.services.documents import HIDDEN
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.service_meter import meter_of
from db.models import Assignment, ClientUpdate, ReviewedDocument
from db.session import reading, writing
from tests.cast import NOW, later
from tests.parts.desk import Desk, served

TODAY = date(2026, 11, 2)
AWAY = Update(TODAY, "AWOL/missing", "Left school at noon.", "26-114", "N-77", TODAY)
READERS = ("csw", "scsw", "substitute", "admin", "coordinator", "advocate")
STRANGERS = (
    "colleague",
    "elsewhere",
    "csw_elsewhere",
    "dpo",
    "rival_coordinator",
    "rival_advocate",
    "advocate_second",
    "support",
)


@pytest.fixture
def desk(database: Engine) -> Desk:
    """A youth served by Alan Advocate since this day."""
    return served()


def change_assignment(desk: Desk, **changes: Any) -> None:
    with writing() as session:
        row = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        for column, value in changes.items():
            setattr(row, column, value)


def count() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(ClientUpdate)) or 0


def test_the_advocate_adds_and_all_others_read_only(desk: Desk) -> None:
    add(desk.cast.advocate, desk.number, AWAY, "u1", NOW)
    for who in READERS:
        log = read_updates(desk.cast.people[who], desk.number, NOW)
        assert [(line.update, line.written) for line in log.lines] == [(AWAY, "Alan Advocate, 11/02/2026")]
        assert (log.present, log.still_to_do) == (AWAY, ())
        assert log.may_write == (who == "advocate")
    for who in STRANGERS:
        with pytest.raises(NotPermitted):
            read_updates(desk.cast.people[who], desk.number, NOW)
    for who in {*READERS, *STRANGERS} - {"advocate"}:
        with pytest.raises(NotPermitted):
            add(desk.cast.people[who], desk.number, AWAY, "u2", NOW)
    assert count() == 1


def test_newest_first_and_the_present_status_is_that_of_the_latest_day(desk: Desk) -> None:
    now, advocate = later(days=5), desk.cast.advocate
    back = Update(TODAY + timedelta(days=4), "Returned", interview_done=False)
    add(advocate, desk.number, back, "u1", now)
    add(advocate, desk.number, replace(AWAY, ncmec_number=""), "u2", now)
    add(advocate, desk.number, Update(TODAY + timedelta(days=5), "Misc update", "New telephone."), "u3", now)
    log = read_updates(desk.cast.csw, desk.number, now)
    assert [line.update.status for line in log.lines] == ["Misc update", "Returned", "AWOL/missing"]
    assert (log.present, log.still_to_do) == (back, ("return interview",))


def test_what_a_status_does_not_ask_is_not_kept(desk: Desk) -> None:
    add(desk.cast.advocate, desk.number, replace(AWAY, status="Hospitalized", interview_done=True), "u1", NOW)
    kept = read_updates(desk.cast.csw, desk.number, NOW).lines[0].update
    assert kept == Update(TODAY, "Hospitalized", "Left school at noon.")


def test_a_faulty_update_names_the_field_and_changes_nothing(desk: Desk) -> None:
    for change, field in (
        ({"status": "Somewhere"}, "status"),
        ({"happened_on": TODAY + timedelta(days=1)}, "happened_on"),
        ({"text": "\0"}, "text"),
    ):
        with pytest.raises(Incomplete) as refused:
            add(desk.cast.advocate, desk.number, replace(AWAY, **change), "u1", NOW)  # type: ignore[arg-type]
        assert [f for f, _ in refused.value.problems] == [field]
    assert count() == 0


def test_a_former_advocate_a_missing_number_and_an_ended_service(desk: Desk) -> None:
    for number in (0, 99_999, 2**40, desk.cast.probation_number):
        with pytest.raises(NotPermitted, match="There is no such record"):
            add(desk.cast.advocate, number, AWAY, "u1", NOW)
        with pytest.raises(NotPermitted, match="There is no such record"):
            read_updates(desk.cast.advocate, number, NOW)
    change_assignment(desk, status=Status.TERMINATED, closed_at=NOW)
    with pytest.raises(NotPermitted, match="The service has ended"):
        add(desk.cast.advocate, desk.number, AWAY, "u1", NOW)
    change_assignment(desk, status=Status.APPROVED, closed_at=None)
    desk.assigns("coordinator", "advocate_second")
    with pytest.raises(NotPermitted, match="There is no such record"):
        add(desk.cast.advocate, desk.number, AWAY, "u1", NOW)
    with pytest.raises(NotPermitted, match="There is no such record"):
        read_updates(desk.cast.advocate, desk.number, NOW)


def test_one_press_twice_at_once_is_one_update_and_a_key_of_another_is_refused(desk: Desk) -> None:
    meet = Barrier(2)

    def press(_place: int) -> int:
        meet.wait()
        return add(desk.cast.advocate, desk.number, AWAY, "one press", NOW)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(press, range(2))
    assert first == second
    desk.assigns("coordinator", "advocate_second")
    with pytest.raises(OutOfDate):
        add(desk.cast.advocate_second, desk.number, AWAY, "one press", NOW)
    assert count() == 1


def test_another_agency_reads_whereabouts_only_after_the_alerts_are_acknowledged(desk: Desk) -> None:
    add(desk.cast.advocate, desk.number, AWAY, "u1", NOW)
    change_assignment(desk, alerts_acknowledged_at=None)
    assert read_updates(desk.cast.coordinator, desk.number, NOW).lines[0].update == AWAY
    change_assignment(desk, agency_id=desk.cast.rival_coordinator.agency_id, advocate_id=None)
    log = read_updates(desk.cast.rival_coordinator, desk.number, NOW)
    assert [(line.update, line.hidden) for line in log.lines] == [(Update(TODAY, ""), HIDDEN)]
    assert (log.present, log.still_to_do) == (None, ())
    assert read_updates(desk.cast.csw, desk.number, NOW).lines[0].update == AWAY
    change_assignment(desk, alerts_acknowledged_at=NOW)
    assert read_updates(desk.cast.rival_coordinator, desk.number, NOW).present == AWAY


def add_document(desk: Desk, kind: Document, status: Status, sequence: int = 1, **answers: Any) -> None:
    with writing() as session:
        assignment = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        session.add(
            ReviewedDocument(assignment_id=assignment.id, kind=kind, sequence=sequence, status=status, answers=answers)
        )


def test_the_meter_reads_the_service_its_requests_and_its_report(desk: Desk) -> None:
    meter = meter_of(desk.cast.csw, desk.number, later(days=40))
    assert meter is not None
    assert (meter.start_on, meter.end_on, meter.months_used) == (TODAY, date(2027, 11, 2), 1)
    add_document(desk, Document.EXTENSION, Status.APPROVED, 1, from_on="2027-11-03", to_on="2028-02-02")
    add_document(desk, Document.EXTENSION, Status.WITHDRAWN, 2, from_on="2027-11-03", to_on="2028-03-02")
    add_document(desk, Document.EXTENSION, Status.PENDING_PRE_APPROVAL, 3)
    add_document(desk, Document.TERMINATION, Status.REJECTED)
    change_assignment(desk, service_end_on=date(2028, 2, 2))
    meter = meter_of(desk.cast.advocate, desk.number, later(days=400))
    assert meter is not None
    assert meter.extensions == (Extension(date(2027, 11, 3), date(2028, 2, 2)),)
    assert meter.in_hand == ("Extension Request 3 (Pending Pre-Approval)", "Termination Report (Rejected)")
    assert meter.months_allowed == 15


def test_an_ended_service_shows_the_time_served(desk: Desk) -> None:
    change_assignment(desk, status=Status.TERMINATED, closed_at=later(days=100))
    meter = meter_of(desk.cast.csw, desk.number, later(days=300))
    assert meter is not None
    assert meter.served_to == TODAY + timedelta(days=100)
    add_document(desk, Document.TERMINATION, Status.APPROVED, terminated_on="2027-01-15")
    meter = meter_of(desk.cast.csw, desk.number, later(days=300))
    assert meter is not None
    assert (meter.served_to, meter.months_used, meter.attention) == (date(2027, 1, 15), 2, "")


def test_the_meter_is_for_those_who_may_open_the_record(desk: Desk) -> None:
    for who in STRANGERS:
        with pytest.raises(NotPermitted, match="There is no such record"):
            meter_of(desk.cast.people[who], desk.number, NOW)
    with pytest.raises(NotPermitted):
        meter_of(desk.cast.csw, 99_999, NOW)
    change_assignment(desk, service_start_on=None)
    assert meter_of(desk.cast.csw, desk.number, NOW) is None
