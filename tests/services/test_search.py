"""Search: what narrows a listing, what is found elsewhere in the county, and what is written down of it."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from cts.domain.vocabulary import Status
from cts.services.criteria import Criteria, read_criteria
from cts.services.refusals import Incomplete, NotPermitted
from cts.services.search import SHOWN_AT_MOST, search_elsewhere
from db.models import AccessEntry
from db.session import reading
from tests.cast import NOW, OTHER_OFFICE, Cast, add_assignment, make_cast
from tests.parts.listed import listed
from tests.services.test_listings import change


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def found(cast: Cast, **typed: str) -> list[int]:
    """What Wanda Worker's listing shows after she typed this and pressed Search."""
    return [row.number for row in listed(cast.csw, read_criteria(typed)).rows]


# Names


@pytest.mark.parametrize(
    "typed",
    [
        "García-López",
        "garcia",
        "GARCIA LOPEZ",
        "lopez",
        "lop",
        "garcía lóp",
        "lopez garcia",
        "garcialopez",
        "Ga\u200brcia",
        " garc ",
    ],
)
def test_a_last_name_is_found_from_the_start_of_any_part_without_accents_case_or_hyphens(
    cast: Cast, typed: str
) -> None:
    number = add_assignment(cast, last_name="García-López", first_name="María José")
    assert found(cast, last_name=typed) == [number]


@pytest.mark.parametrize("typed", ["O'Brien", "obrien", "OBRIEN", "o’brien", "OB"])
def test_apostrophes_do_not_count(cast: Cast, typed: str) -> None:
    number = add_assignment(cast, last_name="O'Brien")
    assert found(cast, last_name=typed) == [number]


@pytest.mark.parametrize("typed", ["arcia", "opez", "garcia x", "%", "_", "\u200b", "'", "garcib"])
def test_what_is_no_start_of_a_part_finds_nothing(cast: Cast, typed: str) -> None:
    add_assignment(cast, last_name="García-López")
    assert [row.number for row in listed(cast.csw, Criteria(last_name=typed)).rows] == []


def test_first_and_last_name_are_two_things(cast: Cast) -> None:
    number = add_assignment(cast, last_name="Cruz", first_name="Noemí")
    assert found(cast, first_name="noemi") == found(cast, first_name="NOE", last_name="cr") == [number]
    assert (
        found(cast, last_name="noemi")
        == found(cast, first_name="cruz")
        == found(cast, first_name="noe", last_name="x")
        == []
    )


@pytest.mark.parametrize(
    "typed", ["Price, Ana", "price,ana", " PRICE ,  An", "Price-Lopez, Ana", "Price-Lopez, Ana B Jr", "Price, Ana Bea"]
)
def test_a_name_copied_from_a_list_is_read_as_both_names(cast: Cast, typed: str) -> None:
    number = add_assignment(cast, last_name="Price-Lopez", first_name="Ana")
    add_assignment(cast, last_name="Price", first_name="Bea")
    assert found(cast, last_name=typed) == [number]
    assert read_criteria({"last_name": typed}).asked == ("last_name", "first_name")
    assert found(cast, last_name=typed, first_name="Bea") == []


@pytest.mark.parametrize("typed", ["Ana B", "ana b.", "Ana B Jr", "ANA III"])
def test_an_initial_or_suffix_behind_a_first_name_hides_nobody(cast: Cast, typed: str) -> None:
    number = add_assignment(cast, last_name="Price", first_name="Ana")
    assert found(cast, first_name=typed, last_name="Price") == [number]
    assert found(cast, first_name="Ana Bea", last_name="Price") == []


def test_a_comma_alone_is_no_second_name(cast: Cast) -> None:
    number = add_assignment(cast, last_name="Price", first_name="Ana")
    assert found(cast, last_name="Price,") == found(cast, last_name="Price, '") == [number]
    assert read_criteria({"last_name": "Price,", "first_name": "Ana"}) == Criteria(last_name="Price,", first_name="Ana")


@pytest.mark.parametrize(
    ("name", "typed"), [("Nguyễn", "nguyen"), ("Յակոբեան", "յակոբ"), ("김", "김"), ("Ŵáñg", "wang")]
)
def test_names_of_every_script(cast: Cast, name: str, typed: str) -> None:
    number = add_assignment(cast, last_name=name, first_name="Second")
    assert found(cast, last_name=typed, first_name="sec") == [number]


# Numbers and dates

KEY = "0315207686768002051"


@pytest.mark.parametrize(
    "typed",
    [
        KEY,
        "0315-2076-8676-8002051",
        "0315 2076 8676 8002051",
        "0315-207-6867-68002051",
        " 0315–2076–8676–8002051 ",
        "5Y3vKVs0X5",
    ],
)
def test_referral_and_case_numbers_are_found_however_they_are_grouped(cast: Cast, typed: str) -> None:
    change(cast.dcfs_number, referral_id=KEY, case_id=KEY)
    assert found(cast, referral_number=typed) == found(cast, case_number=typed) == [cast.dcfs_number]


@pytest.mark.parametrize("typed", ["7-712345", "77 12345", "7712345"])
def test_a_state_id_is_found_with_hyphens_and_spaces_and_may_belong_to_two_youth(cast: Cast, typed: str) -> None:
    sibling = add_assignment(cast)
    for number in (cast.dcfs_number, sibling):
        change(number, state_id="7712345")
    assert found(cast, state_id=typed) == [cast.dcfs_number, sibling]
    assert found(cast, state_id="771234") == []


@pytest.mark.parametrize("typed", [" pj123 ", "PJ-123", "123", "p j 1-2-3"])
def test_a_pdj_number_is_found_in_small_letters_and_without_its_letters(cast: Cast, typed: str) -> None:
    change(cast.probation_number, pdj_number="PJ123")
    rows = listed(cast.dpo, read_criteria({"pdj_number": typed})).rows
    assert [row.number for row in rows] == [cast.probation_number]


@pytest.mark.parametrize("typed", ["05/06/2011", "5/6/2011", "5-6-2011", "05062011", "2011-05-06"])
def test_a_birth_date_is_read_as_the_county_writes_it(cast: Cast, typed: str) -> None:
    assert found(cast, birth_date=typed) == [cast.dcfs_number]
    assert read_criteria({"birth_date": typed}).birth_date == date(2011, 5, 6)


def test_every_wrong_field_gets_its_own_sentence() -> None:
    typed = {"referral_number": "031520768676800205", "case_number": "letters!", "birth_date": "02/30/2011"}
    with pytest.raises(Incomplete) as refusal:
        read_criteria(typed)
    sentences = dict(refusal.value.problems)
    assert list(sentences) == ["referral_number", "case_number", "birth_date"]
    assert "18 digits" in sentences["referral_number"]
    assert "no such day" in sentences["birth_date"]


@pytest.mark.parametrize("typed", ["2760-3761-4095-7777777", "03152076867680020511", "3.15E+18"])
def test_numbers_that_cws_cms_cannot_have_are_refused(typed: str) -> None:
    with pytest.raises(Incomplete):
        read_criteria({"referral_number": typed})


@pytest.mark.parametrize(
    "typed", ["13/01/2011", "02/29/2011", "yesterday", "5/6/11", "00/00/0000", "13012011", "562011"]
)
def test_days_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(Incomplete):
        read_criteria({"birth_date": typed})


def test_one_letter_alone_is_too_little_and_two_are_enough(cast: Cast) -> None:
    for typed in ("c", " c-", "ć"):
        with pytest.raises(Incomplete, match="two letters"):
            read_criteria({"last_name": typed})
    assert found(cast, last_name="ca") == found(cast, last_name="c", first_name="z") == [cast.dcfs_number]


def test_blank_fields_and_unknown_statuses_do_not_narrow(cast: Cast) -> None:
    criteria = read_criteria({"last_name": "  ", "status": "Nonsense"})
    assert criteria.asked == ()


# Elsewhere in the county


def log(cast: Cast, who: str) -> list[AccessEntry]:
    with reading() as session:
        mine = (AccessEntry.action == "search", AccessEntry.actor_id == cast.people[who].person_id)
        return list(session.scalars(select(AccessEntry).where(*mine).order_by(AccessEntry.id)))


def test_elsewhere_shows_the_minimum_of_any_status_and_is_logged_once(cast: Cast) -> None:
    earlier = add_assignment(
        cast, last_name="Canary", worker="csw_elsewhere", supervisor="elsewhere", office=OTHER_OFFICE
    )
    change(earlier, status=Status.TERMINATED, agency_id=cast.agencies["New Dawn, Inc."], middle_name="Q")
    result = search_elsewhere(cast.csw, Criteria(last_name="canary"), NOW)
    assert result is not None and not result.more
    (row,) = result.rows
    assert row.__dict__ == {
        "number": earlier,
        "youth_name": "Canary, Yara",
        "birth_year": 2011,
        "status": Status.TERMINATED,
        "agency": "New Dawn, Inc.",
        "office": "South County",
        "worker": "Dora Distant",
    }
    (entry,) = log(cast, "csw")
    assert (entry.outcome, entry.details) == ("done", {"asked": ["last_name"], "found": [earlier]})
    assert "anary" not in str(entry.details)


@pytest.mark.parametrize("sensitivity", ["S", "R"])
def test_sensitive_and_sealed_youth_are_never_found_elsewhere(cast: Cast, sensitivity: str) -> None:
    add_assignment(cast, last_name="Hidden", sensitivity=sensitivity)
    for who in ("colleague", "substitute", "csw_elsewhere", "elsewhere", "dpo", "sdpo"):
        result = search_elsewhere(cast.people[who], Criteria(last_name="hidden"), NOW)
        assert result is not None and result.rows == (), who


def test_a_colleagues_youth_is_elsewhere_for_a_case_worker_and_not_for_the_supervisor(cast: Cast) -> None:
    for who, rows in (("colleague", 1), ("csw_elsewhere", 1), ("csw", 0), ("scsw", 0), ("substitute", 0), ("sdpo", 1)):
        result = search_elsewhere(cast.people[who], Criteria(last_name="canary"), NOW)
        assert result is not None and len(result.rows) == rows, who
        assert len(listed(cast.people[who], Criteria(last_name="canary")).rows) == 1 - rows, who


def test_agencies_and_administration_do_not_search_elsewhere_but_their_search_is_logged(cast: Cast) -> None:
    for who in ("admin", "coordinator", "advocate"):
        assert search_elsewhere(cast.people[who], Criteria(birth_date=date(2011, 5, 6)), NOW) is None
        assert [entry.details for entry in log(cast, who)] == [{"asked": ["birth_date"], "found": []}], who


def test_support_is_refused_and_the_refusal_is_logged(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        search_elsewhere(cast.support, Criteria(last_name="canary"), NOW)
    assert [entry.outcome for entry in log(cast, "support")] == ["refused"]


def test_nothing_is_searched_or_logged_when_only_the_status_is_chosen(cast: Cast) -> None:
    assert search_elsewhere(cast.csw, Criteria(), NOW) is None
    assert log(cast, "csw") == []


def test_a_broad_search_shows_the_first_fifty_and_says_so(cast: Cast) -> None:
    for _ in range(SHOWN_AT_MOST + 1):
        add_assignment(cast, last_name="Common", worker="csw_elsewhere", supervisor="elsewhere", office=OTHER_OFFICE)
    result = search_elsewhere(cast.csw, Criteria(last_name="common"), NOW)
    assert result is not None
    assert (len(result.rows), result.more) == (SHOWN_AT_MOST, True)
