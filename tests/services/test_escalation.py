"""What has waited too long goes to more people, on the right day and to nobody else; on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import Engine

from cts.domain.vocabulary import Document
from cts.services.places import list_offices, save_office
from cts.services.refusals import Incomplete, NotPermitted
from tests.cast import DCFS_OFFICE, NOW, PROBATION_OFFICE, Cast, add_assignment, change_person, make_cast
from tests.parts.desk import Desk
from tests.parts.reminded import add_contact, made, morning, reminders_owed

ADMINISTRATION = {"admin", "admin_second"}


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def escalated(cast: Cast, day: int) -> set[str]:
    """To whom something that waits for somebody else goes on a day."""
    return {who for who, (_, others) in made(cast, morning(day)).items() if others}


def test_with_the_case_worker_it_goes_to_supervisor_contacts_and_administration(cast: Cast) -> None:
    add_contact(cast, "substitute", DCFS_OFFICE)
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_back()  # on Monday
    assert [escalated(cast, day) for day in (1, 4, 5, 6)] == [set(), set(), set(), set()]
    assert escalated(cast, 7) == {"scsw", "substitute", *ADMINISTRATION}  # the Monday after


def test_with_the_supervisor_it_goes_to_contacts_and_administration(cast: Cast) -> None:
    add_contact(cast, "substitute", DCFS_OFFICE)
    add_contact(cast, "scsw", DCFS_OFFICE)
    Desk(cast, cast.dcfs_number).brings_to_supervisor()
    assert made(cast, morning(7)) == {"scsw": ([cast.dcfs_number], [])} | dict.fromkeys(
        ("substitute", *ADMINISTRATION), ([], [cast.dcfs_number])
    ), "who holds it reads it once, as his or her own"


def test_with_administration_it_goes_to_nobody_further(cast: Cast) -> None:
    Desk(cast, cast.dcfs_number).brings_to_administration()
    assert set(made(cast, morning(30))) == ADMINISTRATION
    assert escalated(cast, 31) == set()


def test_with_the_agency_it_goes_to_administration_and_for_the_advocate_to_the_coordinator(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_agency()
    assert escalated(cast, 7) == ADMINISTRATION
    desk.tick(days=7)
    desk.acknowledges("coordinator")
    desk.assigns("coordinator", "advocate")
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_case_worker()
    funds.rejects("csw", "incomplete")
    assert escalated(cast, 14) == set(), "Veterans Day was no working day"
    assert escalated(cast, 15) == {"coordinator", *ADMINISTRATION}


def test_a_contact_who_has_left_the_office_is_not_told(cast: Cast) -> None:
    add_contact(cast, "substitute", DCFS_OFFICE)
    add_contact(cast, "left", DCFS_OFFICE)
    Desk(cast, cast.dcfs_number).brings_to_supervisor()
    change_person(cast, "substitute", office_code=PROBATION_OFFICE)
    assert escalated(cast, 7) == ADMINISTRATION


def test_of_a_sensitive_youth_no_contact_is_told(cast: Cast) -> None:
    add_contact(cast, "substitute", DCFS_OFFICE)
    Desk(cast, add_assignment(cast, sensitivity="R")).brings_to_supervisor()
    assert escalated(cast, 7) == ADMINISTRATION


def test_the_words_say_who_holds_it_and_where_but_not_what_an_office_is_for(cast: Cast) -> None:
    Desk(cast, cast.probation_number).brings_to_supervisor("dpo")
    made(cast, morning(8))
    of_admin = next(row for row in reminders_owed() if row.to_person_id == cast.admin.person_id)
    assert of_admin.details == {
        "waiting": "1 document waits for others too long",
        "items": [
            "Waiting for others too long:",
            "",
            f"Assignment {cast.probation_number}: Referral",
            "With Sam Senior (supervisor), office PCTU1, for 8 days.",
            f"/assignment?number={cast.probation_number}",
        ],
    }


def test_administration_keeps_the_contacts_of_an_office(cast: Cast) -> None:
    substitute, scsw = cast.substitute.person_id, cast.scsw.person_id
    save_office(cast.admin, DCFS_OFFICE, "Pasadena", active=True, contacts=[substitute], now=NOW)
    office = next(o for o in list_offices(cast.admin) if o.code == DCFS_OFFICE)
    assert office.contacts == (substitute,)
    assert [(person.id, person.name) for person in office.supervisors] == [
        (substitute, "Simon Substitute"),
        (scsw, "Sonia Supervisor"),
    ]
    Desk(cast, cast.dcfs_number).brings_to_supervisor()
    assert "substitute" in escalated(cast, 7)
    save_office(cast.admin, DCFS_OFFICE, "Pasadena", active=True, contacts=[], now=NOW)
    assert "substitute" not in escalated(cast, 8)


@pytest.mark.parametrize("who", ["elsewhere", "csw", "left", "admin", "sdpo"])
def test_a_contact_is_a_supervisor_of_that_office(cast: Cast, who: str) -> None:
    contacts = [cast.people[who].person_id]
    with pytest.raises(Incomplete, match="must be a supervisor"):
        save_office(cast.admin, DCFS_OFFICE, "Pasadena", active=True, contacts=contacts, now=NOW)
    assert next(o for o in list_offices(cast.admin) if o.code == DCFS_OFFICE).contacts == ()


@pytest.mark.parametrize("who", ["scsw", "csw", "coordinator", "support"])
def test_nobody_else_keeps_them(cast: Cast, who: str) -> None:
    contacts = [cast.scsw.person_id]
    with pytest.raises(NotPermitted):
        save_office(cast.people[who], DCFS_OFFICE, "Pasadena", active=True, contacts=contacts, now=NOW)


def test_a_contact_who_left_since_does_not_stop_a_change_of_the_name(cast: Cast) -> None:
    substitute = cast.substitute.person_id
    save_office(cast.admin, DCFS_OFFICE, "Pasadena", active=True, contacts=[substitute], now=NOW)
    change_person(cast, "substitute", active=False)
    office = next(o for o in list_offices(cast.admin) if o.code == DCFS_OFFICE)
    assert office.contacts == ()
    save_office(cast.admin, DCFS_OFFICE, "Pasadena East", active=True, contacts=office.contacts, now=NOW)
