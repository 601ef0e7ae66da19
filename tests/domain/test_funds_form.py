"""The Restoration Fund Request: exact money, and what is asked before and after the approval (mission §4.4)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.answer_checks import check
from cts.domain.fields import Stage
from cts.domain.money import money_of, money_words, number_of, total_of
from cts.domain.rows import may_change, sums
from cts.forms.restoration_funds import RESTORATION_FUNDS
from tests.parts.answers import MONEY, SPENT

TODAY = date(2026, 11, 2)
ITEMS: list[dict[str, Any]] = MONEY["items"]
RECEIPT = {"id": "h1", "file": "a" * 32, "description": "Shop", "dated_on": "2026-11-02", "amount": "1,228.00"}
ABSURD = ("-5", "-0.01", "1e5", "1,23.40", "12.345", "abc", "100,000.01", "9999999", "NaN", "Infinity", "1.2.3", "５")


def problems(stage: Stage = Stage.WRITING, **answers: Any) -> dict[str, str]:
    return {p.field: p.sentence for p in check(RESTORATION_FUNDS, MONEY | answers, {}, TODAY, stage)}


def costing(typed: str) -> list[dict[str, Any]]:
    return [ITEMS[0] | {"projected_cost": typed}, ITEMS[1]]


def test_a_whole_request_has_no_problem_and_receipts_are_not_asked_yet() -> None:
    assert problems() == {}
    assert list(problems(items=[], justification="", other_funding=None, goal=" ")) == [
        "items",
        "justification",
        "other_funding",
        "goal",
    ]


def test_after_the_approval_actual_costs_and_receipts_are_asked() -> None:
    missing = check(RESTORATION_FUNDS, MONEY, {}, TODAY, Stage.SPENDING)
    assert [(p.field, p.row, p.column) for p in missing] == [
        ("items", "f1", "actual_cost"),
        ("items", "f2", "actual_cost"),
        ("receipts", "", ""),
    ]
    assert problems(Stage.SPENDING, **SPENT, receipts=[RECEIPT]) == {}
    for cell in ("file", "description", "dated_on", "amount"):
        lacking = [RECEIPT | {cell: None}]
        assert "Receipt 1, " in problems(Stage.SPENDING, **SPENT, receipts=lacking)["receipts"]


@pytest.mark.parametrize("typed", ["1,234.50", "$1,234.5", " $ 1234.50 ", "1234.5"])
def test_amounts_are_read_as_people_type_them(typed: str) -> None:
    assert problems(items=costing(typed)) == {}
    assert sums(RESTORATION_FUNDS.field("items"), costing(typed)) == {  # type: ignore[arg-type]
        "projected_cost": Decimal("1264.55"),
        "actual_cost": Decimal("0.00"),
    }
    assert money_words(typed) == "$1,234.50"


@pytest.mark.parametrize("typed", ABSURD)
def test_negative_and_absurd_amounts_are_refused_before_and_after_the_approval(typed: str) -> None:
    assert "Item 1, Projected Cost: " in problems(items=costing(typed))["items"]
    spent = [row | {"actual_cost": typed} for row in ITEMS]
    assert "Item 2, Actual Cost: " in problems(Stage.SPENDING, items=spent, receipts=[RECEIPT])["items"]
    receipts = [RECEIPT | {"amount": typed}]
    assert "Receipt 1, " in problems(Stage.SPENDING, **SPENT, receipts=receipts)["receipts"]


def test_nothing_is_asked_for_nothing_but_an_item_may_turn_out_not_bought() -> None:
    for nothing in ("0", "0.00", "$0"):
        assert "please give what it costs" in problems(items=costing(nothing))["items"]
    free = [row | {"actual_cost": "0"} for row in ITEMS]
    assert problems(Stage.SPENDING, items=free, receipts=[RECEIPT]) == {}


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "many", "1,001", "1" * 30])
def test_a_quantity_is_a_whole_number_within_reason(typed: str) -> None:
    assert "whole number" in problems(items=[ITEMS[0] | {"quantity": typed}, ITEMS[1]])["items"]


@given(st.lists(st.integers(0, 10_000_000), max_size=60))
def test_totals_are_exact_to_the_cent(cents: list[int]) -> None:
    typed = [f"{Decimal(c) / 100:,.2f}" for c in cents]
    assert total_of(typed) == Decimal(sum(cents)) / 100
    assert all(money_of(t) == Decimal(c) / 100 for t, c in zip(typed, cents, strict=True))


@given(st.text(max_size=12))
def test_whatever_is_typed_is_an_amount_of_at_least_nothing_or_none(typed: str) -> None:
    amount, number = money_of(typed), number_of(typed)
    assert amount is None or (amount >= 0 and amount == amount.quantize(Decimal("0.01")))
    assert number is None or number >= 0
    assert isinstance(problems(items=costing(typed)), dict)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"requested_on": "2026-11-03"}, "must not be in the future"),
        ({"receipts": [RECEIPT | {"dated_on": "2026-11-03"}]}, "must not be in the future"),
    ],
)
def test_days_that_have_not_come(answers: dict[str, Any], said: str) -> None:
    assert [said in s for s in problems(Stage.SPENDING, **SPENT | {"receipts": [RECEIPT]} | answers).values()] == [True]


def test_what_was_asked_for_is_fixed_by_the_approval_and_what_was_spent_comes_after_it() -> None:
    fields = {f.key: f for f in RESTORATION_FUNDS.fields()}
    spent = [row | {"actual_cost": "1"} for row in ITEMS]
    cheaper, fewer, more = costing("1"), ITEMS[:1], [*ITEMS, {"id": "f3", "item": "Hat"}]
    for stage, allowed in ((Stage.WRITING, False), (Stage.SPENDING, True)):
        assert may_change(fields["items"], ITEMS, spent, stage) is allowed
        assert may_change(fields["receipts"], None, [RECEIPT], stage) is allowed
        for after in (cheaper, fewer, more):
            assert may_change(fields["items"], ITEMS, after, stage) is not allowed
        for key in ("justification", "other_funding", "goal", "requested_on"):
            assert may_change(fields[key], MONEY[key], "2026-11-01", stage) is not allowed, key
            assert may_change(fields[key], MONEY[key], None, stage) is not allowed, key
    assert may_change(fields["justification"], "The same.", "The same.", Stage.SPENDING)
