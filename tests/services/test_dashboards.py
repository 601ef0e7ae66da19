"""Dashboards: every number is the length of its list, for random counties and each role; nobody's numbers tell of what is not theirs."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from cts.domain.boards import (
    SMALLEST_SHOWN,
    Section,
    Stage,
    State,
    StayFilter,
    hide_small,
    percentile,
    read_stay_filter,
    stage_of_key,
)
from cts.domain.filters import Filters, read_filters
from cts.domain.vocabulary import Document, Party, Status
from cts.services import board_places
from cts.services.board_people import HIDDEN
from cts.services.board_shapes import Board, Figure
from cts.services.dashboards import BUILDERS, dashboard
from cts.services.fetching import today_of
from cts.services.listings import listing
from cts.services.refusals import NotPermitted
from cts.services.stay_list import StayRow, list_stays, stays_asked
from cts.services.tallies import fold_counts
from db.models import AccessEntry
from db.session import close_database, reading
from tests.cast import DCFS_OFFICE, NOW, OTHER_OFFICE, Cast, make_cast
from tests.parts.county import fill_county
from tests.parts.databases import open_unsynced

READERS = ("admin", "scsw", "substitute", "elsewhere", "sdpo", "coordinator", "rival_coordinator")
OTHERS = ("csw", "dpo", "advocate", "support")
ASKED: tuple[dict[str, str], ...] = ({}, {"period": "2025"}, {"stage": "referral.pending_supervisor.supervisor"})
OF_ADMINISTRATION = ({"of": f"office-{DCFS_OFFICE}"}, {"of": "agency-1"}, {"of": "office-none'"})
OF_OTHERS: dict[str, str] = dict.fromkeys(("offices", "agencies", "advocates"), "2")
"""The next of those that stand side by side."""


def boards(cast: Cast, who: str) -> Iterator[Board]:
    """Every section as this person may ask for it."""
    asked = (*ASKED, *OF_ADMINISTRATION, OF_OTHERS) if who == "admin" else ASKED
    for section in Section:
        for query in asked:
            yield dashboard(cast.people[who], {"section": section, **query}, NOW)


def figures(board: Board) -> Iterator[Figure]:
    """Every figure of a section."""
    yield from (tile.figure for tile in board.tiles)
    for grid in board.grids:
        for row in grid.rows:
            yield from row


def rows_of(cast: Cast, who: str, asked: StayFilter) -> list[StayRow]:
    """A whole list, page after page."""
    first = list_stays(cast.people[who], asked, NOW)
    pages = [list_stays(cast.people[who], asked, NOW, page=n) for n in range(2, first.pages + 1)]
    rows = [row for page in (first, *pages) for row in page.rows]
    assert len(rows) == first.total
    return rows


def difference(cast: Cast, who: str, figure: Figure) -> str:
    """In what a number differs from the list it opens; '' when it is its length, or the sum of its money."""
    address = urlsplit(figure.href)
    query = dict(parse_qsl(address.query))
    if address.path == "/stays":
        rows = rows_of(cast, who, stays_asked(query))
        if figure.text.startswith("$"):
            money = sum((Decimal(r.money.lstrip("$").replace(",", "")) for r in rows if r.money), Decimal(0))
            return "" if float(money) == figure.amount else f"{figure}: {money}"
        if figure.listed is not None:  # a number of days: one of those of the list
            days = {row.days for row in rows}
            return "" if len(rows) == figure.listed and figure.amount in days else f"{figure}: {len(rows)}, {days}"
        found = len(rows)
    else:
        assert address.path == "/"
        today, whole = today_of(NOW), query.get("office") == "all"
        found = listing(cast.people[who], filters=read_filters(query), today=today, whole_office=whole).total
    return "" if found == figure.amount and found > 0 else f"{figure}: {found}"


def differences(cast: Cast, who: str) -> list[str]:
    """All numbers of all sections that differ from their lists."""
    seen = {figure for board in boards(cast, who) for figure in figures(board) if figure.href}
    assert len(seen) > (10 if who.endswith("coordinator") else 20)
    return [fault for figure in seen if (fault := difference(cast, who, figure))]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_number_is_the_length_of_its_list(
    migrated_sqlite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_places, "AT_ONCE", dict.fromkeys(OF_OTHERS, 1))

    @settings(
        max_examples=2,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 10_000), st.integers(40, 70), st.booleans())
    def seen(seed: int, youth: int, folded: bool) -> None:
        path = tmp_path / f"run {seed} {youth}.sqlite"
        shutil.copy(migrated_sqlite_file, path)
        open_unsynced(f"sqlite:///{path}")
        try:
            cast = county(seed, youth, folded=folded)
            for who in READERS:
                assert differences(cast, who) == []
        finally:
            close_database()

    seen()


def county(seed: int, youth: int, *, folded: bool) -> Cast:
    """The cast, with so many youth more."""
    cast = make_cast()
    fill_county(cast, Random(seed), youth)
    if folded:
        fold_counts()
    return cast


@pytest.fixture
def cast(database: Engine) -> Cast:
    return county(7, 80, folded=False)


def test_on_both_databases_numbers_are_their_lists_and_days_those_of_a_slow_recount(cast: Cast) -> None:
    for who in ("admin", "scsw", "coordinator"):
        assert differences(cast, who) == []
        for board in (dashboard(cast.people[who], {"section": s}, NOW) for s in (Section.TIME, Section.PENDING)):
            for row in board.grids[0].rows:
                check_days(cast, who, row)


def check_days(cast: Cast, who: str, row: tuple[Figure, ...]) -> None:
    """Median, 90th percentile and longest of a stage, or its ages and oldest, from the rows of its list."""
    counted = read_stay_filter(dict(parse_qsl(urlsplit(row[2].href).query)))
    days = sorted(stay.days for stay in rows_of(cast, who, counted))
    said = [figure.amount for figure in row[3:]]
    if counted.state == State.WAITING:
        bounds = ((0, 3), (4, 7), (8, 14), (15, 30), (31, 10_000))
        assert said == [*(sum(a <= d <= b for d in days) for a, b in bounds), max(days)]
        return
    # Nearest rank: the smallest number of days that at least so many percent did not exceed.
    slow = [next(d for d in days if sum(e <= d for e in days) * 100 >= p * len(days)) for p in (50, 90)]
    assert said == [*slow, max(days)]


def test_nothing_sent_to_anybody_tells_of_what_is_not_theirs(sqlite_database: Engine) -> None:
    cast = county(11, 120, folded=False)
    everything = {who: "\n".join(sent(cast, who)) for who in READERS}
    for who, others in {
        "scsw": [OTHER_OFFICE, "PCTU1", "South County", "Child Trafficking", "Dora", "Elena"],
        "elsewhere": [DCFS_OFFICE, "PCTU1", "Santa Clarita", "Wanda", "Sonia"],
        "coordinator": ["New", "Nora", "Cora", "rival"],
        "rival_coordinator": ["Harbor", "Carla", "Alan", "Bea"],
    }.items():
        own = everything[who]
        assert "Canary" in own
        assert [word for word in others if f"Canary {word}" in own or (word in own and word != "New")] == []
    for who in OTHERS:
        with pytest.raises(NotPermitted):
            dashboard(cast.people[who], {}, NOW)
        with pytest.raises(NotPermitted):
            list_stays(cast.people[who], StayFilter(), NOW)
    with reading() as session:
        refused = session.scalars(select(AccessEntry.action).where(AccessEntry.outcome == "refused")).all()
    assert {"open dashboards", "list stays"} <= set(refused)


def sent(cast: Cast, who: str) -> Iterator[str]:
    """All that dashboards and their lists tell a person, also one who asks for what is not his or hers."""
    for section in Section:
        for query in ({}, *OF_ADMINISTRATION, {"of": f"office-{OTHER_OFFICE}"}, {"of": "agency-2"}):
            yield repr(dashboard(cast.people[who], {"section": section, **query}, NOW))
    for state in State:
        for more in ({}, {"office_code": OTHER_OFFICE}, {"agency": "2"}, {"agency": "1"}):
            yield repr(rows_of(cast, who, StayFilter(state=state, **more)))


def test_a_sensitive_youth_counts_for_the_own_supervisor_only(sqlite_database: Engine) -> None:
    cast = county(5, 150, folded=True)
    totals = {who: dashboard(cast.people[who], {}, NOW).tiles[0].figure.amount for who in ("scsw", "substitute")}
    of_office = dashboard(cast.admin, {"of": f"office-{DCFS_OFFICE}"}, NOW).tiles[0].figure.amount
    assert len(set(totals.values())) == 2 and max(n or 0 for n in totals.values()) <= (of_office or 0)


def test_small_counts_are_hidden_and_open_no_list(cast: Cast) -> None:
    board = dashboard(cast.scsw, {"section": Section.SERVED}, NOW)
    for grid in board.grids:
        shown = [row[1] for row in grid.rows]
        assert all(not f.href and (f.text == HIDDEN or (f.amount or 0) >= SMALLEST_SHOWN) for f in shown)
        assert sum(f.text == HIDDEN for f in shown) != 1


@given(st.lists(st.integers(0, 30), max_size=8))
def test_no_small_count_is_read_or_deduced(counts: list[int]) -> None:
    hidden = hide_small(counts)
    behind = [n for n, hide in zip(counts, hidden, strict=True) if hide]
    assert all(hide for n, hide in zip(counts, hidden, strict=True) if n < SMALLEST_SHOWN)
    if len(counts) > 1 and behind and len(behind) < len(counts):
        assert len(behind) > 1 and max(behind) >= SMALLEST_SHOWN
    assert not any(hidden) or min(behind) < SMALLEST_SHOWN


@given(st.dictionaries(st.integers(0, 400), st.integers(1, 50), max_size=20), st.integers(1, 100))
def test_a_percentile_is_the_nearest_rank(histogram: dict[int, int], percent: int) -> None:
    days = sorted(d for d, number in histogram.items() for _ in range(number))
    found = percentile(histogram, percent)
    assert found == (next(d for d in days if sum(e <= d for e in days) * 100 >= percent * len(days)) if days else None)


def test_an_address_is_read_back_and_nothing_else_is() -> None:
    stage = Stage(Document.REFERRAL, Status.PENDING_SUPERVISOR, Party.SUPERVISOR)
    asked = StayFilter(
        "ended", stage.key, "funds", "approved", "submit again", "-", "4-7", "2026-01", "2026-11", "1912A", "2"
    )
    assert read_stay_filter(asked.as_query()) == asked
    assert stage_of_key(stage.key) == stage
    nonsense: dict[str, Any] = dict.fromkeys(StayFilter.__dataclass_fields__, "1' OR 1=1")
    assert read_stay_filter(nonsense) == StayFilter() and StayFilter().as_query() == {}
    assert read_filters(Filters().as_query()) == Filters()
    assert read_filters({"advocate": "0", "agency": "0"}) == Filters()
    assert set(BUILDERS) == set(Section)


@pytest.mark.parametrize(
    "query",
    [
        {"last": "9999-12"},
        {"first": "0001-01"},
        {"first": "2026-1"},
        {"last": "２０２６-01"},
        {"by": "rejekt"},
        {"reason": "rejekt", "document": "referral"},
        {"reason": "graduated", "document": "referral"},
        {"reason": "graduated"},
        {"agency": "0"},
    ],
)
def test_what_an_address_of_a_list_cannot_mean_is_treated_as_not_said(
    sqlite_database: Engine, query: dict[str, str]
) -> None:
    cast = make_cast()
    asked = stays_asked({"state": "ended"} | query)
    assert asked == StayFilter(state="ended", document=query.get("document", ""))
    assert list_stays(cast.scsw, asked, NOW).total == list_stays(cast.scsw, StayFilter(state="ended"), NOW).total


def test_the_last_month_of_the_century_and_a_reason_of_its_document_are_read(sqlite_database: Engine) -> None:
    said = {"state": "ended", "document": "termination", "reason": "graduated", "last": "2099-12"}
    assert stays_asked(said).as_query() == said
    assert list_stays(make_cast().scsw, stays_asked(said), NOW).total == 0


@pytest.mark.parametrize("of", ["office-ZZZ", "agency-999999", "agency-0", "office-", "nobody"])
def test_whom_nothing_belongs_to_is_not_asked_for_and_the_choice_says_whose_numbers_stand_there(
    sqlite_database: Engine, of: str
) -> None:
    cast = make_cast()
    plain, asked = (dashboard(cast.admin, query, NOW) for query in ({}, {"of": of}))
    assert asked == plain and asked.choices[0].chosen == "program"
    office = dashboard(cast.admin, {"of": f"office-{DCFS_OFFICE}"}, NOW)
    assert office.choices[0].chosen == f"office-{DCFS_OFFICE}" and office.grids != plain.grids


def test_a_look_is_logged_when_the_page_is_opened_and_when_another_section_is_shown(sqlite_database: Engine) -> None:
    admin = make_cast().admin
    asked = {"section": Section.REFERRALS, "of": "agency-999999"}
    dashboard(admin, asked, NOW, opened=True, seen=None)
    dashboard(admin, asked, NOW, seen=Section.REFERRALS)
    dashboard(admin, {}, NOW, seen=Section.REFERRALS)
    with reading() as session:
        looks = session.scalars(select(AccessEntry).where(AccessEntry.action == "open dashboards")).all()
    assert [look.details["section"] for look in looks] == ["Referrals", "Pending now"]
