"""Rows: two tabs are merged cell by cell, a row left empty counts for nothing, each stage changes its own columns only."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.answer_checks import check, is_asked, value_fault
from cts.domain.answer_words import differences, shown
from cts.domain.fields import MOST_ROWS, Field, FormSection, FormSpec, Kind, Stage, is_blank
from cts.domain.rows import displaced_cells, full_rows, may_change, merged_rows, sums
from tests.cast import NOW

ITEMS = Field(
    "items",
    "Items",
    Kind.ROWS,
    required=True,
    one="Item",
    columns=(
        Field("item", "Item Requested", Kind.TEXT, required=True),
        Field("projected", "Projected Cost", Kind.MONEY, required=True, totals=True),
        Field("why", "If no, why", Kind.TEXT, required=True, shown_if=lambda row: row.get("item") == "other"),
        Field("actual", "Actual Cost", Kind.MONEY, required=True, totals=True, stage=Stage.SPENDING),
    ),
)
RECEIPTS = Field("receipts", "Receipts", Kind.ROWS, stage=Stage.SPENDING, columns=(Field("file", "File", Kind.FILE),))
REASON = Field("reason", "Reason", Kind.TEXT)
FORM = FormSpec("Request", 1, (FormSection("one", "Section I", (ITEMS, RECEIPTS, REASON)),))
COAT, BUS = {"id": "a", "item": "Coat", "projected": "85"}, {"id": "b", "item": "Bus pass", "projected": "1,015.50"}


def test_what_another_tab_wrote_into_the_same_cell_is_told() -> None:
    theirs = [{**COAT, "item": "Winter coat", "projected": "90"}, BUS]
    assert displaced_cells([COAT, BUS], [{**COAT, "item": "Rain coat"}, BUS], theirs) == [("a", "item", "Winter coat")]
    assert displaced_cells([COAT, BUS], [{**COAT, "projected": "90"}], theirs) == []  # both wrote the same
    assert displaced_cells([COAT, BUS], [COAT, BUS], theirs) == []  # this tab changed nothing
    assert displaced_cells([COAT], [{**COAT, "item": "Rain coat"}], [{**COAT, "item": None}]) == []  # nothing to copy


@given(st.text(max_size=3), st.text(max_size=3), st.text(max_size=3))
def test_nothing_is_gone_that_is_not_told(base: str, mine: str, theirs: str) -> None:
    was, here, there = ([{"id": "a", "item": text}] for text in (base, mine, theirs))
    [kept] = merged_rows(was, here, there)
    told = displaced_cells(was, here, there)
    changed_by_them = theirs != base and not is_blank(theirs)
    assert kept["item"] == theirs or not changed_by_them or told == [("a", "item", theirs)]


def test_a_row_left_empty_counts_for_nothing() -> None:
    assert full_rows([COAT, {"id": "x"}, {"id": "y", "item": "  ", "projected": None}, BUS]) == [COAT, BUS]
    assert full_rows([{"id": "z", "done": False}]) == [{"id": "z", "done": False}]
    assert full_rows(None) == full_rows("text") == []


def test_two_tabs_keep_what_each_of_them_wrote() -> None:
    mine = [{**COAT, "item": "Warm coat"}, BUS, {"id": "m", "item": "Shoes"}]
    theirs = [{**COAT, "projected": "90"}, BUS, {"id": "t", "item": "Hat"}]
    kept = merged_rows([COAT, BUS], mine, theirs)
    assert kept[0] == {"id": "a", "item": "Warm coat", "projected": "90"}
    assert [row["id"] for row in kept] == ["a", "b", "t", "m"]


@pytest.mark.parametrize(
    ("mine", "theirs", "kept"),
    [
        ([BUS], [COAT, BUS], ["b"]),
        ([COAT, BUS], [BUS], ["b"]),
        ([BUS], [{**COAT, "item": "Changed"}, BUS], ["a", "b"]),
        ([{**COAT, "item": "Changed"}, BUS], [BUS], ["a", "b"]),
        ([BUS], [{**COAT, "actual": None}, BUS], ["b"]),
        ([], [COAT, BUS], []),
        ([BUS, COAT], [COAT, BUS], ["b", "a"]),
    ],
    ids=[
        "removed here",
        "removed there",
        "changed there",
        "changed here",
        "an empty cell is no change",
        "all removed",
        "order",
    ],
)
def test_a_row_is_gone_only_when_the_other_tab_left_it_alone(
    mine: list[dict[str, Any]], theirs: list[dict[str, Any]], kept: list[str]
) -> None:
    assert [row["id"] for row in merged_rows([COAT, BUS], mine, theirs)] == kept


def test_one_cell_sent_by_a_closing_tab_changes_nothing_else() -> None:
    assert merged_rows(None, [{"id": "b", "item": "Metro card"}], [COAT, BUS]) == [COAT, {**BUS, "item": "Metro card"}]
    assert merged_rows(None, [{"id": "n", "item": "New"}], [COAT]) == [COAT, {"id": "n", "item": "New"}]


ROW = st.fixed_dictionaries({"item": st.sampled_from(["", "x", "y"]), "why": st.sampled_from([None, "z"])})
TABLE = st.dictionaries(st.sampled_from("abcde"), ROW, max_size=5).map(
    lambda rows: [{"id": i, **r} for i, r in rows.items()]
)


@given(TABLE, TABLE, TABLE)
def test_nothing_typed_in_either_tab_is_lost(base: Any, mine: Any, theirs: Any) -> None:
    kept = {row["id"]: row for row in merged_rows(base, mine, theirs)}
    assert len(kept) == len(merged_rows(base, mine, theirs))
    was = {row["id"]: row for row in base}
    for row in mine:
        for key, value in row.items():
            before = was.get(row["id"])
            if value and (before is None or before.get(key) != value):
                assert kept[row["id"]][key] == value
    there = {row["id"] for row in theirs}
    for row in theirs:
        if row["id"] not in was:
            assert row["id"] in kept
    assert set(kept) <= {row["id"] for row in mine} | there


@given(TABLE, TABLE)
def test_who_changed_nothing_keeps_the_other_tab(base: Any, theirs: Any) -> None:
    assert {r["id"] for r in merged_rows(base, base, theirs)} == {r["id"] for r in theirs}
    assert merged_rows(base, theirs, base) == theirs


def test_each_stage_changes_its_own_cells_only() -> None:
    bought = [{**COAT, "actual": "80"}, BUS]
    assert may_change(ITEMS, [COAT, BUS], [COAT], Stage.WRITING)
    assert not may_change(ITEMS, [COAT, BUS], bought, Stage.WRITING)
    assert may_change(ITEMS, [COAT, BUS], bought, Stage.SPENDING)
    assert not may_change(ITEMS, [COAT, BUS], [{**COAT, "projected": "1"}, BUS], Stage.SPENDING)
    assert not may_change(ITEMS, [COAT, BUS], [COAT], Stage.SPENDING)
    assert not may_change(ITEMS, [COAT], [COAT, {"id": "n"}], Stage.SPENDING)
    assert may_change(RECEIPTS, None, [{"id": "r", "file": "t"}], Stage.SPENDING)
    assert not may_change(RECEIPTS, None, [{"id": "r", "file": "t"}], Stage.WRITING)
    assert may_change(REASON, "x", "y", Stage.WRITING) and not may_change(REASON, "x", "y", Stage.SPENDING)


def test_a_column_of_another_stage_or_row_is_not_asked() -> None:
    by_key = {c.key: c for c in ITEMS.columns}
    assert is_asked(by_key["actual"], COAT, Stage.SPENDING) and not is_asked(by_key["actual"], COAT, Stage.WRITING)
    assert is_asked(by_key["why"], {"item": "other"}, Stage.WRITING)
    assert not is_asked(by_key["why"], COAT, Stage.WRITING)


def test_problems_name_the_row_and_its_column() -> None:
    rows = [COAT, {"id": "empty"}, {"id": "c", "item": "other", "projected": "-3"}]
    problems = check(FORM, {"items": rows}, {}, NOW.date())
    assert [(p.field, p.row, p.column) for p in problems] == [("items", "c", "projected"), ("items", "c", "why")]
    assert problems[0].sentence.startswith("Item 2, ")
    assert "cannot be negative" in problems[0].sentence
    missing = check(FORM, {"items": [{"id": "empty"}]}, {}, NOW.date())
    assert [p.sentence for p in missing] == ["Items: please add at least one."]
    later = check(FORM, {"items": [COAT]}, {}, NOW.date(), Stage.SPENDING)
    assert [(p.row, p.column) for p in later] == [("a", "actual")]


@pytest.mark.parametrize(
    "value",
    [
        "text",
        [["a"]],
        [{"item": "no id"}],
        [{"id": "A b"}],
        [{"id": 7}],
        [COAT, COAT],
        [{"id": "a", "unknown": "x"}],
        [{"id": "a", "item": 7}],
        [{"id": "a", "item": "x" * 201}],
        [{"id": f"{n}"} for n in range(MOST_ROWS + 1)],
    ],
)
def test_what_cannot_be_kept_as_rows(value: Any) -> None:
    assert value_fault(ITEMS, value)


def test_half_an_amount_is_kept_in_a_draft() -> None:
    assert value_fault(ITEMS, [{"id": "a", "projected": "12x"}]) == ""


def test_totals_and_words() -> None:
    assert sums(ITEMS, [COAT, BUS, {"id": "c", "projected": "soon"}]) == {
        "projected": Decimal("1100.50"),
        "actual": Decimal("0.00"),
    }
    assert shown(ITEMS, [COAT, {"id": "x"}]) == "Item Requested: Coat; Projected Cost: $85.00"


def test_what_changed_is_told_row_by_row() -> None:
    before = {"items": [COAT, BUS, {"id": "c", "item": "Hat"}]}
    after = {"items": [{**COAT, "projected": "90"}, {"id": "n", "item": "Shoes"}, {"id": "c", "item": "Hat"}]}
    found = {d.label: (d.before, d.after) for d in differences(FORM, before, after)}
    assert found == {
        "Items: Item 1, Projected Cost": ("$85.00", "$90.00"),
        "Items: Item 2, added": ("", "Item Requested: Shoes"),
        "Items: Item 2 before, removed": ("Item Requested: Bus pass; Projected Cost: $1,015.50", ""),
    }
