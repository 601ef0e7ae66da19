"""The lists of Attention: what stands on which, the kept clocks against the slow rules, each number against its list."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from cts.domain.activity import Entry, Outcome
from cts.domain.calendar import add_months
from cts.domain.filters import Attention, Filters, read_filters
from cts.domain.service_time import ServiceTime
from cts.domain.vocabulary import Document, Role, Status
from cts.domain.whereabouts import Update
from cts.services import activities, client_updates, clocks, listings
from cts.services.attention_lists import GROUPS, OF_THE_COUNTY, attention_tiles, flag_keeper
from cts.services.fetching import today_of
from cts.services.listings import listing
from cts.services.record_documents import phases
from cts.services.refusals import NotPermitted
from cts.services.service_meter import meter_of
from db.models import Agency, Assignment, ClockRule
from db.session import reading, writing
from tests.cast import DCFS_OFFICE, NOW, OTHER_OFFICE, TODAY, Cast, add_assignment, make_cast
from tests.parts.desk import Desk, served
from tests.services.test_listings import change

VISIT = Entry(None, "visit", "in_person", "home", Outcome.COMPLETED, 30, ("youth",))
TRY = Entry(None, "visit", "in_person", "home", Outcome.ATTEMPTED, None, ("youth",))


@pytest.fixture
def desk(database: Engine) -> Desk:
    """The DCFS youth, served by Alan Advocate since November 2."""
    return served()


def kept(number: int) -> tuple[date | None, date | None]:
    with reading() as session:
        wanted = select(Assignment.phase_due_on, Assignment.contact_due_on).where(Assignment.number == number)
        phase, contact = session.execute(wanted).one()
        return phase, contact


def on_list(desk: Desk, kind: Attention, who: str = "admin", days: int = 0) -> bool:
    today = desk.today + timedelta(days=days)
    found = listing(desk.cast.people[who], filters=Filters(attention=kind), today=today)
    return desk.number in {row.number for row in found.rows}


def test_every_list_stands_once_on_the_page() -> None:
    shown = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(shown) == sorted(Attention)


def test_a_missed_contact_is_kept_with_every_entry_and_update(desk: Desk) -> None:
    began, advocate = desk.today, desk.cast.people["advocate"]
    week = timedelta(days=7)
    assert kept(desk.number) == (began + timedelta(days=30), began + timedelta(days=6))
    assert not on_list(desk, Attention.CONTACT_MISSED, days=6) and on_list(desk, Attention.CONTACT_MISSED, days=7)
    desk.tick(days=8)
    met = replace(VISIT, happened_on=began + timedelta(days=8))
    first = activities.add(advocate, desk.number, met, "a", desk.tick())
    assert kept(desk.number)[1] == began + 2 * week + timedelta(days=6)
    attempted = activities.correct(
        advocate, desk.number, first, replace(TRY, happened_on=met.happened_on), "b", desk.tick()
    )
    assert kept(desk.number)[1] == began + timedelta(days=6)
    client_updates.add(advocate, desk.number, Update(began, "AWOL/missing"), "c", desk.tick())
    assert kept(desk.number)[1] == began + timedelta(days=6)  # nobody looked for the youth in the first week
    activities.add(advocate, desk.number, replace(TRY, happened_on=began), "d", desk.tick())
    assert kept(desk.number)[1] == began + 2 * week + timedelta(days=6)
    activities.take_back(advocate, desk.number, attempted, "Another youth.", desk.tick())
    assert kept(desk.number)[1] == began + week + timedelta(days=6)


def test_a_phase_is_overdue_until_it_is_approved(desk: Desk) -> None:
    began = desk.today
    assert on_list(desk, Attention.PHASE_OVERDUE, days=31) and not on_list(desk, Attention.PHASE_OVERDUE, days=30)
    desk.plan().writes("advocate", extension_days="5", extension_reason="School holidays.")
    assert kept(desk.number)[0] == began + timedelta(days=35)
    desk.plan().writes("advocate", extension_days=None)
    desk.plan().brings_to_approval()
    assert kept(desk.number)[0] == began + timedelta(days=82)
    desk.tick(days=90)
    overdue = [row.overdue for row in phases(desk.cast.people["advocate"], desk.number, desk.now)]
    assert overdue[1].startswith("Overdue") and on_list(desk, Attention.PHASE_OVERDUE)


def test_after_the_end_no_clock_runs(desk: Desk) -> None:
    desk.brings_to_end_of_service()
    assert kept(desk.number) == (None, None)


def test_service_over_asks_for_a_request_or_a_report_in_hand(desk: Desk) -> None:
    meter = meter_of(desk.cast.people["admin"], desk.number, desk.now)
    assert meter is not None
    left = meter.days_left
    assert on_list(desk, Attention.LAST_MONTH, days=left) and not on_list(desk, Attention.SERVICE_OVER, days=left)
    assert on_list(desk, Attention.SERVICE_OVER, days=left + 1)
    report = desk.starts("advocate", Document.TERMINATION)
    assert not on_list(desk, Attention.SERVICE_OVER, days=left + 1)
    report.withdraws()
    assert on_list(desk, Attention.SERVICE_OVER, days=left + 1)


@given(end=st.dates(date(2026, 1, 1), date(2029, 12, 31)), days=st.integers(-20, 120))
@settings(max_examples=200)
def test_the_lists_of_the_last_months_are_those_of_the_meter(end: date, days: int) -> None:
    """Without a database: the bounds of the conditions against the sentence of the meter."""
    from cts.domain.service_time import latest_end

    today = end - timedelta(days=days)
    asks = bool(ServiceTime(add_months(end, -12), end, today).attention) and today <= end
    assert asks == (today <= end <= latest_end(today, 3))
    for months in (1, 2, 3):
        assert (end <= latest_end(today, months)) == (add_months(end, -months) <= today)


def test_from_the_agency_to_the_advocate_and_the_contract(database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_agency()
    assert on_list(desk, Attention.ALERTS_OPEN, "coordinator") and on_list(desk, Attention.NO_ADVOCATE, "csw")
    desk.acknowledges("coordinator")
    assert not on_list(desk, Attention.ALERTS_OPEN)
    desk.assigns("coordinator", "advocate")
    assert not on_list(desk, Attention.NO_ADVOCATE)
    last = desk.today + timedelta(days=61)
    with writing() as session:
        session.execute(update(Agency).where(Agency.short_name == "HLA").values(contract_end_on=last))
    assert not on_list(desk, Attention.AGENCY_ENDING) and on_list(desk, Attention.AGENCY_ENDING, days=1)
    assert on_list(desk, Attention.AGENCY_ENDING, days=61) and not on_list(desk, Attention.AGENCY_ENDED, days=61)
    assert on_list(desk, Attention.AGENCY_ENDED, days=62) and not on_list(desk, Attention.AGENCY_ENDING, days=62)


def test_other_settings_work_every_clock_out_anew_at_the_next_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(desk.number)
    assert clocks.keep_clocks_by_these_settings() == 1 and kept(desk.number) == before
    assert clocks.keep_clocks_by_these_settings() == 0
    with writing() as session:
        session.execute(update(Assignment).values(phase_due_on=None, contact_due_on=None))
        session.execute(update(ClockRule).values(words="contact every 9 days"))
    assert clocks.keep_clocks_by_these_settings() == 1 and kept(desk.number) == before


def test_the_flag_keeper_says_since_when_and_is_not_for_everybody(database: Engine) -> None:
    cast = make_cast()
    elsewhere = add_assignment(cast, worker="csw_elsewhere", supervisor="elsewhere", office=OTHER_OFFICE)
    change(cast.dcfs_number, case_flag_missing=True, case_start_on=date(2026, 10, 5))
    change(elsewhere, flag_ended_on=date(2026, 10, 9))
    missing, ended = flag_keeper(cast.people["admin"], NOW)
    assert [(f.number, f.since) for f in missing.lines] == [(cast.dcfs_number, "10/05/2026")]
    assert [(f.number, f.since) for f in ended.lines] == [(elsewhere, "10/09/2026")]
    assert [f.total for f in flag_keeper(cast.people["scsw"], NOW)] == [1, 0]
    assert [f.total for f in flag_keeper(cast.people["elsewhere"], NOW)] == [0, 1]
    for who in ("csw", "coordinator", "advocate", "support"):
        with pytest.raises(NotPermitted):
            flag_keeper(cast.people[who], NOW)
    with pytest.raises(NotPermitted):
        attention_tiles(cast.people["support"], NOW)


FACTS: dict[str, Any] = {
    "case_flag_missing": st.booleans(),
    "flag_ended_on": st.none() | st.just(date(2026, 10, 1)),
    "missing_since": st.none() | st.just(date(2026, 10, 1)),
    "worker_choice_open": st.booleans(),
    "status": st.sampled_from([Status.NEW, Status.APPROVED, Status.TERMINATED]),
    "service_end_on": st.none() | st.dates(date(2026, 10, 20), date(2027, 2, 20)),
    "phase_due_on": st.none() | st.dates(date(2026, 10, 30), date(2026, 11, 5)),
    "contact_due_on": st.none() | st.dates(date(2026, 10, 30), date(2026, 11, 5)),
    "office_code": st.sampled_from([DCFS_OFFICE, OTHER_OFFICE]),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.fixed_dictionaries(FACTS), min_size=3, max_size=3), agency=st.integers(0, 2))
def test_every_number_is_the_length_of_its_list(ground: Cast, rows: list[dict[str, Any]], agency: int) -> None:
    ids = [None, *ground.agencies.values()]
    for number, facts in zip((10_001, 10_002, 10_003), rows, strict=True):
        change(number, **facts, agency_id=ids[agency])
    for who in ("csw", "scsw", "admin", "coordinator", "advocate", "elsewhere"):
        actor = ground.people[who]
        for whole in (False, True):
            for tile in (t for tiles in attention_tiles(actor, NOW, whole_office=whole).values() for t in tiles):
                asked = read_filters(tile.query)
                found = listing(actor, filters=asked, today=today_of(NOW), whole_office=whole)
                assert (asked.attention, found.total) == (tile.kind, tile.number)
                assert actor.role not in {Role.ADVOCATE, Role.COORDINATOR} or tile.kind not in OF_THE_COUNTY


@pytest.mark.parametrize(
    "kind", [Attention.CONTACT_MISSED, Attention.PHASE_OVERDUE, Attention.SERVICE_OVER, Attention.FLAG_ENDED]
)
def test_a_list_longer_than_is_counted_is_read_in_order_of_the_numbers(
    database: Engine, monkeypatch: pytest.MonkeyPatch, kind: Attention
) -> None:
    cast = make_cast()
    numbers = [add_assignment(cast) for _ in range(12)]
    past = {f: date(2026, 10, 1) for f in ("contact_due_on", "phase_due_on", "service_end_on", "flag_ended_on")}
    for number in numbers:
        change(number, status=Status.APPROVED, **past)
    change(numbers[3], **dict.fromkeys(past))
    change(numbers[5], status=Status.TERMINATED)
    wanted = [n for place, n in enumerate(numbers) if place not in {3, 5}]
    for counted in (100, 8):
        monkeypatch.setattr(listings, "COUNTED_AT_MOST", counted)
        monkeypatch.setattr(listings, "PAGE_SIZE", 4)
        pages = [listing(cast.admin, Filters(attention=kind), TODAY, page=page) for page in (1, 2)]
        assert [row.number for page in pages for row in page.rows] == wanted[:8]
        assert {page.total for page in pages} == {min(10, counted + 1)}
        (last,) = [listing(cast.admin, Filters(attention=kind), TODAY, descending=True).rows[0]]
        assert last.number == wanted[-1]


@pytest.fixture
def ground(sqlite_database: Engine) -> Cast:
    """Three youth whose facts change with every example."""
    cast = make_cast()
    add_assignment(cast, worker="csw_elsewhere", supervisor="elsewhere")
    return cast
