"""Of a name or a birth date that very many have some are looked at where everybody is searched; that is said, and nobody's own is missed."""

import pytest
from sqlalchemy import Engine

from cts.domain.filters import Filters
from cts.services import criteria as criteria_of_search
from cts.services import named
from cts.services.criteria import Criteria, read_criteria
from cts.services.listings import listing
from cts.services.search import search_elsewhere
from cts.services.similar import TOO_MANY_BORN, TOO_MANY_OF_A_NAME, TOO_MANY_OF_BOTH, beside_listing, date_meant
from tests.cast import NOW, TODAY, Cast, add_assignment, make_cast
from tests.services.test_similar import BORN, EXCHANGED_DAY, far


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (criteria_of_search, named):
        monkeypatch.setattr(module, "LOOKED_AT", 3)


def how_cut_short(cast: Cast, who: str, **typed: str) -> str:
    return beside_listing(cast.people[who], Filters(), TODAY, read_criteria(typed)).cut_short


@pytest.mark.usefixtures("few_are_many")
def test_of_a_name_that_very_many_have_some_are_looked_at_and_that_is_said(cast: Cast) -> None:
    for _ in range(3):
        add_assignment(cast, last_name="Common")
    assert how_cut_short(cast, "admin", last_name="common", first_name="Zora") == ""
    assert how_cut_short(cast, "admin", last_name="common") == TOO_MANY_OF_A_NAME
    assert how_cut_short(cast, "csw", last_name="common") == how_cut_short(cast, "scsw", last_name="common") == ""
    own = [far(cast, last_name="Common", first_name="Aaron") for _ in range(3)]
    # The first by name are not all that there are: whoever searches is told, and the own listing of a supervisor is whole.
    result = search_elsewhere(cast.csw_elsewhere, Criteria(last_name="common"), NOW)
    assert result is not None and result.more
    page = listing(cast.elsewhere, Filters(), TODAY, criteria=Criteria(last_name="common"))
    assert [row.number for row in page.rows] == own
    page = listing(cast.admin, Filters(), TODAY, criteria=Criteria(last_name="common"))
    assert page.total == 3


@pytest.mark.usefixtures("few_are_many")
def test_of_both_names_those_with_the_very_last_name_come_first_and_then_longer_ones(cast: Cast) -> None:
    longer = [add_assignment(cast, last_name="Commons", first_name="Ana") for _ in range(2)]
    very = [add_assignment(cast, last_name="Common", first_name="Anabel") for _ in range(2)]
    typed = {"last_name": "common", "first_name": "ana"}
    page = listing(cast.admin, Filters(), TODAY, criteria=read_criteria(typed))
    assert [row.number for row in page.rows] == sorted([*very, longer[0]])
    assert how_cut_short(cast, "admin", **typed) == TOO_MANY_OF_BOTH
    assert how_cut_short(cast, "scsw", **typed) == ""
    page = listing(cast.scsw, Filters(), TODAY, criteria=read_criteria(typed))
    assert [row.number for row in page.rows] == sorted([*very, *longer])
    result = search_elsewhere(cast.csw_elsewhere, read_criteria(typed), NOW)
    assert result is not None and result.more and len(result.rows) == 3


@pytest.mark.usefixtures("few_are_many")
def test_of_a_birth_date_that_very_many_have_some_are_looked_at_and_that_is_said(cast: Cast) -> None:
    first = [add_assignment(cast, birth_date=BORN) for _ in range(3)]
    last = add_assignment(cast, birth_date=BORN)
    typed = {"birth_date": "03/04/2011"}
    page = listing(cast.admin, Filters(), TODAY, criteria=read_criteria(typed))
    assert [row.number for row in page.rows] == first
    assert how_cut_short(cast, "admin", **typed) == TOO_MANY_BORN
    assert how_cut_short(cast, "admin", **typed, last_name="Zora") == ""
    assert how_cut_short(cast, "csw", **typed) == how_cut_short(cast, "scsw", **typed) == ""
    for who in ("csw", "scsw"):
        page = listing(cast.people[who], Filters(), TODAY, criteria=read_criteria(typed))
        assert [row.number for row in page.rows] == [*first, last], who
    result = search_elsewhere(cast.csw_elsewhere, read_criteria(typed), NOW)
    assert result is not None and result.more and len(result.rows) == 3


@pytest.mark.usefixtures("few_are_many")
def test_however_many_share_a_birthday_ones_own_youth_is_found_by_it(cast: Cast) -> None:
    for _ in range(3):
        add_assignment(cast, birth_date=BORN)
    far(cast, birth_date=BORN)
    # Day and month as typed find the own youth, the fourth of that day: the other date is not offered, and is where it alone finds one.
    exchanged = Criteria(birth_date=EXCHANGED_DAY)
    assert date_meant(cast.elsewhere, exchanged) == BORN
    far(cast, birth_date=EXCHANGED_DAY)
    assert date_meant(cast.elsewhere, exchanged) is None
