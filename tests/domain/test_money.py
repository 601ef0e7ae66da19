"""Money: exact decimals as people type them; negative and absurd amounts refused with a sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.answer_checks import wrong_with
from cts.domain.answer_words import shown
from cts.domain.fields import Field, Kind
from cts.domain.money import MOST_MONEY, money_fault, money_of, money_words, number_of, total_of

COST = Field("cost", "Cost", Kind.MONEY)
MANY = Field("many", "Quantity", Kind.NUMBER)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("$1,234.5", "1234.50"),
        ("$ 12", "12.00"),
        (" 0 ", "0.00"),
        ("100000", "100000.00"),
        ("1,000,000", "1000000.00"),
        ("007.10", "7.10"),
    ],
)
def test_amounts_as_people_type_them(typed: str, amount: str) -> None:
    assert money_of(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    ["-3", "−3", "(12)", "12.345", "1,23", "1.234,50", "12x", "1e3", "", "$", "free", "١٢", "1 000", "NaN", "0x10", None, 12, "9" * 10],
)  # fmt: skip
def test_what_is_no_amount(typed: object) -> None:
    assert money_of(typed) is None
    if isinstance(typed, str):
        assert "such as 1,234.50" in money_fault(typed) and "cannot be negative" in money_fault(typed)


def test_an_absurd_amount_is_refused_and_named() -> None:
    assert money_fault("100,000.00") == ""
    assert money_fault("100000.01") == "$100,000.01 is more than $100,000.00. Please check the amount."
    assert wrong_with(COST, "900000") == "Cost: $900,000.00 is more than $100,000.00. Please check the amount."


@given(st.decimals(min_value=0, max_value=MOST_MONEY, places=2))
def test_what_is_shown_is_read_as_the_same_amount(amount: Decimal) -> None:
    assert money_of(money_words(amount)) == amount
    assert shown(COST, str(amount)) == money_words(amount)
    assert wrong_with(COST, money_words(amount)) == ""


@given(st.lists(st.integers(min_value=0, max_value=10_000_000), max_size=60))
def test_a_sum_is_exact_to_the_cent(cents: list[int]) -> None:
    assert total_of(f"{c // 100}.{c % 100:02d}" for c in cents) * 100 == sum(cents)


def test_words_leave_what_is_no_amount_as_typed() -> None:
    assert money_words("about 20") == "about 20"
    assert total_of(["10", "about 20", None, "1,000.05"]) == Decimal("1010.05")


@pytest.mark.parametrize(
    ("typed", "number"), [("3", 3), (" 12 ", 12), ("1,000", 1000), ("3.5", None), ("-1", None), ("", None)]
)
def test_whole_numbers(typed: str, number: int | None) -> None:
    assert number_of(typed) == number


@pytest.mark.parametrize("typed", ["0", "1001", "two", "2.5", "-1", "999999999"])
def test_a_number_that_cannot_be_is_named(typed: str) -> None:
    assert wrong_with(MANY, typed) == "Quantity: please give a whole number from 1 to 1,000."
    assert wrong_with(MANY, "1,000") == wrong_with(MANY, "1") == ""
