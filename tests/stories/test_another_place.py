"""Technical support gives a person another role, office or agency: the open work goes to whoever can do it, as a preview said."""

from dataclasses import replace
from typing import Any

import pytest

from cts.domain.vocabulary import Role
from cts.services import account_keeping, caseloads
from cts.services.account_listing import AccountPlace, place_of
from cts.services.leaving import leaving
from cts.services.refusals import NotPermitted, OutOfDate
from db.models import Person
from db.session import reading
from tests.cast import OTHER_OFFICE, add_assignment, change_person
from tests.parts.desk import Desk, served
from tests.parts.leavers import assignment_of, life, told


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("csw", {"office_code": OTHER_OFFICE}),
        ("csw", {"role": Role.SCSW}),
        ("csw", {"role": Role.ADVOCATE, "office_code": None, "unit": ""}),
    ],
)
def test_another_role_or_place_moves_the_work_as_the_end_of_the_account_does(
    both: Desk, who: str, place: dict[str, Any]
) -> None:
    desk, support, cast = served(both.cast), both.cast.people["support"], both.cast
    agency = {"agency_id": next(iter(cast.agencies.values()))} if place.get("role") == Role.ADVOCATE else {}
    preview, seen = leaving(support, cast.people[who].person_id, desk.now), place_now(desk, who)
    account_keeping.change_account(
        support, cast.people[who].person_id, replace(seen, **place | agency), seen, desk.tick(), work_seen=preview.seen
    )
    row = assignment_of(desk)
    scsw = cast.scsw.person_id
    assert (row.worker_id, row.worker_choice_open, row.supervisor_id) == (scsw, True, scsw)
    assert told("rehomed_to_supervisor") == ["scsw@cts.example: 1 assignment"]
    assert "gave Wanda Worker another role or place: Sonia Supervisor stands in" in life(desk)
    if place.get("role") is not Role.SCSW:  # a supervisor of the office may open it as such
        with pytest.raises(NotPermitted):
            desk.opens("csw")
    (youth,) = caseloads.without_worker(cast.scsw, desk.now)
    caseloads.choose_worker(cast.scsw, desk.number, cast.colleague.person_id, youth.seen, desk.tick())
    assert assignment_of(desk).worker_id == cast.colleague.person_id


def test_another_unit_or_address_moves_nothing_and_another_role_asks_the_preview_again(both: Desk) -> None:
    desk, support, csw = both, both.cast.people["support"], both.cast.csw.person_id
    seen = place_now(desk, "csw")
    account_keeping.change_account(support, csw, replace(seen, unit="1912A-02"), seen, desk.tick())
    assert assignment_of(desk).worker_id == csw
    seen, preview = place_now(desk, "csw"), leaving(support, csw, desk.now).seen
    add_assignment(desk.cast, last_name="Later")
    with pytest.raises(OutOfDate, match="has changed since you looked"):
        account_keeping.change_account(
            support, csw, replace(seen, office_code=OTHER_OFFICE), seen, desk.tick(), work_seen=preview
        )
    assert (assignment_of(desk).worker_id, place_now(desk, "csw")) == (csw, seen), "nothing half done"
    preview = leaving(support, csw, desk.now).seen
    change_person(desk.cast, "scsw", active=False)
    with pytest.raises(OutOfDate, match="has changed since you looked"):
        account_keeping.end_account_of(support, csw, desk.tick(), seen=preview)  # it had named another supervisor


def place_now(desk: Desk, who: str) -> AccountPlace:
    with reading() as session:
        return place_of(session.get_one(Person, desk.cast.people[who].person_id))
