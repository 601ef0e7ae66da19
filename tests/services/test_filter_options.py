"""What a person may filter by: only what stands on the own listing, each option with the length of its list. For random data and each role."""

import random
from typing import Any

import pytest
from sqlalchemy import Engine, select

from cts.domain.filters import ANY_STATUS, NON_CLOSED, Filters, read_filters
from cts.domain.vocabulary import LeadAgency, Status
from cts.services.criteria import Criteria
from cts.services.filter_options import NOT_LISTED, chosen_filters, filter_fields
from cts.services.listing_asked import Asked, listing_asked, read_asked
from cts.services.listing_columns import SortBy
from cts.services.listings import count_assignments
from cts.services.refusals import NotPermitted
from db.models import Agency, Office, Person
from db.session import engine, reading, writing
from tests.cast import DCFS_OFFICE, OTHER_OFFICE, PROBATION_OFFICE, TODAY, Cast, add_assignment, make_cast
from tests.services.test_listings import change

WHO = (
    "csw",
    "scsw",
    "elsewhere",
    "dpo",
    "sdpo",
    "admin",
    "coordinator",
    "advocate",
    "rival_coordinator",
    "rival_advocate",
)


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def scattered(cast: Cast, dice: random.Random, count: int = 60) -> None:
    """Assignments anywhere, with anybody."""
    places = {
        DCFS_OFFICE: (("csw", "colleague"), ("scsw", "substitute"), LeadAgency.DCFS),
        OTHER_OFFICE: (("csw_elsewhere", "csw"), ("elsewhere",), LeadAgency.DCFS),
        PROBATION_OFFICE: (("dpo",), ("sdpo",), LeadAgency.PROBATION),
    }
    advocates = {
        "Harbor Light Advocacy": ("advocate", "advocate_second", None),
        "New Dawn, Inc.": ("rival_advocate", None),
        None: (None,),
    }
    for _ in range(count):
        office = dice.choice(list(places))
        workers, supervisors, lead = places[office]
        number = add_assignment(
            cast,
            last_name=dice.choice(("Alvarez", "Baker", "Cruz")),
            worker=dice.choice(workers),
            supervisor=dice.choice(supervisors),
            office=office,
            unit=f"{office}-01",
            lead=lead,
            sensitivity=dice.choice("NNNNS"),
        )
        agency = dice.choice(list(advocates))
        advocate = dice.choice(advocates[agency])
        facts: dict[str, Any] = {
            "status": dice.choice(list(Status)),
            "agency_id": cast.agencies[agency] if agency else None,
            "advocate_id": cast.people[advocate].person_id if advocate else None,
            "case_flag_missing": dice.random() < 0.2,
            "missing_since": TODAY if dice.random() < 0.2 else None,
        }
        change(number, **facts)


def rows_behind(cast: Cast, who: str, asked: Asked, criteria: Criteria | None) -> int:
    """How many rows stand on all pages of a list."""
    first = listing_asked(cast.people[who], asked, TODAY, criteria)
    pages = [read_asked(asked.as_query() | {"page": str(n)}) for n in range(1, first.pages + 1)]
    return sum(len(listing_asked(cast.people[who], page, TODAY, criteria).rows) for page in pages)


def test_every_option_counts_the_list_behind_it_for_every_role(cast: Cast) -> None:
    # Not the same youth on the two databases.
    dice = random.Random(engine().dialect.name == "sqlite")
    scattered(cast, dice)
    seen = 0
    for who in WHO:
        for criteria in (None, Criteria(last_name="cru")):
            status = dice.choice((NON_CLOSED, ANY_STATUS))
            asked = Asked(Filters(status=status), whole_office=dice.random() < 0.5)
            chosen = filter_fields(cast.people[who], asked, TODAY, criteria)
            for field in chosen:
                for option in field.options:
                    filters = read_filters(asked.filters.as_query() | {field.name: option.value})
                    narrowed = Asked(filters, whole_office=asked.whole_office)
                    assert option.count == rows_behind(cast, who, narrowed, criteria) > 0, (who, field.name, option)
                    if criteria is None:
                        tile = count_assignments(cast.people[who], filters, TODAY, whole_office=asked.whole_office)
                        assert tile == option.count
                    seen += 1
    assert seen > 50


def test_no_option_and_no_chosen_filter_names_what_is_not_on_the_own_listing(cast: Cast) -> None:
    """Canary names for every office, agency and Advocate: those of others are offered and named to nobody."""
    with writing() as session:
        for place in session.scalars(select(Office)):
            place.name = f"Canary office {place.code}"
        for agency in session.scalars(select(Agency)):
            agency.name = f"Canary agency {agency.id}"
        for person in session.scalars(select(Person).where(Person.agency_id.is_not(None))):
            person.name = f"Canary person {person.id}"
    scattered(cast, random.Random(7), 80)
    with reading() as session:
        everything = {
            "office_code": {str(c): n for c, n in session.execute(select(Office.code, Office.name))},
            "agency": {str(i): n for i, n in session.execute(select(Agency.id, Agency.name))},
            "advocate": {str(i): n for i, n in session.execute(select(Person.id, Person.name)) if "Canary" in n},
        }
    for who in WHO:
        actor = cast.people[who]
        asked = Asked(Filters(status=ANY_STATUS), whole_office=True)
        offered = {o.words for f in filter_fields(actor, asked, TODAY) for o in f.options if "Canary" in o.words}
        for name, named in everything.items():
            for value, words in named.items():
                one = Asked(read_filters({"status": ANY_STATUS, name: value}), whole_office=True)
                there = listing_asked(actor, one, TODAY).total
                said = {c.name: c.words for c in chosen_filters(actor, one, TODAY)}
                assert said[name] == (words if there else NOT_LISTED), (who, name)
                assert there or words not in offered, (who, words)


def test_support_is_offered_nothing(cast: Cast) -> None:
    for function in (filter_fields, chosen_filters):
        with pytest.raises(NotPermitted):
            function(cast.support, Asked(), TODAY)


def test_an_address_is_read_back_and_nothing_else_is() -> None:
    asked = Asked(Filters(lead=LeadAgency.DCFS, agency=3), SortBy.YOUTH, descending=True, page=7, whole_office=True)
    assert read_asked(asked.as_query()) == asked
    assert Asked().as_query() == {}
    assert read_asked({"page": "-3", "sort": "birth", "office": "x", "agency": "1 OR 1"}) == Asked()
