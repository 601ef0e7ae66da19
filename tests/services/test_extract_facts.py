"""What later extracts do to the facts of a youth and an assignment, one rule a test."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from cts.domain.vocabulary import Document, Party, Role, Status
from cts.services.actor import SYSTEM
from cts.services.extract import load_extract
from db.models import Person, YouthNamePart
from db.session import reading, writing
from tests.parts.extracts import (
    NEXT,
    NOW,
    OTHER_CLIENT,
    OTHER_REFERRAL,
    actions,
    assignments,
    grid,
    load,
    only,
    open_stays,
    referral_document,
    row,
    write,
    youth,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


def test_a_new_assignment_waits_with_the_worker_named() -> None:
    load(row())
    assignment = only()
    assert (assignment.number, assignment.status, assignment.office_code) == (10_001, "New", "1912A")
    assert open_stays() == [(Status.NEW, Party.CASE_WORKER, assignment.worker_id)]
    document = referral_document()
    assert (document.kind, document.status, document.answers, document.version) == (Document.REFERRAL, "New", {}, 1)
    with reading() as session:
        worker, supervisor = (session.get_one(Person, i) for i in (assignment.worker_id, assignment.supervisor_id))
        assert (worker.staff_id, worker.name, worker.role, worker.email) == (
            "WW1",
            "Ellis, Brandon",
            Role.CSW,
            "brandon.ellis.ww1@dcfs.example",
        )
        assert (supervisor.staff_id, supervisor.role, supervisor.office_code) == ("WwR", Role.SCSW, "1912A")
        parts = {(p.kind, p.part) for p in session.scalars(select(YouthNamePart))}
        assert parts == {("last", "price"), ("first", "esperanza")}


def test_staff_of_probation() -> None:
    load(row(lead_agency="PROB", office_code="PCTU1"))
    with reading() as session:
        assert {p.role for p in session.scalars(select(Person))} == {Role.DPO, Role.SDPO}
    assert only().lead_agency == "Probation"


def test_staff_are_updated_but_never_made_less() -> None:
    load(row(supervisor_id="bmj"), row(client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL, worker_id="bmj"))
    load(
        row(**NEXT, worker_id="bmj", worker_name="Howard-Ellis, Rafael", worker_email="", supervisor_id=""),
        row(
            **NEXT,
            client_id=OTHER_CLIENT,
            referral_id=OTHER_REFERRAL,
            worker_id="bmj",
            worker_name="Howard-Ellis, Rafael",
        ),
    )
    with reading() as session:
        person = session.scalars(select(Person).where(Person.staff_id == "bmj")).one()
    assert (person.name, person.role) == ("Howard-Ellis, Rafael", Role.SCSW)
    assert person.email


def test_somebody_of_another_role_keeps_it() -> None:
    with writing() as session:
        session.add(Person(staff_id="WW1", name="Ellis, B", role=Role.ADMINISTRATION, email="b@cts.example"))
    load(row())
    with reading() as session:
        person = session.scalars(select(Person).where(Person.staff_id == "WW1")).one()
    assert (person.role, person.name) == (Role.ADMINISTRATION, "Ellis, Brandon")


def test_names_absence_sensitivity_and_grid_are_updated() -> None:
    load(row(), row(csec_type_code="6867", csec_start_date="2025-11-01"))
    report = load(
        row(**NEXT, last_name="Núñez", awol_code="P", sensitivity="S", csec_end_date="2026-11-01"),
        row(**NEXT, last_name="Núñez", awol_code="P", sensitivity="S", csec_start_date="2026-01-01"),
    )
    assert report.counts.changed == 1
    [one] = youth()
    assert (one.last_name, one.sensitivity) == ("Núñez", "S")
    assert only().awol_code == "P"
    assert grid() == ["6872 2025-10-24 2026-11-01", "6872 2026-01-01"]
    assert actions() == ["name corrected", "youth updated", "absence changed", "updated"]
    with reading() as session:
        assert "nunez" in session.scalars(select(YouthNamePart.part)).all()


def test_of_two_names_for_one_youth_the_latest_referral_tells() -> None:
    older = row(referral_id=OTHER_REFERRAL, referral_date="2024-01-01", last_name="Former", sensitivity="R")
    load(older, row())
    assert [(y.last_name, y.sensitivity) for y in youth()] == [("Price", "R")]
    load(older, row())
    assert actions() == []


def test_who_is_no_longer_there_is_kept_marked_and_unmarked_when_back() -> None:
    other = row(client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL)
    load(row(), other)
    report = load(row(**NEXT))
    assert report.counts.gone == 1
    assert [str(a.missing_since) for a in assignments()] == ["None", "2026-11-03"]
    assert assignments()[1].status == Status.NEW
    assert load(row(extract_date="2026-11-04")).counts.gone == 0
    load(row(extract_date="2026-11-05"), other | {"extract_date": "2026-11-05"})
    assert [a.missing_since for a in assignments()] == [None, None]
    assert actions() == ["no longer in the extract", "in the extract again"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_date": "02/30/2011"},
        {"client_id": ""},
        {"client_id": "12"},
        {"referral_id": "12", "case_id": ""},
        {"referral_id": "12"},
    ],
)
def test_who_is_there_but_refused_is_not_marked_as_gone(wrong: dict[str, str]) -> None:
    load(row(), row(client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL))
    report = load(row(**(NEXT | wrong)), row(**NEXT, client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL))
    assert (report.counts.refused, report.counts.gone) == (1, 0)
    assert actions() == []


def test_a_refused_row_of_the_grid_does_not_take_the_known_one_away() -> None:
    second = {"csec_type_code": "6867", "csec_start_date": "2025-12-01"}
    load(row(), row(**second))
    load(row(**NEXT), row(**NEXT, **second, csec_end_date="bad"))
    assert grid() == ["6867 2025-12-01", "6872 2025-10-24"]
    load(row(extract_date="2026-11-04"))
    assert grid() == ["6872 2025-10-24"]


def test_contradicting_lines_leave_what_was_known() -> None:
    load(row())
    report = load(row(**NEXT, first_name="A"), row(**NEXT, first_name="B"), row(**NEXT, first_name="A"))
    assert [(r.line_number, r.column, r.value) for r in report.refusals] == [
        (2, "first_name", "A"),
        (3, "first_name", "B"),
        (4, "first_name", "A"),
    ]
    assert "Lines 2, 3 and 4 are about the same youth" in report.refusals[0].problem
    assert (actions(), youth()[0].first_name) == ([], "Esperanza")


def test_a_column_that_the_file_lacks_changes_nothing() -> None:
    load(row(awol_code="A", sensitivity="S", suffix="Jr"))
    fewer = row(**NEXT)
    for name in ("awol_code", "sensitivity", "suffix", "supervisor_id", "case_id", "unit"):
        del fewer[name]
    load(fewer)
    assignment, [one] = only(), youth()
    assert (assignment.awol_code, one.sensitivity, one.suffix, assignment.unit) == ("A", "S", "Jr", "1912A-02")
    assert assignment.supervisor_id is not None
    assert assignment.case_id is not None
    assert actions() == []


def test_a_blank_sensitivity_does_not_unseal() -> None:
    load(row(sensitivity="R"))
    load(row(**NEXT, sensitivity=""))
    assert youth()[0].sensitivity == "R"
    load(row(extract_date="2026-11-04", sensitivity="N"))
    assert youth()[0].sensitivity == "N"


def test_repeats_count_once_and_the_later_end_of_a_grid_row_is_the_one() -> None:
    report = load(row(), row(), row(csec_end_date="2026-01-01"))
    assert grid() == ["6872 2025-10-24 2026-01-01"]
    assert report.counts.repeats == 1
    assert report.counts.new == 1


def test_facts_are_as_of_the_extract_that_confirmed_them() -> None:
    load(row())
    load(row(**NEXT))
    assert str(only().extract_on) == "2026-11-03"
    assert actions() == []


def test_lines_of_another_day_are_refused() -> None:
    other = row(client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL, extract_date="2026-10-30")
    third = row(client_id="2867-6548-0162-3130585", referral_id="3292-3999-2602-1113203")
    report = load(row(), other, third)
    assert [(r.line_number, r.column, r.value) for r in report.refusals] == [(3, "extract_date", "2026-10-30")]
    assert len(assignments()) == 2


def test_letters_that_unfold_into_many_do_not_stop_the_load(database: Engine, tmp_path: Path) -> None:
    load_extract(SYSTEM, write(tmp_path / "x.csv", row(last_name="\ufdfa" * 25)), NOW)
    assert youth()[0].last_name == "\ufdfa" * 25
