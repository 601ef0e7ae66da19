"""Near misses of a search: names almost alike, exchanged names and dates; and that no suggestion tells of a youth one may not see."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from cts.domain.filters import ANY_STATUS, NON_CLOSED, Filters
from cts.domain.vocabulary import LeadAgency, Status
from cts.services import similar as similar_names
from cts.services.criteria import Criteria, read_criteria
from cts.services.fitting import DATE_EXCHANGED, EXCHANGED, ONE_NAME
from cts.services.listings import listing
from cts.services.refusals import NotPermitted
from cts.services.search import search_elsewhere
from cts.services.similar import (
    IN_ONE_FIELD,
    SHOWN_AT_MOST,
    beside_listing,
    date_meant,
)
from db.models import AccessEntry
from db.session import reading
from tests.cast import NOW, OTHER_OFFICE, PROBATION_OFFICE, TODAY, Cast, add_assignment, make_cast
from tests.services.test_listings import change

BORN, EXCHANGED_DAY = date(2011, 3, 4), date(2011, 4, 3)


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


@pytest.fixture
def sqlite_cast(sqlite_database: Engine) -> Cast:
    return make_cast()


def similar(cast: Cast, who: str = "csw", status: str = NON_CLOSED, **typed: str) -> list[tuple[int, str]]:
    """Number and reason of each row of the person's own listing that is similar."""
    beside = beside_listing(cast.people[who], Filters(status=status), TODAY, read_criteria(typed))
    return [(one.row.number, one.why) for one in beside.similar]


def elsewhere(cast: Cast, who: str, **typed: str) -> list[tuple[int, str]]:
    result = search_elsewhere(cast.people[who], read_criteria(typed), NOW)
    return [(one.row.number, one.why) for one in result.similar] if result else []


def far(cast: Cast, **youth: object) -> int:
    """A youth on the caseload of another office."""
    place = {"worker": "csw_elsewhere", "supervisor": "elsewhere", "office": OTHER_OFFICE, "unit": "1901A-01"}
    return add_assignment(cast, **(place | youth))  # type: ignore[arg-type]


# What is similar, and in which order


@pytest.mark.parametrize(
    "typed", ["Rodrigues", "rodrigez", "Rodirguez", "Roddriguez", "rodriqu", "rodrigues lopez", "RODRÍGUES"]
)
def test_a_name_written_almost_right_is_found(cast: Cast, typed: str) -> None:
    number = add_assignment(cast, last_name="Rodríguez-Lopez", first_name="Ana")
    assert (number, "") in similar(cast, last_name=typed)
    assert (number, "") in similar(cast, last_name=typed, first_name="an")
    assert (number, "") in similar(cast, "scsw", last_name=typed)
    assert (number, "") in similar(cast, "admin", last_name=typed)
    assert (number, "") in elsewhere(cast, "csw_elsewhere", last_name=typed)
    assert (number, "") in elsewhere(cast, "csw_elsewhere", last_name=typed, first_name="an")
    assert similar(cast, "csw_elsewhere", last_name=typed) == elsewhere(cast, "csw", last_name=typed) == []


@pytest.mark.parametrize(
    ("typed", "name"), [("delacrus", "De la Cruz"), ("de la crus", "Delacruz"), ("De La Cruse", "De la Cruz")]
)
def test_small_words_of_a_name_may_be_written_together(sqlite_cast: Cast, typed: str, name: str) -> None:
    number = add_assignment(sqlite_cast, last_name=name)
    assert similar(sqlite_cast, last_name=typed) == similar(sqlite_cast, "admin", last_name=typed) == [(number, "")]


def test_what_matches_stands_in_the_listing_and_is_not_similar_too(cast: Cast) -> None:
    add_assignment(cast, last_name="Gonzales", first_name="Ana")
    near = add_assignment(cast, last_name="Gonzalez", first_name="Ana")
    assert similar(cast, last_name="gonzales") == similar(cast, last_name="gonzales", first_name="Ana") == [(near, "")]
    assert similar(cast, last_name="gonz") == similar(cast, first_name="an") == []


def test_the_closest_come_first(cast: Cast) -> None:
    longer = add_assignment(cast, last_name="Hernandezadam", first_name="Eva")
    two_letters = add_assignment(cast, last_name="Hernandi", first_name="Eva")
    one_letter = add_assignment(cast, last_name="Hernandes", first_name="Eva")
    for who in ("csw", "scsw", "admin"):
        found = [number for number, _ in similar(cast, who, last_name="hernandec")]
        assert found == [one_letter, two_letters, longer], who
    both = add_assignment(cast, last_name="Hernandet", first_name="Eve")
    exchanged = add_assignment(cast, last_name="Eva", first_name="Hernandec")
    found = similar(cast, last_name="hernandec", first_name="eva")
    assert found[0] == (exchanged, EXCHANGED)
    assert [number for number, _ in found[1:]] == [one_letter, both, two_letters, longer]


def test_first_and_last_name_exchanged(cast: Cast) -> None:
    number = add_assignment(cast, last_name="Cruz", first_name="Noemí")
    assert similar(cast, last_name="Noemi", first_name="Cruz") == [(number, EXCHANGED)]
    assert similar(cast, last_name="Noeme", first_name="Crus") == [(number, EXCHANGED)]
    assert similar(cast, last_name="Noemi") == similar(cast, "admin", first_name="cruz") == [(number, EXCHANGED)]
    assert elsewhere(cast, "csw_elsewhere", last_name="Noemi", first_name="Cruz") == [(number, EXCHANGED)]
    # Somebody has this as a last name: then nobody's first name is told.
    add_assignment(cast, last_name="Noemi", first_name="Zora")
    assert similar(cast, last_name="Noemi") == []


@pytest.mark.parametrize(
    "typed", ["Ana De la Cruz", "De la Cruz Ana", "ana  DELACRUZ", "cruz an", "Cruz Ana Maria", "Ana Maria de la Cruz"]
)
def test_both_names_in_one_field(cast: Cast, typed: str) -> None:
    number = add_assignment(cast, last_name="De la Cruz", first_name="Ana Maria")
    add_assignment(cast, last_name="Cruz", first_name="Zora")
    for field in ("last_name", "first_name"):
        assert similar(cast, **{field: typed}) == [(number, IN_ONE_FIELD)]
        assert elsewhere(cast, "csw_elsewhere", **{field: typed}) == [(number, IN_ONE_FIELD)]
    assert similar(cast, last_name=typed, birth_date="01/01/2011") == []
    # Somebody has it as one name: then nothing else was meant.
    whole = add_assignment(cast, last_name=typed, first_name="Bea")
    assert similar(cast, last_name=typed) == []
    page = listing(cast.csw, Filters(), TODAY, criteria=read_criteria({"last_name": typed}))
    assert [row.number for row in page.rows] == [whole]


def test_with_a_birth_date_or_a_number_one_name_is_enough(cast: Cast) -> None:
    number = add_assignment(cast, last_name="Gonzalez", first_name="Ana", birth_date=BORN)
    add_assignment(cast, last_name="Gonzalez", first_name="Ana", birth_date=date(2012, 3, 4))
    asked = {"last_name": "Gonzales", "birth_date": "03/04/2011"}
    assert similar(cast, **asked) == similar(cast, **asked, first_name="ana") == [(number, "")]
    assert similar(cast, **asked, first_name="Zora") == [(number, ONE_NAME)]
    assert similar(cast, last_name="Gonzales", first_name="Zora") == []
    assert similar(cast, last_name="Gonzales", first_name="Ana", state_id=f"77{number}") == [(number, "")]
    assert similar(cast, last_name="Gonzales", birth_date="04/03/2011") == [(number, DATE_EXCHANGED)]
    assert similar(cast, last_name="Gonzales", birth_date="04/03/2012", state_id=f"77{number}") == []


def test_filters_hold_for_similar_names_too(cast: Cast) -> None:
    number = add_assignment(cast, last_name="Gonzalez")
    change(number, status=Status.TERMINATED)
    assert similar(cast, last_name="Gonzales") == []
    assert similar(cast, status=ANY_STATUS, last_name="Gonzales") == [(number, "")]
    assert elsewhere(cast, "csw_elsewhere", last_name="Gonzales") == [(number, "")]


def test_a_few_are_shown_and_of_a_common_name_few_are_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar_names, "READ_AT_MOST", SHOWN_AT_MOST + 2)
    monkeypatch.setattr(similar_names, "FEWER_THAN_AN_OFFICE", SHOWN_AT_MOST + 2)
    for _ in range(SHOWN_AT_MOST + 4):
        add_assignment(cast, last_name="Gonzalez")
    own = far(cast, last_name="Gonzalez")
    for who in ("csw", "scsw", "admin"):
        assert len(similar(cast, who, last_name="Gonzales")) == SHOWN_AT_MOST, who
    assert similar(cast, "elsewhere", last_name="Gonzales") == [(own, "")], "however many others have the name"
    assert similar(cast, "csw_elsewhere", last_name="Gonzales") == [(own, "")]


# Day and month


@pytest.mark.parametrize("who", ["csw", "scsw", "admin"])
def test_a_birth_date_with_day_and_month_exchanged_is_offered_when_it_finds_somebody(cast: Cast, who: str) -> None:
    add_assignment(cast, last_name="Cruz", birth_date=BORN)
    typed = Criteria(last_name="cruz", birth_date=EXCHANGED_DAY)
    assert date_meant(cast.people[who], typed) == BORN
    assert date_meant(cast.people[who], Criteria(birth_date=EXCHANGED_DAY)) == BORN
    assert date_meant(cast.people[who], Criteria(last_name="Other", birth_date=EXCHANGED_DAY)) is None
    assert date_meant(cast.people[who], Criteria(last_name="cruz", birth_date=date(2011, 4, 4))) is None
    assert date_meant(cast.people[who], Criteria(last_name="cruz", birth_date=date(2011, 4, 13))) is None
    assert date_meant(cast.people[who], Criteria(last_name="cruz")) is None
    add_assignment(cast, birth_date=EXCHANGED_DAY)
    assert date_meant(cast.people[who], typed) == BORN
    assert date_meant(cast.people[who], Criteria(birth_date=EXCHANGED_DAY)) is None, "that day is somebody's birthday"


def test_the_other_date_is_offered_of_youth_elsewhere_to_those_who_search_there(cast: Cast) -> None:
    number = far(cast, last_name="Cruz", birth_date=BORN)
    typed = Criteria(last_name="cruz", birth_date=EXCHANGED_DAY)
    result = search_elsewhere(cast.csw, typed, NOW)
    assert result is not None and (result.rows, result.birth_date) == ((), BORN)
    assert date_meant(cast.csw, typed) is None
    change(number, sensitivity="S")
    result = search_elsewhere(cast.csw, typed, NOW)
    assert result is not None and result.birth_date is None


# Nobody learns of a youth


def nest(cast: Cast) -> dict[str, int]:
    """Youth whom different people may see, all with names almost alike."""
    found = {
        "own": add_assignment(cast, last_name="Canarya", birth_date=BORN),
        "far": far(cast, last_name="Canaryb", birth_date=BORN),
        "sensitive": add_assignment(cast, last_name="Canaryc", sensitivity="S", worker="colleague", birth_date=BORN),
        "far sealed": far(cast, last_name="Canaryd", sensitivity="R", birth_date=BORN),
        "served": add_assignment(cast, last_name="Canarye", birth_date=BORN),
        "rival": far(cast, last_name="Canaryf", birth_date=BORN),
        "probation": add_assignment(
            cast,
            last_name="Canaryg",
            worker="dpo",
            supervisor="sdpo",
            office=PROBATION_OFFICE,
            unit="PCTU1-01",
            lead=LeadAgency.PROBATION,
            birth_date=BORN,
        ),
    }
    harbor, dawn = cast.agencies["Harbor Light Advocacy"], cast.agencies["New Dawn, Inc."]
    change(found["served"], agency_id=harbor, advocate_id=cast.advocate.person_id)
    change(found["rival"], agency_id=dawn, advocate_id=cast.rival_advocate.person_id)
    return found


OWN = {
    "csw": {"own", "served"},
    "colleague": {"sensitive"},
    "scsw": {"own", "served", "sensitive"},
    "substitute": {"own", "served"},
    "csw_elsewhere": {"far", "far sealed", "rival"},
    "elsewhere": {"far", "far sealed", "rival"},
    "dpo": {"probation"},
    "sdpo": {"probation"},
    "coordinator": {"served"},
    "advocate": {"served"},
    "advocate_second": set(),
    "rival_coordinator": {"rival"},
    "rival_advocate": {"rival"},
    "admin": {"own", "far", "sensitive", "far sealed", "served", "rival", "probation"},
}
"""Whose listing holds whom, written by hand (mission §3, §8; decision 0010)."""
HIDDEN = {"sensitive", "far sealed"}


COUNTY = {"csw", "colleague", "scsw", "substitute", "csw_elsewhere", "elsewhere", "dpo", "sdpo"}


def test_suggestions_are_of_the_rows_a_person_may_see_and_of_no_others(cast: Cast) -> None:
    youth = nest(cast)
    # The sensitive ones are the supervisors' whom they are assigned to.
    for who, keys in OWN.items():
        shown = {youth[key] for key in keys}
        beyond = {youth[key] for key in youth.keys() - keys - HIDDEN} if who in COUNTY else set()
        for typed in (
            {"last_name": "canaryx"},
            {"last_name": "canaryx", "first_name": "Yara"},
            {"last_name": "canaryx", "birth_date": "03/04/2011"},
            {"last_name": "Yara", "first_name": "Canaryx"},
        ):
            # The youth of the cast begins so, too: "Canary-Rodríguez".
            known = {cast.dcfs_number}
            assert {n for n, _ in similar(cast, who, **typed)} - known == shown, (who, typed)
            assert {n for n, _ in elsewhere(cast, who, **typed)} - known == beyond, (who, typed)
        typed_date = Criteria(last_name="canary", birth_date=EXCHANGED_DAY)
        assert (date_meant(cast.people[who], typed_date) == BORN) == bool(shown), who


def test_technical_support_is_told_nothing(cast: Cast) -> None:
    nest(cast)
    with pytest.raises(NotPermitted):
        similar(cast, "support", last_name="canaryx")
    with pytest.raises(NotPermitted):
        date_meant(cast.support, Criteria(last_name="canary", birth_date=EXCHANGED_DAY))
    with pytest.raises(NotPermitted):
        elsewhere(cast, "support", last_name="canaryx")


def test_what_is_suggested_elsewhere_is_the_minimum_and_is_logged(cast: Cast) -> None:
    number = far(cast, last_name="Gonzalez", first_name="Ana", birth_date=BORN)
    result = search_elsewhere(cast.csw, Criteria(last_name="Gonzales"), NOW)
    assert result is not None and result.rows == ()
    (one,) = result.similar
    assert set(one.row.__dict__) == {"number", "youth_name", "birth_year", "status", "agency", "office", "worker"}
    assert (one.row.youth_name, one.row.birth_year) == ("Gonzalez, Ana", 2011)
    with reading() as session:
        logged = select(AccessEntry.details).where(AccessEntry.action == "search")
        assert session.scalars(logged).all() == [{"asked": ["last_name"], "found": [], "similar": [number]}]
