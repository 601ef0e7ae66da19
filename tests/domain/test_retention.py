"""How long records are kept, at the edges of dates."""

from datetime import date

import pytest

from cts.domain.retention import NEVER, TWO_PERSONS, Episode, Kind, Lengths, due_on, kind_of, schedule, years_after

LAW = Lengths(3, 28, 180, 730, 90, 365)
LONGER = Lengths(10, 30, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2026, 11, 2), 3, date(2029, 11, 2)),
        (date(2028, 2, 29), 3, date(2031, 3, 1)),  # never a day too early
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2000, 2, 29), 28, date(2028, 2, 29)),
        (date(2072, 2, 29), 28, date(2100, 3, 1)),  # 2100 has no February 29
    ],
)
def test_full_years_have_passed(day: date, years: int, expected: date) -> None:
    assert years_after(day, years) == expected


@pytest.mark.parametrize(
    ("birth", "episodes", "lengths", "expected"),
    [
        # Never served: three years to the day.
        (date(2011, 5, 6), [(date(2026, 11, 2), False)], LAW, date(2029, 11, 2)),
        # Served: to the 28th birthday, if that is later.
        (date(2011, 5, 6), [(date(2026, 11, 2), True)], LAW, date(2039, 5, 6)),
        (date(2012, 2, 29), [(date(2026, 11, 2), True)], LAW, date(2040, 2, 29)),
        (date(2072, 2, 29), [(date(2086, 11, 2), True)], LAW, date(2100, 3, 1)),
        # Served late: the three years are later than the birthday.
        (date(1999, 1, 1), [(date(2026, 11, 2), True)], LAW, date(2029, 11, 2)),
        # The last closing of all counts, and a service keeps them all.
        (date(2011, 5, 6), [(date(2020, 1, 1), False), (date(2026, 11, 2), True)], LAW, date(2039, 5, 6)),
        (date(2011, 5, 6), [(date(2026, 11, 2), False), (date(2020, 1, 1), False)], LAW, date(2029, 11, 2)),
        # One is open: nothing is due.
        (date(1990, 5, 6), [(date(2020, 1, 1), True), (None, False)], LAW, None),
        (date(1990, 5, 6), [], LAW, None),
        # A county that keeps longer.
        (date(2011, 5, 6), [(date(2026, 11, 2), True)], LONGER, date(2041, 5, 6)),
        (date(2011, 5, 6), [(date(2026, 11, 2), False)], LONGER, date(2036, 11, 2)),
    ],
)
def test_from_which_day_on(
    birth: date, episodes: list[tuple[date | None, bool]], lengths: Lengths, expected: date | None
) -> None:
    assert due_on(birth, [Episode(*e) for e in episodes], lengths) == expected


def test_a_service_decides_the_rule() -> None:
    assert kind_of([Episode(None, False)]) is Kind.NEVER_SERVED
    assert kind_of([Episode(None, False), Episode(None, True)]) is Kind.SERVED


def test_every_kind_has_one_rule_with_its_source() -> None:
    rules = schedule(LAW)
    assert [rule.kind for rule in rules] == list(Kind)
    assert all(rule.kept and rule.source and rule.removed for rule in rules)
    assert {rule.kind for rule in rules if rule.removed == TWO_PERSONS} == {Kind.SERVED, Kind.NEVER_SERVED}
    assert {rule.kind for rule in rules if rule.removed == NEVER} == {Kind.ACCESS, Kind.CERTIFICATE}
    assert "WIC 10851" in rules[0].source and "WIC 826" in rules[0].source and "age 28" in rules[0].kept
