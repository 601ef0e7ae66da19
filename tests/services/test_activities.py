"""Advocate Activity: the Advocate of the service writes, corrects and takes back; those who may open the record read; nothing is deleted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from cts.domain.activity import Entry, Outcome
from cts.domain.cadence import WeekState
from cts.domain.vocabulary import Status
from cts.domain.whereabouts import Update
from cts.services import client_updates
from cts.services.activities import add, correct, read_entry, read_month, read_months, take_back
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate, Refusal
from cts.settings import settings
from db.models import AccessEntry, Activity, Assignment
from db.session import reading, writing
from tests.cast import NOW, later
from tests.parts.desk import Desk, served

TODAY = date(2026, 11, 2)
VISIT = Entry(TODAY, "visit", "in_person", "home", Outcome.COMPLETED, 60, ("youth",), "Met at home.")


@pytest.fixture
def desk(database: Engine) -> Desk:
    """A youth served by Alan Advocate since this day."""
    return served()


def entry(days: int = 0, **changes: Any) -> Entry:
    return replace(VISIT, happened_on=TODAY + timedelta(days=days), **changes)


def count() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Activity)) or 0


def change_assignment(desk: Desk, **changes: Any) -> None:
    with writing() as session:
        row = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        for column, value in changes.items():
            setattr(row, column, value)


READERS = ("csw", "scsw", "substitute", "admin", "coordinator", "advocate")
STRANGERS = (
    "colleague",
    "elsewhere",
    "csw_elsewhere",
    "dpo",
    "rival_coordinator",
    "rival_advocate",
    "advocate_second",
    "support",
)


def test_what_the_advocate_writes_all_who_may_open_the_record_read(desk: Desk) -> None:
    add(desk.cast.advocate, desk.number, VISIT, "k1", NOW)
    for who in READERS:
        month = read_month(desk.cast.people[who], desk.number, None, NOW)
        assert [(line.entry, line.written, line.gone) for line in month.lines] == [
            (VISIT, "Alan Advocate, 11/02/2026", "")
        ]
        assert month.may_write == month.lines[0].may_change == (who == "advocate")
        assert month.totals.minutes == 60
    for who in STRANGERS:
        with pytest.raises(NotPermitted):
            read_month(desk.cast.people[who], desk.number, None, NOW)


def writes(desk: Desk) -> dict[str, Callable[[Any], object]]:
    """Every verb that writes, on an entry that stands."""
    mine = add(desk.cast.advocate, desk.number, VISIT, "mine", NOW)
    return {
        "add": lambda actor: add(actor, desk.number, VISIT, "another", NOW),
        "take back": lambda actor: take_back(actor, desk.number, mine, "Twice.", NOW),
        "correct": lambda actor: correct(actor, desk.number, mine, VISIT, "better", NOW),
    }


def test_nobody_else_writes(desk: Desk) -> None:
    for who in {*READERS, *STRANGERS} - {"advocate"}:
        for verb in writes(desk).values():
            with pytest.raises(NotPermitted):
                verb(desk.cast.people[who])
    assert count() == 1


def test_a_former_advocate_neither_reads_nor_writes_and_the_new_one_may_correct(desk: Desk) -> None:
    mine = add(desk.cast.advocate, desk.number, VISIT, "k1", NOW)
    desk.assigns("coordinator", "advocate_second")
    for attempt in (
        lambda: read_month(desk.cast.advocate, desk.number, None, NOW),
        lambda: read_entry(desk.cast.advocate, desk.number, mine, NOW),
        lambda: add(desk.cast.advocate, desk.number, VISIT, "k2", NOW),
        lambda: take_back(desk.cast.advocate, desk.number, mine, "Mine.", NOW),
        lambda: correct(desk.cast.advocate, desk.number, mine, VISIT, "k3", NOW),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    correct(desk.cast.advocate_second, desk.number, mine, replace(VISIT, minutes=45), "k4", NOW)
    lines = read_month(desk.cast.csw, desk.number, None, NOW).lines
    assert [(line.entry.minutes, line.written.split(",")[0]) for line in lines] == [
        (45, "Bea Advocate"),
        (60, "Alan Advocate"),
    ]
    assert lines[1].gone == "Taken back on 11/02/2026 by Bea Advocate: replaced by a corrected entry"


def test_another_record_and_a_missing_id_look_alike(desk: Desk) -> None:
    mine = add(desk.cast.advocate, desk.number, VISIT, "k1", NOW)
    other = Desk(desk.cast, desk.cast.probation_number)
    other.brings_to_advocate("dpo", "sdpo")
    for number, entry_id in ((other.number, mine), (desk.number, mine + 900)):
        for attempt in (
            lambda n, i: take_back(desk.cast.advocate, n, i, "Twice.", NOW),
            lambda n, i: correct(desk.cast.advocate, n, i, VISIT, "k2", NOW),
            lambda n, i: read_entry(desk.cast.advocate, n, i, NOW),
        ):
            with pytest.raises(NotPermitted, match="There is no such record"):
                attempt(number, entry_id)
    for number in (0, 99_999, 2**40):
        with pytest.raises(NotPermitted, match="There is no such record"):
            add(desk.cast.advocate, number, VISIT, "k5", NOW)
    with pytest.raises(OutOfDate):
        add(desk.cast.advocate, other.number, VISIT, "k1", NOW)
    assert count() == 1


def test_before_the_agency_there_is_no_record_and_after_the_end_it_is_read_only(desk: Desk) -> None:
    with pytest.raises(NotPermitted, match="There is no such record"):
        read_month(desk.cast.dpo, desk.cast.probation_number, None, NOW)
    verbs = writes(desk)
    change_assignment(desk, status=Status.TERMINATED, closed_at=later(days=3))
    for verb in verbs.values():
        with pytest.raises(NotPermitted, match="The service has ended"):
            verb(desk.cast.advocate)
    assert read_month(desk.cast.advocate, desk.number, None, later(days=40)).first_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"happened_on": TODAY + timedelta(days=1)}, "happened_on"),
        ({"happened_on": TODAY - timedelta(days=1)}, "happened_on"),
        ({"minutes": None}, "minutes"),
        ({"note": "x" * 1001}, "note"),
        ({"note": "\ud800"}, "note"),
    ],
)
def test_a_faulty_entry_names_the_field_and_changes_nothing(desk: Desk, change: dict[str, Any], field: str) -> None:
    mine = add(desk.cast.advocate, desk.number, VISIT, "k1", NOW)
    for attempt in (
        lambda e: add(desk.cast.advocate, desk.number, e, "k2", NOW),
        lambda e: correct(desk.cast.advocate, desk.number, mine, e, "k3", NOW),
    ):
        with pytest.raises(Incomplete) as refused:
            attempt(replace(VISIT, **change))
        assert [f for f, _ in refused.value.problems] == [field]
    assert count() == 1
    assert read_entry(desk.cast.advocate, desk.number, mine, NOW).gone == ""


def test_what_is_taken_back_counts_no_more_and_stays_with_its_reason(desk: Desk) -> None:
    mine = add(desk.cast.advocate, desk.number, VISIT, "k1", NOW)
    for reason in ("", "  ", "x" * 201):
        with pytest.raises(Incomplete):
            take_back(desk.cast.advocate, desk.number, mine, reason, NOW)
    take_back(desk.cast.advocate, desk.number, mine, " Another youth. ", later(days=1))
    month = read_month(desk.cast.scsw, desk.number, None, later(days=1))
    assert month.lines[0].gone == "Taken back on 11/03/2026 by Alan Advocate: Another youth."
    assert month.totals.minutes == 0
    assert month.cadence is not None
    assert month.cadence.weeks[0].state is WeekState.OPEN
    for attempt in (
        lambda: take_back(desk.cast.advocate, desk.number, mine, "Again.", NOW),
        lambda: correct(desk.cast.advocate, desk.number, mine, VISIT, "k2", NOW),
    ):
        with pytest.raises(OutOfDate):
            attempt()


def test_a_scheduled_contact_is_written_up(desk: Desk) -> None:
    plan = entry(3, outcome=Outcome.SCHEDULED, minutes=None)
    mine = add(desk.cast.advocate, desk.number, plan, "k1", NOW)
    assert read_month(desk.cast.csw, desk.number, None, later(days=3)).to_write_up == ()
    late = read_month(desk.cast.csw, desk.number, date(2027, 1, 1), later(days=4)).to_write_up
    assert [(line.id, line.to_write_up) for line in late] == [(mine, True)]
    correct(desk.cast.advocate, desk.number, mine, entry(3), "k2", later(days=4))
    month = read_month(desk.cast.csw, desk.number, None, later(days=4))
    assert month.to_write_up == ()
    assert [line.entry.outcome for line in month.lines] == [Outcome.COMPLETED, Outcome.SCHEDULED]


def test_a_month_shows_its_own_entries_and_says_where_there_are_more(desk: Desk) -> None:
    now = later(days=40)
    for place, days in enumerate((0, 28, 29, 39, 80)):
        outcome = Outcome.SCHEDULED if days == 80 else Outcome.COMPLETED
        add(desk.cast.advocate, desk.number, entry(days, outcome=outcome), f"k{place}", now)
    november = read_month(desk.cast.csw, desk.number, date(2026, 11, 17), now)
    assert [line.entry.happened_on for line in november.lines] == [date(2026, 11, 30), date(2026, 11, 2)]
    assert (november.earlier, november.later) == (False, True)
    now_shown = read_month(desk.cast.csw, desk.number, None, now)
    assert (now_shown.first_on, len(now_shown.lines)) == (date(2026, 12, 1), 2)
    last = read_month(desk.cast.csw, desk.number, date(2027, 1, 1), now)
    assert (len(last.lines), last.earlier, last.later) == (1, True, False)
    months = read_months(desk.cast.csw, desk.number, now)
    assert [(m.first_on, m.lines, m.totals) for m in months] == [
        (m.first_on, m.lines, m.totals) for m in (november, now_shown, last)
    ]


def test_the_weekly_contact_begins_with_the_first_advocate_and_goes_on_with_the_next(desk: Desk) -> None:
    other = Desk(desk.cast, desk.cast.probation_number)
    other.brings_to_agency("dpo", "sdpo")
    assert read_month(desk.cast.dpo, other.number, None, other.now).cadence is None
    other.acknowledges("coordinator")
    other.tick(days=10)
    other.assigns("coordinator", "advocate")
    other.assigns("coordinator", "advocate_second")
    month = read_month(desk.cast.dpo, other.number, None, later(days=18))
    assert month.cadence is not None
    assert [w.first for w in month.cadence.weeks] == [date(2026, 11, 12), date(2026, 11, 19)]
    assert month.cadence.due_by == date(2026, 11, 25)


def test_a_week_of_awol_in_which_the_youth_was_looked_for_is_not_missed(desk: Desk) -> None:
    now, advocate = later(days=15), desk.cast.advocate
    add(advocate, desk.number, entry(1), "k1", now)
    client_updates.add(advocate, desk.number, Update(TODAY + timedelta(days=6), "AWOL/missing"), "u1", now)
    add(advocate, desk.number, entry(9, outcome=Outcome.ATTEMPTED, minutes=None), "k2", now)
    month = read_month(desk.cast.csw, desk.number, None, now)
    assert month.cadence is not None
    assert [w.state for w in month.cadence.weeks] == [WeekState.MET, WeekState.ABSENT, WeekState.OPEN]
    assert settings().contact_every_days == 7


def test_one_press_twice_at_once_is_one_entry(desk: Desk) -> None:
    meet = Barrier(2)

    def press(_place: int) -> int:
        meet.wait()
        return add(desk.cast.advocate, desk.number, VISIT, "one press", NOW)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(press, range(2))
    assert first == second
    assert count() == 1


def test_two_corrections_at_once_are_one_and_the_other_is_told(desk: Desk) -> None:
    for round_ in range(6):
        mine = add(desk.cast.advocate, desk.number, VISIT, f"k{round_}", NOW)
        meet = Barrier(2)

        def press(key: str, mine: int = mine, meet: Barrier = meet) -> str:
            meet.wait()
            try:
                return str(correct(desk.cast.advocate, desk.number, mine, replace(VISIT, minutes=5), key, NOW))
            except Refusal as refusal:
                return type(refusal).__name__

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(press, (f"a{round_}", f"b{round_}")))
        assert sorted(s.isdigit() for s in said) == [False, True]
        assert "OutOfDate" in said
    assert count() == 12


def test_writings_and_refusals_are_in_the_access_log_without_a_word_of_the_note(desk: Desk) -> None:
    mine = add(desk.cast.advocate, desk.number, replace(VISIT, note="Canary note."), "k1", NOW)
    with pytest.raises(NotPermitted):
        take_back(desk.cast.rival_advocate, desk.number, mine, "Canary reason.", NOW)
    take_back(desk.cast.advocate, desk.number, mine, "Canary reason.", NOW)
    with reading() as session:
        entries = session.scalars(select(AccessEntry).where(AccessEntry.action.like("%activit%"))).all()
    assert [(e.actor_id, e.action, e.outcome) for e in entries] == [
        (desk.cast.advocate.person_id, "add activity", "done"),
        (desk.cast.rival_advocate.person_id, "take back activity", "refused"),
        (desk.cast.advocate.person_id, "take back activity", "done"),
    ]
    assert "Canary" not in "".join(f"{e.details} {e.reason}" for e in entries)
