"""What later extracts do to an assignment, one rule a test."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from cts.domain.extract_changes import ExtractAction
from cts.domain.vocabulary import Document, Party, Role, Status
from cts.services.actor import SYSTEM
from cts.services.extract import ExtractReport, load_extract
from cts.services.stays import begin_stay
from db.models import Agency, Assignment, EmailOwed, Person, ReviewedDocument, Stay, YouthNamePart
from db.session import reading, writing
from tests.parts.extracts import CASE, CLIENT, NOW, REFERRAL, assignments, grid, history, row, write, youth

OTHER_CLIENT, OTHER_REFERRAL = "2882-2986-8999-2054492", "2901-1717-0883-5083699"
NEXT = {"extract_date": "2026-11-03"}
UNFOUNDED = {"disposition": "Unfounded", "project_end_date": "2026-11-02"}
NO_CASE = {"case_id": "", "case_name": "", "case_start_date": ""}
ELSEWHERE = {
    "worker_id": "BV0",
    "worker_name": "Tan, Brandon",
    "worker_email": "brandon.tan.bv0@dcfs.example",
    "supervisor_id": "RFx",
    "supervisor_name": "Juarez, Esperanza",
    "supervisor_email": "esperanza.juarez.rfx@dcfs.example",
    "unit": "1901A-01",
    "office_code": "1901A",
    "office_name": "South County",
}


@pytest.fixture
def load(sqlite_database: Engine, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Load an extract of these rows."""

    def loaded(*rows: dict[str, str], force: bool = False) -> ExtractReport:
        return load_extract(SYSTEM, write(tmp_path / "extract.csv", *rows), NOW, force=force)

    return loaded


def actions() -> list[str]:
    return [entry.action for entry in history(ExtractAction.ADDED)]


def only() -> Assignment:
    [assignment] = assignments()
    return assignment


def referral_document() -> ReviewedDocument:
    with reading() as session:
        return session.scalars(select(ReviewedDocument)).one()


def bring_to(status: Status, named_supervisor: bool = False) -> None:
    """As if people had brought the one Referral to this status."""
    with writing() as session:
        assignment = session.scalars(select(Assignment)).one()
        document = session.scalars(select(ReviewedDocument)).one()
        assignment.status = document.status = status
        if status is Status.APPROVED:
            session.add(agency := Agency(name="Open Door LA", short_name="ODL", contract_start_on=NOW.date()))
            session.flush()
            assignment.agency_id = agency.id
        if named_supervisor:
            substitute = Person(name="S, S", role=Role.SCSW, office_code=assignment.office_code, email="s@cts.example")
            session.add(substitute)
            session.flush()
            document.named_supervisor_id = substitute.id
        session.flush()
        begin_stay(session, document, assignment, NOW)


def open_stays() -> list[tuple[str, str, int | None]]:
    with reading() as session:
        rows = session.scalars(select(Stay).where(Stay.left_at.is_(None)))
        return [(stay.status, stay.party, stay.person_id) for stay in rows]


def e_mails(template: str) -> set[str]:
    with reading() as session:
        return set(session.scalars(select(EmailOwed.to_address).where(EmailOwed.template == template)))


def test_a_new_assignment_waits_with_the_worker_named(load) -> None:  # type: ignore[no-untyped-def]
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


def test_staff_of_probation(load) -> None:  # type: ignore[no-untyped-def]
    load(row(lead_agency="PROB", office_code="PCTU1"))
    with reading() as session:
        assert {p.role for p in session.scalars(select(Person))} == {Role.DPO, Role.SDPO}
    assert only().lead_agency == "Probation"


def test_staff_are_updated_but_never_made_less(load) -> None:  # type: ignore[no-untyped-def]
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


def test_somebody_of_another_role_keeps_it(load) -> None:  # type: ignore[no-untyped-def]
    with writing() as session:
        session.add(Person(staff_id="WW1", name="Ellis, B", role=Role.ADMINISTRATION, email="b@cts.example"))
    load(row())
    with reading() as session:
        person = session.scalars(select(Person).where(Person.staff_id == "WW1")).one()
    assert (person.role, person.name) == (Role.ADMINISTRATION, "Ellis, Brandon")


@pytest.mark.parametrize(
    "status", [Status.NEW, Status.REJECTED, Status.PENDING_SUPERVISOR, Status.PENDING_ADMINISTRATION]
)
def test_not_a_victim_closes_what_has_not_reached_an_agency(load, status: Status) -> None:  # type: ignore[no-untyped-def]
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


def test_not_a_victim_in_service_stays_open_and_is_marked(load) -> None:  # type: ignore[no-untyped-def]
    load(row())
    bring_to(Status.APPROVED)
    report = load(row(**NEXT, **UNFOUNDED))
    assert only().status == Status.APPROVED
    assert str(only().flag_ended_on) == "2026-11-02"
    assert actions() == ["flag ended"]
    assert len(open_stays()) == 1
    assert e_mails("assignment_closed") == set()
    assert (report.counts.closed, report.counts.attention) == (0, 1)


def test_an_ended_flag_with_another_finding_closes_nothing(load) -> None:  # type: ignore[no-untyped-def]
    load(row(**NO_CASE))
    load(row(**NEXT, **NO_CASE, disposition="Inconclusive", project_end_date="2026-11-02"))
    assert only().status == Status.NEW
    assert actions() == ["updated"]


def test_a_flag_entered_again_opens_what_its_end_had_closed(load) -> None:  # type: ignore[no-untyped-def]
    load(row())
    load(row(**NEXT, **UNFOUNDED))
    load(row(extract_date="2026-11-04"))
    assignment = only()
    assert (assignment.status, assignment.flag_ended_on, assignment.closed_at) == (Status.NEW, None, None)
    assert referral_document().status == Status.NEW
    assert open_stays() == [(Status.NEW, Party.CASE_WORKER, assignment.worker_id)]
    assert actions() == ["flag ended", "flag entered again"]


def test_a_referral_promoted_to_a_case_is_the_same_assignment(load) -> None:  # type: ignore[no-untyped-def]
    load(row(**NO_CASE))
    load(row(**NEXT, project_end_date="2026-11-03"))
    assert only().case_id == CASE.replace("-", "")
    assert only().case_flag_missing
    load(row(extract_date="2026-11-04", project_end_date=""))
    assert not only().case_flag_missing
    assert actions() == ["case flag missing", "case flag entered"]


def test_a_case_that_the_extract_names_alone_is_that_of_its_referral(load) -> None:  # type: ignore[no-untyped-def]
    load(row())
    load(row(**NEXT, referral_id="", referral_date="", referral_name="", response_type=""))
    assignment = only()
    assert assignment.referral_id == REFERRAL.replace("-", "")
    assert assignment.referral_name == "Price 3 DAY"
    assert actions() == []


def test_a_case_alone_whose_referral_is_told_later(load) -> None:  # type: ignore[no-untyped-def]
    load(row(referral_id=""))
    load(row(**NEXT))
    assert only().referral_id == REFERRAL.replace("-", "")
    assert actions() == ["updated"]


def test_two_referrals_of_one_case_are_two_assignments(load) -> None:  # type: ignore[no-untyped-def]
    load(row(referral_id=""))
    load(row(**NEXT), row(**NEXT, referral_id=OTHER_REFERRAL))
    assert [a.referral_id for a in assignments()] == [k.replace("-", "") for k in (REFERRAL, OTHER_REFERRAL)]


def test_a_line_with_the_case_alone_belongs_to_the_referral_beside_it(load) -> None:  # type: ignore[no-untyped-def]
    report = load(row(), row(referral_id="", csec_start_date="2025-12-01"), row(client_id=OTHER_CLIENT))
    assert {r.line_number for r in report.refusals} == {2, 3}
    assert [r.column for r in report.refusals] == ["referral_id", "referral_id"]
    assert len(assignments()) == 1


def test_a_move_takes_the_open_work_along(load) -> None:  # type: ignore[no-untyped-def]
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
    assert e_mails("assignment_moved") == {
        "brandon.ellis.ww1@dcfs.example",
        "victor.daniels.wwr@dcfs.example",
        "brandon.tan.bv0@dcfs.example",
        "esperanza.juarez.rfx@dcfs.example",
    }


def test_a_move_ends_one_stay_and_begins_the_next(load) -> None:  # type: ignore[no-untyped-def]
    load(row())
    load(row(**NEXT, **ELSEWHERE))
    with reading() as session:
        stays = session.scalars(select(Stay).order_by(Stay.id)).all()
    assert [(s.office_code, s.left_at is None) for s in stays] == [("1912A", False), ("1901A", True)]


def test_a_closed_assignment_moves_without_a_word(load) -> None:  # type: ignore[no-untyped-def]
    load(row(**UNFOUNDED))
    load(row(**NEXT, **UNFOUNDED, **ELSEWHERE))
    assert only().office_code == "1901A"
    assert (open_stays(), e_mails("assignment_moved")) == ([], set())


def test_names_absence_sensitivity_and_grid_are_updated(load) -> None:  # type: ignore[no-untyped-def]
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


def test_of_two_names_for_one_youth_the_latest_referral_tells(load) -> None:  # type: ignore[no-untyped-def]
    older = row(referral_id=OTHER_REFERRAL, referral_date="2024-01-01", last_name="Former", sensitivity="R")
    load(older, row())
    assert [(y.last_name, y.sensitivity) for y in youth()] == [("Price", "R")]
    load(older, row())
    assert actions() == []


def test_who_is_no_longer_there_is_kept_marked_and_unmarked_when_back(load) -> None:  # type: ignore[no-untyped-def]
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
def test_who_is_there_but_refused_is_not_marked_as_gone(load, wrong: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    load(row(), row(client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL))
    report = load(row(**(NEXT | wrong)), row(**NEXT, client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL))
    assert (report.counts.refused, report.counts.gone) == (1, 0)
    assert actions() == []


def test_a_refused_row_of_the_grid_does_not_take_the_known_one_away(load) -> None:  # type: ignore[no-untyped-def]
    second = {"csec_type_code": "6867", "csec_start_date": "2025-12-01"}
    load(row(), row(**second))
    load(row(**NEXT), row(**NEXT, **second, csec_end_date="bad"))
    assert grid() == ["6867 2025-12-01", "6872 2025-10-24"]
    load(row(extract_date="2026-11-04"))
    assert grid() == ["6872 2025-10-24"]


def test_contradicting_lines_leave_what_was_known(load) -> None:  # type: ignore[no-untyped-def]
    load(row())
    report = load(row(**NEXT, first_name="A"), row(**NEXT, first_name="B"), row(**NEXT, first_name="A"))
    assert [(r.line_number, r.column, r.value) for r in report.refusals] == [
        (2, "first_name", "A"),
        (3, "first_name", "B"),
        (4, "first_name", "A"),
    ]
    assert "Lines 2, 3 and 4 are about the same youth" in report.refusals[0].problem
    assert (actions(), youth()[0].first_name) == ([], "Esperanza")


def test_lines_that_disagree_on_the_case_only_still_reach_the_list_of_cases_without_a_flag(load) -> None:  # type: ignore[no-untyped-def]
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


def test_a_column_that_the_file_lacks_changes_nothing(load) -> None:  # type: ignore[no-untyped-def]
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


def test_a_blank_sensitivity_does_not_unseal(load) -> None:  # type: ignore[no-untyped-def]
    load(row(sensitivity="R"))
    load(row(**NEXT, sensitivity=""))
    assert youth()[0].sensitivity == "R"
    load(row(extract_date="2026-11-04", sensitivity="N"))
    assert youth()[0].sensitivity == "N"


def test_repeats_count_once_and_the_later_end_of_a_grid_row_is_the_one(load) -> None:  # type: ignore[no-untyped-def]
    report = load(row(), row(), row(csec_end_date="2026-01-01"))
    assert grid() == ["6872 2025-10-24 2026-01-01"]
    assert report.counts.repeats == 1
    assert report.counts.new == 1


def test_facts_are_as_of_the_extract_that_confirmed_them(load) -> None:  # type: ignore[no-untyped-def]
    load(row())
    load(row(**NEXT))
    assert str(only().extract_on) == "2026-11-03"
    assert actions() == []


def test_lines_of_another_day_are_refused(load) -> None:  # type: ignore[no-untyped-def]
    other = row(client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL, extract_date="2026-10-30")
    third = row(client_id="2867-6548-0162-3130585", referral_id="3292-3999-2602-1113203")
    report = load(row(), other, third)
    assert [(r.line_number, r.column, r.value) for r in report.refusals] == [(3, "extract_date", "2026-10-30")]
    assert len(assignments()) == 2


def test_letters_that_unfold_into_many_do_not_stop_the_load(database: Engine, tmp_path: Path) -> None:
    load_extract(SYSTEM, write(tmp_path / "x.csv", row(last_name="\ufdfa" * 25)), NOW)
    assert youth()[0].last_name == "\ufdfa" * 25
