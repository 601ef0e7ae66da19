"""A birth date typed with its day before its month: no date, and offered as the one it is where that finds somebody the person may see."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from cts.services.criteria import read_criteria
from cts.services.refusals import Incomplete, NotPermitted
from cts.services.search import day_first_meant
from db.models import AccessEntry
from db.session import reading
from tests.cast import NOW, Cast, add_assignment, make_cast
from tests.services.test_similar import far


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def test_a_day_before_its_month_is_offered_as_the_date_it_is_where_it_finds_somebody(cast: Cast) -> None:
    add_assignment(cast, last_name="Cruz", birth_date=date(2009, 8, 23))
    typed = {"last_name": "cruz", "birth_date": "23/08/2009"}
    with pytest.raises(Incomplete):
        read_criteria(typed)
    assert [day_first_meant(cast.people[who], typed, NOW) for who in ("csw", "scsw", "admin")] == [
        date(2009, 8, 23)
    ] * 3
    assert day_first_meant(cast.csw_elsewhere, typed, NOW) == date(2009, 8, 23), "elsewhere in the county"
    assert day_first_meant(cast.rival_advocate, typed, NOW) is None, "who does not search the county"
    with reading() as session:
        (*_, logged) = session.scalars(select(AccessEntry).order_by(AccessEntry.id))
    assert (logged.action, logged.actor_id) == ("search", cast.rival_advocate.person_id)
    assert logged.details == {"asked": ["last_name", "birth_date"], "found": []}
    for other in ("24/08/2009", "23/13/2009", "31/02/2009", "02/30/2009", "", "23.8"):
        assert day_first_meant(cast.csw, typed | {"birth_date": other}, NOW) is None, other
    assert day_first_meant(cast.csw, typed | {"referral_number": "12"}, NOW) is None
    assert day_first_meant(cast.csw, typed | {"last_name": "Other"}, NOW) is None


def test_a_day_before_its_month_tells_nobody_of_a_sensitive_youth(cast: Cast) -> None:
    far(cast, last_name="Cruz", birth_date=date(2009, 8, 23), sensitivity="S")
    assert day_first_meant(cast.csw, {"birth_date": "23/08/2009"}, NOW) is None
    with pytest.raises(NotPermitted):
        day_first_meant(cast.support, {"birth_date": "23/08/2009"}, NOW)
