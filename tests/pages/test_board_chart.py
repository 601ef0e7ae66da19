"""Charts of the dashboards: labels are whole, and what is counted has whole ticks."""

import pytest

from cts.services.board_shapes import Chart, Figure, Grid
from pages.parts.board_chart import specification

STAGE = "Restoration Funds Request: Pending CSEC Administration Approval"


def drawn(*amounts: int, stacked: bool = False, text: str = "") -> dict[str, object]:
    """The layout of a chart of one row."""
    figures = tuple(Figure(text or str(n), amount=n) for n in amounts)
    headings = tuple(f"Column {n}" for n in range(len(amounts)))
    grid = Grid("key", "Title", "Said.", ("Stage", *headings), ((Figure(STAGE), *figures),))
    layout: dict[str, object] = specification(grid, Chart(headings, stacked=stacked, sideways=True))["layout"]
    return layout


@pytest.mark.parametrize(
    ("amounts", "stacked", "tick"),
    [
        ((0,), False, 1),
        ((1, 2), True, 1),
        ((6, 6), True, 2),
        ((6, 6), False, 1),
        ((9,), False, 2),
        ((40,), False, 5),
        ((41,), False, None),
    ],
)
def test_counts_have_whole_ticks(amounts: tuple[int, ...], stacked: bool, tick: int | None) -> None:
    assert drawn(*amounts, stacked=stacked)["xaxis"].get("dtick") == tick  # type: ignore[attr-defined]


def test_money_keeps_its_own_ticks() -> None:
    axis = drawn(3, text="$3.00")["xaxis"]
    assert axis["tickprefix"] == "$" and "dtick" not in axis  # type: ignore[index, operator]


def test_a_label_is_whole_and_its_row_has_room_for_it() -> None:
    layout = drawn(2)
    (label,) = layout["yaxis"]["ticktext"]  # type: ignore[index]
    assert label.replace("<br>", " ") == STAGE
    assert layout["height"] >= 120 + 16 * (label.count("<br>") + 1)  # type: ignore[operator]


def test_of_one_stage_with_two_who_hold_it_each_bar_says_whose_it_is() -> None:
    rows = [("Plan: Rejected", "Advocate"), ("Plan: Rejected", "Coordinator"), ("Plan: Pending", "Advocate")]
    shown = tuple((Figure(stage), Figure(holder), Figure("1", amount=1)) for stage, holder in rows)
    grid = Grid("key", "Title", "Said.", ("Stage", "Held by", "Waiting"), shown)
    drawn_up = specification(grid, Chart(("Waiting",), sideways=True))
    wanted = ["Plan: Rejected (Advocate)", "Plan: Rejected (Coordinator)", "Plan: Pending"]
    assert [label.replace("<br>", " ") for label in drawn_up["layout"]["yaxis"]["ticktext"]] == wanted
    assert drawn_up["data"][0]["hovertext"] == wanted
