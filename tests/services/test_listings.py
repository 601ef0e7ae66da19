"""The Assignment Listing: who sees which rows, in which order, a page at a time. On SQLite and on PostgreSQL."""

from collections.abc import Callable
from datetime import date
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from cts.domain.filters import ANY_STATUS, NON_CLOSED
from cts.domain.vocabulary import CLOSED_STATUSES, Status
from cts.services import listings
from cts.services.actor import Actor
from cts.services.criteria import Criteria
from cts.services.listing_columns import SortBy, columns_of
from cts.services.listings import PAGE_SIZE
from cts.services.refusals import NotPermitted
from db.models import Assignment, Youth
from db.session import writing
from tests.cast import OTHER_OFFICE, Cast, add_assignment, make_cast
from tests.parts.desk import Desk
from tests.parts.listed import listed


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def change(number: int, **facts: Any) -> None:
    """Set columns of an assignment, and of its youth, directly: what an extract or a step would have done."""
    of_youth = {name: value for name, value in facts.items() if hasattr(Youth, name) and not hasattr(Assignment, name)}
    of_assignment = {name: value for name, value in facts.items() if name not in of_youth}
    with writing() as session:
        if of_assignment:
            session.execute(update(Assignment).where(Assignment.number == number).values(**of_assignment))
        if of_youth:
            youth = select(Assignment.youth_id).where(Assignment.number == number).scalar_subquery()
            session.execute(update(Youth).where(Youth.id == youth).values(**of_youth))


def numbers(actor: Actor, criteria: Criteria | None = None, **asked: Any) -> list[int]:
    """The Assignment #s of every page, in order; checks that total and pages agree with them."""
    first = listed(actor, criteria, **asked)
    rows = [
        row.number for page in range(1, first.pages + 1) for row in listed(actor, criteria, page=page, **asked).rows
    ]
    assert len(rows) == first.total
    assert first.pages == max(1, -(-len(rows) // PAGE_SIZE))
    return rows


# Who sees what


def test_a_case_worker_sees_the_own_caseload_and_nobody_elses(cast: Cast) -> None:
    others = add_assignment(cast, worker="colleague")
    assert numbers(cast.csw) == [cast.dcfs_number]
    assert numbers(cast.colleague) == [others]
    assert numbers(cast.csw_elsewhere) == []
    assert numbers(cast.dpo) == [cast.probation_number]


def test_a_supervisor_sees_the_own_unit_and_by_the_switch_the_office(cast: Cast) -> None:
    other_unit = add_assignment(cast, supervisor="substitute", unit="1912A-02")
    lent = add_assignment(cast, supervisor="scsw", unit="1912A-03")
    elsewhere = add_assignment(
        cast, worker="csw_elsewhere", supervisor="elsewhere", office=OTHER_OFFICE, unit="1901A-01"
    )
    assert numbers(cast.scsw) == [cast.dcfs_number, lent]
    assert numbers(cast.substitute) == [other_unit]
    assert numbers(cast.scsw, whole_office=True) == [cast.dcfs_number, other_unit, lent]
    assert numbers(cast.elsewhere, whole_office=True) == [elsewhere]
    assert numbers(cast.sdpo, whole_office=True) == [cast.probation_number]


def test_the_switch_gives_nobody_but_supervisors_more(cast: Cast) -> None:
    add_assignment(cast, worker="colleague")
    assert numbers(cast.csw, whole_office=True) == [cast.dcfs_number]


def test_a_supervisor_without_a_unit_sees_only_the_youth_assigned_to_her(cast: Cast) -> None:
    add_assignment(cast, supervisor="substitute", unit="")
    without_unit = Actor(**{**cast.scsw.__dict__, "unit": ""})
    assert numbers(without_unit) == [cast.dcfs_number]


@pytest.mark.parametrize("sensitivity", ["S", "R"])
def test_sensitive_and_sealed_youth_are_hidden_from_supervisors_not_assigned(cast: Cast, sensitivity: str) -> None:
    hidden = add_assignment(cast, last_name="Hidden", sensitivity=sensitivity)
    named = Criteria(last_name="Hidden")
    assert hidden not in numbers(cast.substitute, whole_office=True)
    assert numbers(cast.substitute, named) == []
    for who in ("csw", "scsw", "admin"):
        assert numbers(cast.people[who], named) == [hidden], who


def test_agency_and_advocate_see_theirs_and_lose_it_at_once(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_administration()
    assert numbers(cast.coordinator) == []
    desk.approves("admin", "Harbor Light Advocacy")
    assert numbers(cast.coordinator) == [cast.dcfs_number]
    assert numbers(cast.advocate) == []
    desk.acknowledges("coordinator")
    desk.assigns("coordinator", "advocate")
    assert numbers(cast.advocate) == [cast.dcfs_number]
    assert listed(cast.csw).rows[0].agency_and_advocate == "Harbor Light Advocacy / Alan Advocate"
    desk.assigns("coordinator", "advocate_second")
    assert (numbers(cast.advocate), numbers(cast.advocate_second)) == ([], [cast.dcfs_number])
    assert (numbers(cast.rival_coordinator), numbers(cast.rival_advocate)) == ([], [])


def test_administration_sees_all_and_support_nothing(cast: Cast) -> None:
    assert numbers(cast.admin) == [cast.dcfs_number, cast.probation_number]
    with pytest.raises(NotPermitted, match="no youth data"):
        listed(cast.support)


def test_columns_are_the_guides(cast: Cast) -> None:
    first = ["Assignment #", "State ID", "Referral #", "CPH Referral Date", "Referral Name", "Youth Name", "Case #"]
    last = ["Status", "Agency / Advocate"]
    assert list(columns_of(cast.csw).values()) == first + last
    assert list(columns_of(cast.scsw).values()) == [*first, *last, "CSW", "SCSW"]
    assert list(columns_of(cast.dpo).values()) == [*first, "PDJ #", *last]
    assert list(columns_of(cast.sdpo).values()) == [*first, "PDJ #", *last, "DPO", "SDPO"]
    assert list(columns_of(cast.admin))[-2:] == [SortBy.CSW, SortBy.SCSW]
    assert list(columns_of(cast.advocate).values()) == first + last


# What a row shows


def test_a_row_shows_ids_in_groups_dates_as_the_county_writes_them_and_marks(cast: Cast) -> None:
    change(
        cast.dcfs_number,
        referral_id="0315207686768002051",
        case_id="0606220937062001439",
        missing_since=date(2026, 11, 3),
        flag_ended_on=date(2026, 11, 1),
        case_flag_missing=True,
    )
    (row,) = listed(cast.scsw).rows
    assert row.referral_number == "0315-2076-8676-8002051"
    assert row.case_number == "0606-220-9370-62001439"
    assert (row.cph_referral_date, row.youth_name) == ("10/01/2026", "Canary-Rodríguez, Zoë")
    assert (row.status, row.agency_and_advocate) == (Status.NEW, "")
    assert (row.csw, row.scsw) == ("Wanda Worker", "Sonia Supervisor")
    assert row.marks == (
        "No longer in CWS/CMS since 11/03/2026",
        "CSEC flag ended 11/01/2026",
        "CSEC flag not entered on the case",
    )


@pytest.mark.parametrize("typed", ["=1+1", "<b>bold</b>", "[x](http://evil.example)", "![](http://evil.example/a.png)"])
def test_markup_and_formulas_are_listed_as_typed(cast: Cast, typed: str) -> None:
    add_assignment(cast, last_name=typed, first_name=typed)
    assert f"{typed}, {typed}" in [row.youth_name for row in listed(cast.csw).rows]


# Which rows, by status


@pytest.mark.parametrize("status", sorted(Status))
def test_non_closed_is_everything_but_the_three_closed_statuses(cast: Cast, status: Status) -> None:
    change(cast.dcfs_number, status=status)
    here = [cast.dcfs_number]
    assert numbers(cast.csw) == ([] if status in CLOSED_STATUSES else here)
    assert numbers(cast.csw, status=status) == here
    assert numbers(cast.csw, status=ANY_STATUS) == here
    other = Status.NEW if status is not Status.NEW else Status.APPROVED
    assert numbers(cast.csw, status=other) == []


def test_a_search_among_the_non_closed_tells_of_closed_matches(cast: Cast) -> None:
    closed = add_assignment(cast, last_name="Earlier")
    change(closed, status=Status.TERMINATED)
    page = listed(cast.csw, Criteria(last_name="earl"), status=NON_CLOSED)
    assert (page.total, page.closed) == (0, 1)
    assert listed(cast.csw, Criteria(last_name="earl"), status=ANY_STATUS).closed == 0
    assert listed(cast.csw).closed == 0


# Pages and order

LAST_NAMES = [
    "Álvarez",
    "alvarez",
    "Zuñiga",
    "Zuniga",
    "Ñandú",
    "Nunez",
    "De-la-Cruz",
    "O'Brien",
    "Müller",
    "Žižek",
    "",
]


def many(cast: Cast) -> dict[int, dict[str, Any]]:
    """Forty assignments that differ, repeat and are blank in every column; their facts by number."""
    facts: dict[int, dict[str, Any]] = {}
    for n in range(40):
        number = add_assignment(cast, supervisor=("scsw", "substitute")[n % 2], worker=("csw", "colleague")[n % 3 > 1])
        facts[number] = {
            "state_id": f"{n % 7}" if n % 5 else "",
            "pdj_number": f"PJ{n % 4}" if n % 3 else "",
            "last_name": LAST_NAMES[n % len(LAST_NAMES)],
            "first_name": ("Ana", "ÁNGELA", "zoe")[n % 3],
            "referral_id": None if n % 6 == 0 else f"{n * 37 % 41:019d}",
            "case_id": None if n % 4 == 0 else f"{n % 9:019d}",
            "referral_on": None if n % 8 == 0 else date(2026, 1 + n % 9, 1 + n % 3),
            "referral_name": ("", "b 3 DAY", "A IR", "Ávila IR")[n % 4],
            "status": sorted(Status)[n % len(Status)],
            "agency_id": list(cast.agencies.values())[n % 2] if n % 3 else None,
            "advocate_id": cast.people[("advocate", "advocate_second")[n % 2]].person_id if n % 6 == 1 else None,
        }
        change(number, **facts[number])
        facts[number] |= {"csw": "Worker, Wanda" if n % 3 < 2 else "Colleague, Colin"}
        facts[number] |= {"scsw": "Supervisor, Sonia" if n % 2 == 0 else "Substitute, Simon"}
        facts[number] |= {"agency": ("Harbor Light Advocacy", "New Dawn, Inc.")[n % 2] if n % 3 else None}
        facts[number] |= {"advocate": ("Advocate, Alan", "Advocate, Bea")[n % 2] if n % 6 == 1 else None}
    for number in (cast.dcfs_number, cast.probation_number):
        change(number, status=Status.NEW, office_code=OTHER_OFFICE, worker_id=cast.left.person_id)
    return facts


PLAIN = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ" + ascii_uppercase, "aeiouunaeiouun" + ascii_lowercase)
COLUMNS: dict[SortBy, list[Callable[[dict[str, Any]], Any]]] = {
    SortBy.NUMBER: [],
    SortBy.STATE_ID: [lambda f: f["state_id"]],
    SortBy.REFERRAL: [lambda f: f["referral_id"]],
    SortBy.CPH_DATE: [lambda f: f["referral_on"]],
    SortBy.REFERRAL_NAME: [lambda f: f["referral_name"].translate(PLAIN)],
    SortBy.YOUTH: [lambda f: f["last_name"].translate(PLAIN), lambda f: f["first_name"].translate(PLAIN)],
    SortBy.CASE: [lambda f: f["case_id"]],
    SortBy.PDJ: [lambda f: f["pdj_number"]],
    SortBy.STATUS: [lambda f: f["status"]],
    SortBy.AGENCY: [lambda f: f["agency"], lambda f: f["advocate"]],
    SortBy.CSW: [lambda f: f["csw"]],
    SortBy.SCSW: [lambda f: f["scsw"]],
}


def sorted_plainly(facts: dict[int, dict[str, Any]], by: SortBy, *, descending: bool) -> list[int]:
    """The order a person expects: by the column, then by number; blank cells last in both directions."""
    order = sorted(facts, reverse=descending)
    for value in reversed(COLUMNS[by]):
        # Python's sort keeps the order of equals, in reverse too.
        filled = sorted((n for n in order if value(facts[n])), key=lambda n: value(facts[n]), reverse=descending)
        order = filled + [n for n in order if not value(facts[n])]
    return order


@pytest.mark.parametrize("long", [False, True])
def test_every_column_sorts_both_ways_over_all_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch, long: bool) -> None:
    """A list that is too long to be counted is read along an index, and is in the same order."""
    facts = many(cast)
    if long:
        monkeypatch.setattr(listings, "COUNTED_AT_MOST", len(facts) - 1)
    for by in SortBy:
        for descending in (False, True):
            found = numbers(cast.scsw, status=ANY_STATUS, sort_by=by, descending=descending, whole_office=True)
            assert found == sorted_plainly(facts, by, descending=descending), (by, descending)


def test_pages_beyond_the_ends_are_the_ends(cast: Cast) -> None:
    many(cast)
    last = listed(cast.scsw, status=ANY_STATUS, page=99, whole_office=True)
    assert (last.page, last.pages, last.total, len(last.rows)) == (2, 2, 40, 40 - PAGE_SIZE)
    assert listed(cast.scsw, status=ANY_STATUS, page=-3, whole_office=True).page == 1
    empty = listed(cast.csw_elsewhere, page=5)
    assert (empty.rows, empty.total, empty.page, empty.pages) == ((), 0, 1, 1)
