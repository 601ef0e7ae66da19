"""Advocate Activity: what an entry must say, the totals of a month, the weekly contact; and where a youth is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.activity import LOCATIONS, METHODS, PEOPLE, TYPES, Entry, Outcome, faults, tidy, totals
from cts.domain.cadence import WeekState, cadence, contact_due_on
from cts.domain.whereabouts import Absence, Update, absences, present, still_to_do
from cts.domain.whereabouts import faults as update_faults

START, TODAY = date(2026, 11, 2), date(2026, 11, 30)
VISIT = Entry(TODAY, "visit", "in_person", "home", Outcome.COMPLETED, 60, ("youth",), "Met at home.")
ENTRIES = st.builds(
    Entry,
    happened_on=st.dates(START, TODAY),
    type=st.sampled_from(list(TYPES)),
    method=st.sampled_from(list(METHODS)),
    location=st.sampled_from(["", *LOCATIONS]),
    outcome=st.sampled_from(list(Outcome)),
    minutes=st.none() | st.integers(1, 1440),
    with_whom=st.lists(st.sampled_from(list(PEOPLE)), unique=True).map(tuple),
)
SPANS = st.builds(
    lambda first, days: Absence(first, first + timedelta(days=days) if days else None),
    st.dates(START, TODAY),
    st.integers(0, 30),
)


def on(day: int, **changes: object) -> Entry:
    return replace(VISIT, happened_on=date(2026, 11, day), **changes)  # type: ignore[arg-type]


def test_a_whole_entry_has_no_fault() -> None:
    assert faults(VISIT, TODAY, START) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"happened_on": None}, "happened_on"),
        ({"happened_on": TODAY + timedelta(days=1)}, "happened_on"),
        ({"happened_on": START - timedelta(days=1)}, "happened_on"),
        ({"happened_on": TODAY - timedelta(days=1), "outcome": Outcome.SCHEDULED}, "happened_on"),
        ({"happened_on": TODAY + timedelta(days=400), "outcome": Outcome.SCHEDULED}, "happened_on"),
        ({"type": "golf"}, "type"),
        ({"outcome": "Perhaps"}, "outcome"),
        ({"method": ""}, "method"),
        ({"method": "telephone"}, "method"),
        ({"type": "check_in"}, "method"),
        ({"location": ""}, "location"),
        ({"minutes": None}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"minutes": -5, "outcome": Outcome.ATTEMPTED}, "minutes"),
        ({"with_whom": ()}, "with_whom"),
        ({"with_whom": ("nobody we know",)}, "with_whom"),
        ({"note": "x" * 1001}, "note"),
        ({"note": "a\0b"}, "note"),
    ],
)
def test_each_fault_names_its_field(change: dict[str, object], field: str) -> None:
    assert [f for f, _ in faults(tidy(replace(VISIT, **change)), TODAY, START)] == [field]  # type: ignore[arg-type]


def test_what_is_not_asked_is_not_kept() -> None:
    call = tidy(replace(VISIT, type="check_in", method="telephone"))
    assert (call.location, call.minutes) == ("", 60)
    assert tidy(replace(VISIT, outcome=Outcome.SCHEDULED)).minutes is None
    tomorrow = replace(VISIT, outcome=Outcome.SCHEDULED, happened_on=TODAY + timedelta(days=1))
    assert faults(tidy(tomorrow), TODAY, START) == []


def test_the_totals_of_a_month() -> None:
    found = totals(
        [
            VISIT,
            on(3, type="court", minutes=95),
            on(4, type="check_in", method="telephone", minutes=10),
            on(5, outcome=Outcome.ATTEMPTED, minutes=None),
            on(29, outcome=Outcome.SCHEDULED, minutes=None),
        ]
    )
    assert found.by_outcome == {Outcome.COMPLETED: 3, Outcome.ATTEMPTED: 1, Outcome.SCHEDULED: 1}
    assert found.minutes_by_type == {"visit": 60, "check_in": 10, "court": 95}
    assert (found.in_person, found.other, found.minutes) == (2, 1, 165)


def weeks(*entries: Entry, away: tuple[Absence, ...] = (), today: date = TODAY) -> list[WeekState]:
    return [w.state for w in cadence(START, 7, today, entries, away).weeks]


def test_each_week_from_the_first_day_needs_one_contact_in_person_with_the_youth() -> None:
    states = weeks(on(8), on(9, method="telephone"), on(16, with_whom=("staff",)), on(23, outcome=Outcome.ATTEMPTED))
    assert states == [WeekState.MET, WeekState.MISSED, WeekState.MISSED, WeekState.MISSED, WeekState.OPEN]
    found = cadence(START, 7, TODAY, [on(8), on(23, outcome=Outcome.ATTEMPTED)])
    assert [(w.first.day, w.last.day, w.attempts) for w in found.missed] == [(23, 29, 1), (16, 22, 0), (9, 15, 0)]


def test_the_last_day_of_a_week_is_not_missed_before_it_is_over() -> None:
    assert weeks(today=date(2026, 11, 8)) == [WeekState.OPEN]
    assert weeks(today=date(2026, 11, 9)) == [WeekState.MISSED, WeekState.OPEN]


def test_when_the_next_contact_is_due() -> None:
    assert cadence(START, 7, date(2026, 11, 4), []).due_by == date(2026, 11, 8)
    assert cadence(START, 7, date(2026, 11, 4), [on(3)]).due_by == date(2026, 11, 15)
    assert cadence(START, 7, date(2026, 11, 1), []).due_by == date(2026, 11, 8)


def test_a_youth_who_is_away_and_looked_for_is_no_missed_week() -> None:
    away = (Absence(date(2026, 11, 8), date(2026, 11, 23)),)
    looked_for = [on(6, outcome=Outcome.ATTEMPTED), on(10, type="outreach", method="telephone", with_whom=("parent",))]
    assert weeks(*looked_for, away=away)[:4] == [
        WeekState.ABSENT,
        WeekState.ABSENT,
        WeekState.MISSED,
        WeekState.MISSED,
    ]
    third = cadence(START, 7, TODAY, looked_for, away).weeks[2]
    assert third.absent
    assert weeks(*looked_for, on(22), away=away)[2] is WeekState.MET
    scheduled = on(17, type="outreach", outcome=Outcome.SCHEDULED)
    assert weeks(*looked_for, scheduled, away=away)[2] is WeekState.MISSED


def test_the_end_of_the_service_cuts_the_last_week_without_missing_it() -> None:
    found = cadence(START, 7, TODAY, [], (), ended_on=date(2026, 11, 18))
    assert ([w.last.day for w in found.weeks], found.due_by) == ([8, 15], None)
    whole = cadence(START, 7, TODAY, [], (), ended_on=date(2026, 11, 15))
    assert [w.state for w in whole.weeks] == [WeekState.MISSED, WeekState.MISSED]


@given(
    begins=st.dates(START, TODAY),
    every=st.integers(1, 40),
    days=st.integers(-3, 90),
    entries=st.lists(ENTRIES, max_size=12),
    away=st.lists(SPANS, max_size=3).map(tuple),
    ended=st.none() | st.dates(START, TODAY),
)
def test_windows_follow_each_other_and_an_entry_never_makes_it_worse(
    begins: date, every: int, days: int, entries: list[Entry], away: tuple[Absence, ...], ended: date | None
) -> None:
    today = begins + timedelta(days=days)
    found = cadence(begins, every, today, entries, away, ended)
    for before, after in zip(found.weeks, found.weeks[1:], strict=False):
        assert (after.first - before.last).days == 1
    for week in found.weeks:
        assert (week.last - week.first).days == every - 1
        met = any(e.meets_youth and week.first <= (e.happened_on or TODAY) <= week.last for e in entries)
        assert (week.state is WeekState.MET) == met
        assert week.state not in {WeekState.MISSED, WeekState.ABSENT} or week.last < today
        assert week.state is not WeekState.ABSENT or week.absent
    assert (found.due_by is None) == (ended is not None)
    assert found.due_by is None or found.due_by >= today
    visit = replace(VISIT, happened_on=today)
    more = cadence(begins, every, today, [*entries, visit], away, ended)
    assert set(more.missed) <= set(found.missed)


@given(
    begins=st.dates(START, TODAY),
    every=st.integers(1, 20),
    days=st.integers(0, 90),
    entries=st.lists(ENTRIES, max_size=12),
    away=st.lists(SPANS, max_size=3).map(tuple),
)
def test_the_day_that_is_kept_says_what_the_weeks_say(
    begins: date, every: int, days: int, entries: list[Entry], away: tuple[Absence, ...]
) -> None:
    """On every day from the newest entry on (none is of a day to come): the kept day has passed, or no week was missed since."""
    newest = max([begins, *(e.happened_on for e in entries if e.happened_on)])
    today = newest + timedelta(days=days)
    due_on = contact_due_on(begins, every, entries, away)
    assert cadence(begins, every, today, entries, away).overdue == (due_on < today)


AWAY = Update(date(2026, 11, 5), "AWOL/missing")
BACK = Update(date(2026, 11, 9), "Returned", interview_done=False)


def test_an_absence_lasts_until_the_youth_is_known_to_be_somewhere() -> None:
    note = Update(date(2026, 11, 6), "Misc update", "Heard from a friend.")
    assert absences([AWAY, note]) == (Absence(date(2026, 11, 5), None),)
    assert present([AWAY, note]) == AWAY
    again = Update(date(2026, 11, 7), "AWOL/missing", ncmec_number="N 1")
    assert absences([AWAY, again, BACK]) == (Absence(date(2026, 11, 5), date(2026, 11, 9)),)
    one = absences([AWAY, BACK])[0]
    assert one.touches(date(2026, 11, 8), date(2026, 11, 14))
    assert not one.touches(date(2026, 11, 9), date(2026, 11, 14))
    assert not one.touches(date(2026, 10, 29), date(2026, 11, 4))


def test_what_the_updates_do_not_say_yet() -> None:
    assert still_to_do([]) == ()
    assert still_to_do([AWAY]) == ("law enforcement report #", "NCMEC #", "attorney notified")
    more = Update(date(2026, 11, 6), "AWOL/missing", police_report="26-1", attorney_on=date(2026, 11, 6))
    assert still_to_do([AWAY, more]) == ("NCMEC #",)
    assert still_to_do([AWAY, more, BACK]) == ("return interview",)
    assert still_to_do([AWAY, more, BACK, replace(BACK, interview_done=True)]) == ()
    assert still_to_do([AWAY, more, BACK, replace(AWAY, happened_on=date(2026, 11, 20))]) == still_to_do([AWAY])


@pytest.mark.parametrize(
    ("update", "field"),
    [
        (Update(None, "In placement"), "happened_on"),
        (Update(TODAY + timedelta(days=1), "In placement"), "happened_on"),
        (Update(date(2011, 5, 6), "In placement"), "happened_on"),
        (Update(TODAY, ""), "status"),
        (Update(TODAY, "Returned"), "interview_done"),
        (Update(TODAY, "Misc update"), "text"),
        (Update(TODAY, "Hospitalized", "x" * 10_001), "text"),
        (replace(AWAY, attorney_on=TODAY + timedelta(days=1)), "attorney_on"),
        (replace(AWAY, police_report="9" * 201), "police_report"),
        (replace(AWAY, ncmec_number="\0"), "ncmec_number"),
    ],
)
def test_a_faulty_update_names_its_field(update: Update, field: str) -> None:
    assert [f for f, _ in update_faults(update, TODAY, date(2011, 5, 6))] == [field]
