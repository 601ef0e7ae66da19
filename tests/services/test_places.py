"""Offices and agencies are CSEC Administration's to keep."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from cts.services.contract_end import contract_end
from cts.services.places import list_agencies, list_offices, save_agency, save_office
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from tests.cast import NOW, Cast, make_cast


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def test_an_office_first_named_by_an_extract_is_made_active(cast: Cast) -> None:
    save_office(cast.admin, "1912A", "  Pasadena \u202e  East\u200b ", active=False, now=NOW)
    first = list_offices(cast.admin)[0]
    assert (first.code, first.name, first.active, first.open_assignments) == ("1912A", "Pasadena East", False, 1)
    save_office(cast.admin, "1912A", "Pasadena", active=True, now=NOW)
    assert all(o.active for o in list_offices(cast.admin))


def test_an_agency_is_added_changed_and_its_contract_ends(cast: Cast) -> None:
    start = date(2026, 11, 1)
    new = save_agency(
        cast.admin, None, name="Open Door", short_name="OD", contract_start_on=start, contract_end_on=None, now=NOW
    )
    assert {a.name: a.under_contract for a in list_agencies(cast.admin, NOW)}["Open Door"]
    save_agency(
        cast.admin, new, name="Open Door", short_name="OD", contract_start_on=start, contract_end_on=start, now=NOW
    )  # nobody works there and no youth is served: nothing to look at first
    assert not {a.name: a.under_contract for a in list_agencies(cast.admin, NOW)}["Open Door"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "harbor light ADVOCACY"}, "name"),
        ({"name": "Harbor\u2066 Light Advocacy\u200f"}, "name"),
        ({"short_name": "\u202e"}, "short_name"),
        ({"short_name": ""}, "short_name"),
        ({"contract_start_on": None}, "contract_start_on"),
        ({"contract_end_on": date(2026, 11, 1) - timedelta(days=1)}, "contract_end_on"),
        ({"contract_end_on": date.max}, "contract_end_on"),
        ({"contract_start_on": date.min}, "contract_start_on"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(cast: Cast, change: dict[str, object], field: str) -> None:
    before = list_agencies(cast.admin, NOW)
    good = {"name": "Open Door", "short_name": "OD", "contract_start_on": date(2026, 11, 1), "contract_end_on": None}
    with pytest.raises(Incomplete) as refused:
        save_agency(cast.admin, None, **{**good, **change}, now=NOW)  # type: ignore[arg-type]
    assert refused.value.problems[0][0] == field
    assert list_agencies(cast.admin, NOW) == before


def test_nobody_else_may(cast: Cast) -> None:
    for who in ("csw", "scsw", "coordinator", "advocate", "support", "dpo"):
        with pytest.raises(NotPermitted):
            list_offices(cast.people[who])
        with pytest.raises(NotPermitted):
            list_agencies(cast.people[who], NOW)
        with pytest.raises(NotPermitted):
            save_office(cast.people[who], "1912A", "Mine", active=True, now=NOW)
        with pytest.raises(NotPermitted):
            save_agency(
                cast.people[who],
                None,
                name="Mine",
                short_name="M",
                contract_start_on=date(2026, 1, 1),
                contract_end_on=None,
                now=NOW,
            )


def test_what_does_not_exist_is_refused(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        save_office(cast.admin, "9999Z", "Nowhere", active=True, now=NOW)


def test_what_somebody_else_kept_meanwhile_is_not_saved_over(cast: Cast) -> None:
    shown = next(a for a in list_agencies(cast.admin, NOW) if a.name == "Harbor Light Advocacy")
    words = {"short_name": shown.short_name, "contract_start_on": shown.contract_start_on}
    end = date(2027, 6, 30)
    preview = contract_end(cast.admin, shown.id, shown.contract_start_on, end, NOW)
    assert preview is not None
    ended = {**words, "name": shown.name, "contract_end_on": end}
    save_agency(cast.admin, shown.id, **ended, now=NOW, seen=preview.seen, shown=shown)  # type: ignore[arg-type]
    # The page of another administrator still says that the contract has no end: a name corrected there must not take the end back.
    renamed = {**words, "name": "Harbor Light", "contract_end_on": None}
    with pytest.raises(OutOfDate, match="Somebody else has changed this"):
        save_agency(cast.admin, shown.id, **renamed, now=NOW, shown=shown)  # type: ignore[arg-type]
    again = next(a for a in list_agencies(cast.admin, NOW) if a.id == shown.id)
    assert (again.name, again.contract_end_on) == (shown.name, end)
    save_agency(cast.admin, shown.id, **renamed, now=NOW, shown=again)  # type: ignore[arg-type]

    office = next(o for o in list_offices(cast.admin) if o.code == "1912A")
    save_office(cast.admin, "1912A", office.name, active=False, now=NOW, shown=office)
    with pytest.raises(OutOfDate):
        save_office(cast.admin, "1912A", "Pasadena East", active=True, now=NOW, shown=office)
    told = office.supervisors[0].id
    office = next(o for o in list_offices(cast.admin) if o.code == "1912A")
    save_office(cast.admin, "1912A", office.name, active=False, now=NOW, contacts=[told], shown=office)
    with pytest.raises(OutOfDate):
        save_office(cast.admin, "1912A", office.name, active=False, now=NOW, contacts=[], shown=office)
