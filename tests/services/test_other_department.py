"""Dual youth: the lead names a worker of the other department, who reads along and is told. On SQLite and on PostgreSQL."""

from typing import Any

import pytest
from sqlalchemy import Engine, update

from cts.services.criteria import Criteria
from cts.services.other_department import name_other_worker, other_department, people_of_other_department
from cts.services.record import read_record
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.search import search_elsewhere
from cts.services.timeline import line_of_life
from db.models import Assignment
from db.session import writing
from tests.cast import NOW, Cast, add_assignment, change_person, make_cast
from tests.parts.desk import Desk, serve
from tests.parts.listed import listed


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def change(number: int, **columns: Any) -> None:
    with writing() as session:
        session.execute(update(Assignment).where(Assignment.number == number).values(**columns))


@pytest.fixture
def dual(cast: Cast) -> Desk:
    """A dual youth led by DCFS, served by Alan Advocate."""
    desk = Desk(cast, cast.dcfs_number)
    desk.begins(serve)
    change(desk.number, dual=True)
    return desk


def test_the_lead_names_a_worker_of_the_other_department_who_is_told_and_reads_along(dual: Desk) -> None:
    cast, number = dual.cast, dual.number
    dual.new_emails()
    assert [c.name for c in people_of_other_department(cast.csw, number, "pro")] == ["Paul Probation"]
    assert people_of_other_department(cast.csw, number, "p") == ()
    assert people_of_other_department(cast.csw, number, "worker") == (), "the lead's own department is not offered"
    said = name_other_worker(cast.csw, number, cast.dpo.person_id, None, dual.tick())
    assert said == "Paul Probation reads along and has been told."
    assert dual.new_emails() == [("dpo", "other_department_named")]
    assert other_department(cast.dpo, number).name == "Paul Probation"
    assert not other_department(cast.dpo, number).may_name
    assert read_record(cast.dpo, number).kept
    rows = listed(cast.dpo).rows
    assert [(r.number, r.other_department) for r in rows] == [(number, True), (cast.probation_number, False)]
    assert (
        "named Paul Probation as the worker of the other department"
        in line_of_life(cast.csw, number)[0].lines[0].sentence
    )
    dual.plan().brings_to_approval()
    assert ("dpo", "document_approved") in dual.new_emails()


def test_naming_twice_is_one_act_and_a_stale_screen_changes_nothing(dual: Desk) -> None:
    cast, number = dual.cast, dual.number
    name_other_worker(cast.csw, number, cast.dpo.person_id, None, dual.tick())
    name_other_worker(cast.csw, number, cast.dpo.person_id, None, dual.tick())
    assert [e for e in dual.new_emails() if e[1] == "other_department_named"] == [("dpo", "other_department_named")]
    with pytest.raises(OutOfDate):
        name_other_worker(cast.scsw, number, None, None, dual.tick())
    name_other_worker(cast.scsw, number, None, cast.dpo.person_id, dual.tick())
    with pytest.raises(NotPermitted):
        read_record(cast.dpo, number)


@pytest.mark.parametrize("who", ["admin", "coordinator", "advocate", "colleague", "dpo", "elsewhere"])
def test_only_the_lead_names_the_other_side(dual: Desk, who: str) -> None:
    actor = dual.cast.people[who]
    with pytest.raises(NotPermitted):
        name_other_worker(actor, dual.number, dual.cast.dpo.person_id, None, NOW)
    with pytest.raises(NotPermitted):
        people_of_other_department(actor, dual.number, "pro")


def test_nobody_is_named_of_the_own_department_or_who_left_or_for_a_youth_of_one_department(dual: Desk) -> None:
    cast, number = dual.cast, dual.number
    for person in (cast.csw_elsewhere, cast.sdpo, cast.advocate):
        with pytest.raises(Incomplete):
            name_other_worker(cast.csw, number, person.person_id, None, NOW)
    change_person(cast, "dpo", active=False)
    with pytest.raises(Incomplete):
        name_other_worker(cast.csw, number, cast.dpo.person_id, None, NOW)
    change(number, dual=False)
    with pytest.raises(Incomplete):
        name_other_worker(cast.csw, number, None, None, NOW)


def test_whoever_reads_along_loses_it_when_the_youth_is_dual_no_more(dual: Desk) -> None:
    cast, number = dual.cast, dual.number
    name_other_worker(cast.csw, number, cast.dpo.person_id, None, NOW)
    change(number, dual=False)
    with pytest.raises(NotPermitted):
        read_record(cast.dpo, number)
    assert [r.number for r in listed(cast.dpo).rows] == [cast.probation_number]


def test_a_search_beyond_the_listing_still_finds_youth_nobody_reads_along_for(dual: Desk) -> None:
    cast = dual.cast
    add_assignment(cast, last_name="Canary-Else", worker="csw_elsewhere", supervisor="elsewhere")
    found = search_elsewhere(cast.dpo, Criteria(last_name="canary"), NOW)
    assert found is not None
    assert sorted(r.youth_name for r in found.rows) == ["Canary-Else, Yara", "Canary-Rodríguez, Zoë"]
    name_other_worker(cast.csw, dual.number, cast.dpo.person_id, None, NOW)
    found = search_elsewhere(cast.dpo, Criteria(last_name="canary"), NOW)
    assert found is not None
    assert [r.youth_name for r in found.rows] == ["Canary-Else, Yara"]
