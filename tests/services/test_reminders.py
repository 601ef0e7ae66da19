"""The daily reminder: to whom, when, once; on SQLite and on PostgreSQL. Monday, November 2, 2026 is day 0."""

import pytest
from sqlalchemy import Engine, delete

from cts.domain.vocabulary import Document
from cts.services.contract_end import contract_end
from cts.services.places import list_agencies, save_agency
from cts.services.reminders import make_digests
from db.models import Account
from db.session import writing
from tests.cast import PROBATION_OFFICE, Cast, add_assignment, change_person, make_cast
from tests.parts.desk import Desk, serve
from tests.parts.reminded import digests, made, morning, record_of, reminders_owed


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.dcfs_number)


def with_advocate(cast: Cast) -> Desk:
    """A youth with Alan Advocate; his plan can be written."""
    desk = Desk(cast, cast.dcfs_number)
    desk.begins(serve)
    return desk.plan()


def test_five_days_of_a_pending_plan(cast: Cast) -> None:
    plan, number = with_advocate(cast), cast.dcfs_number
    plan.tick(days=2)
    plan.brings_to_case_worker()  # on Wednesday
    assert made(cast, morning(2, hour=23)) == {}, "nothing on the day it came"
    for day in (3, 4, 5, 6, 7, 8, 9):  # Thursday to Wednesday, over a weekend and Veterans Day
        assert made(cast, morning(day)) == {"csw": ([number], [])}, day
    told: dict[str, tuple[list[int], list[int]]] = dict.fromkeys(("scsw", "admin", "admin_second"), ([], [number]))
    fifth_working_day = {"csw": ([number], [])} | told
    assert made(cast, morning(10)) == fifth_working_day
    assert made(cast, morning(11)) == fifth_working_day, "and the next day again while it waits"
    plan.tick(days=10)
    plan.approves("csw")
    assert made(cast, plan.now) == {}, "with the supervisor since today"
    assert made(cast, morning(13)) == {"scsw": ([number], [])}
    plan.tick(days=1)
    plan.approves("scsw")
    for day in (14, 15, 30):
        assert made(cast, morning(day)) == {}, "silence after approval"


def test_a_day_has_one_digest_however_often_it_is_made(cast: Cast) -> None:
    plan = with_advocate(cast)
    plan.brings_to_case_worker()
    assert [make_digests(morning(1, hour, 30)) for hour in (0, 7, 7, 12, 23)] == [1, 0, 0, 0, 0]
    assert make_digests(morning(2, 0, 0)) == 1, "midnight of the office, not of Greenwich"
    assert len(reminders_owed()) == 2


def test_everything_that_waits_for_a_person_stands_in_one_digest_oldest_first(cast: Cast) -> None:
    numbers = [add_assignment(cast) for _ in range(3)]
    for number in reversed(numbers):
        desk = Desk(cast, number)
        desk.tick(days=numbers[::-1].index(number))
        desk.brings_to_supervisor()
    assert made(cast, morning(4)) == {"scsw": (numbers[::-1], [])}
    assert reminders_owed()[0].details["waiting"] == "3 documents wait for you"


@pytest.mark.parametrize(
    ("bring", "holders"),
    [
        ("brings_to_supervisor", {"scsw"}),
        ("brings_to_administration", {"admin", "admin_second"}),
        ("brings_back", {"csw"}),
        ("brings_to_agency", {"coordinator"}),
        ("brings_to_advocate", set()),
    ],
)
def test_a_referral_reminds_its_holder(cast: Cast, desk: Desk, bring: str, holders: set[str]) -> None:
    getattr(desk, bring)()
    assert set(made(cast, morning(1))) == holders


def test_requests_remind_case_worker_administration_and_advocate(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_advocate()
    funds = desk.starts("advocate", Document.FUNDS)
    assert made(cast, morning(1)) == {}, "what is being written reminds nobody"
    funds.brings_to_case_worker()
    assert set(made(cast, morning(2))) == {"csw"}
    funds.tick(days=2)
    funds.approves("csw")
    assert set(made(cast, morning(3))) == {"admin", "admin_second"}
    funds.tick(days=1)
    funds.rejects("admin", "incomplete")
    assert set(made(cast, morning(4))) == {"advocate"}
    lines = reminders_owed()[-1].details["items"]
    assert lines[2:] == [
        f"Assignment {cast.dcfs_number}: Restoration Fund Request 1",
        "Change the Restoration Fund Request and send it again. Waiting for 1 day.",
        f"/assignment?number={cast.dcfs_number}&tab=requests&item=funds-1",
    ]


def test_the_supervisor_who_was_named_is_reminded_and_the_office_when_that_one_has_left(cast: Cast, desk: Desk) -> None:
    desk.brings_to_supervisor(to="substitute")
    assert set(made(cast, morning(1))) == {"substitute"}
    change_person(cast, "substitute", office_code=PROBATION_OFFICE)
    assert set(made(cast, morning(2))) == {"scsw"}
    change_person(cast, "substitute", active=False)
    assert set(made(cast, morning(3))) == {"scsw"}


def test_of_a_sensitive_youth_no_other_supervisor_of_the_office_learns(cast: Cast) -> None:
    desk = Desk(cast, add_assignment(cast, sensitivity="S"))
    desk.brings_to_supervisor()
    assert set(made(cast, morning(1))) == {"scsw"}
    change_person(cast, "scsw", active=False)
    assert made(cast, morning(2)) == {}
    assert set(made(cast, morning(7))) == {"admin", "admin_second"}


@pytest.mark.parametrize("why", ["left", "no account", "contract over"])
def test_nobody_is_reminded_who_cannot_sign_in(cast: Cast, desk: Desk, why: str) -> None:
    desk.brings_to_agency()
    if why == "left":
        change_person(cast, "coordinator", active=False)
    elif why == "no account":
        with writing() as session:
            session.execute(delete(Account).where(Account.person_id == cast.coordinator.person_id))
    else:
        end_contract(cast)
    assert made(cast, morning(1)) == {}
    assert reminders_owed() == []


def end_contract(cast: Cast) -> None:
    agency = next(a for a in list_agencies(cast.admin, morning(0)) if a.name == "Harbor Light Advocacy")
    start, end = agency.contract_start_on, morning(0).date()
    preview = contract_end(cast.admin, agency.id, start, end, morning(0))
    assert preview is not None
    save_agency(
        cast.admin,
        agency.id,
        name=agency.name,
        short_name=agency.short_name,
        contract_start_on=start,
        contract_end_on=end,
        now=morning(0),
        seen=preview.seen,
    )


def test_somebody_without_an_address_is_seen_in_the_log_and_on_the_record(cast: Cast) -> None:
    plan = with_advocate(cast)
    plan.brings_to_case_worker()
    change_person(cast, "csw", email="")
    assert made(cast, morning(1)) == {"csw": ([cast.dcfs_number], [])}
    assert record_of(plan) == (
        "Reminded on 11/03/2026: Wanda Worker (not delivered: No e-mail address is known for this person)",
    )


def test_what_stands_in_a_digest_never_stands_in_the_digests_of_others(cast: Cast) -> None:
    with_advocate(cast).brings_to_case_worker()
    other = Desk(cast, cast.probation_number)
    other.brings_to_supervisor("dpo")
    assert made(cast, morning(1)) == {"csw": ([cast.dcfs_number], []), "sdpo": ([cast.probation_number], [])}
    assert digests(cast, morning(2)) == {}


def test_fifty_are_listed_and_the_others_counted(sqlite_database: Engine) -> None:
    cast = make_cast()
    for _ in range(52):
        desk = Desk(cast, add_assignment(cast))
        desk.brings_to_supervisor()
    make_digests(morning(1))
    details = reminders_owed()[0].details
    assert details["waiting"] == "52 documents wait for you"
    assert sum(line.startswith("Assignment ") for line in details["items"]) == 50
    assert details["items"][-1] == "and 2 more on your Home page"
