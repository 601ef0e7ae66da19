"""Filters of the listing: they narrow what a person may see and never widen it; a count is the length of its list."""

import pytest
from sqlalchemy import Engine

from cts.domain.filters import ANY_STATUS, Attention, Filters, read_filters
from cts.domain.vocabulary import LeadAgency, Status
from cts.services.attention import ATTENTION
from cts.services.listings import count_assignments, listing
from tests.cast import DCFS_OFFICE, OTHER_OFFICE, TODAY, Cast, add_assignment, make_cast
from tests.services.test_listings import change


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def numbers(cast: Cast, who: str, filters: Filters) -> list[int]:
    page = listing(cast.people[who], filters, TODAY)
    assert count_assignments(cast.people[who], filters, TODAY) == page.total == len(page.rows)
    return [row.number for row in page.rows]


def test_filters_narrow_what_the_person_sees(cast: Cast) -> None:
    elsewhere = add_assignment(cast, worker="csw_elsewhere", office=OTHER_OFFICE)
    change(elsewhere, case_flag_missing=True)
    assert numbers(cast, "admin", Filters(office_code=OTHER_OFFICE)) == [elsewhere]
    assert numbers(cast, "admin", Filters(lead=LeadAgency.PROBATION)) == [cast.probation_number]
    assert numbers(cast, "admin", Filters(attention=Attention.FLAG_MISSING)) == [elsewhere]
    assert numbers(cast, "csw", Filters(office_code=OTHER_OFFICE)) == []
    assert numbers(cast, "csw", Filters(office_code=DCFS_OFFICE)) == [cast.dcfs_number]
    change(elsewhere, status=Status.WITHDRAWN)
    assert numbers(cast, "admin", Filters(office_code=OTHER_OFFICE)) == []
    assert numbers(cast, "admin", Filters(office_code=OTHER_OFFICE, status=ANY_STATUS)) == [elsewhere]


def test_filters_are_read_back_from_an_address_and_nothing_else_is() -> None:
    asked = Filters(Status.APPROVED, LeadAgency.DCFS, DCFS_OFFICE, 3, 4, Attention.FLAG_ENDED)
    assert read_filters(asked.as_query()) == asked
    assert Filters().as_query() == {}
    assert (
        read_filters({"status": "x", "lead": "y", "office_code": "1';", "agency": "-1", "attention": "all"})
        == Filters()
    )
    assert set(ATTENTION) == set(Attention)
