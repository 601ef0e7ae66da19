"""Dashboards: offices, agencies and Advocates that stand side by side in parts are together all there are."""

import pytest
from sqlalchemy import Engine

from cts.domain.boards import Section
from cts.services import board_places
from cts.services.dashboards import dashboard
from tests.cast import NOW
from tests.services.test_dashboards import OF_OTHERS, county


def test_the_parts_that_are_shown_one_after_the_other_are_together_all_there_is(
    sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, seen = county(3, 60, folded=False), set()
    for section in Section:
        asked = {"section": section}
        whole = dashboard(cast.admin, asked, NOW)
        with monkeypatch.context() as small:
            small.setattr(board_places, "AT_ONCE", dict.fromkeys(OF_OTHERS, 1))
            first = dashboard(cast.admin, asked, NOW)
            choices = {c.name: c for c in first.choices if c.name in OF_OTHERS}
            seen |= set(choices)
            assert all(c.chosen == "1" and " to " not in c.options["1"] for c in choices.values())
            assert dashboard(cast.admin, asked | dict.fromkeys(OF_OTHERS, "99"), NOW) == first
            for which, grid in enumerate(whole.grids):
                name = {"office": "offices", "agency": "agencies", "agencies": "agencies"}.get(grid.key, grid.key)
                options = choices[name].options if name in choices else {"1": ""}
                parts = [dashboard(cast.admin, asked | {name: part}, NOW).grids[which] for part in options]
                assert tuple(row for part in parts for row in part.rows) == grid.rows
                assert name not in choices or max(len(part.rows) for part in parts) == 1
        assert not {c.name for c in whole.choices} & set(OF_OTHERS)
    assert seen == set(OF_OTHERS)


def test_a_part_is_named_by_its_first_and_its_last() -> None:
    names = {n: f"Office {n:02d}" for n in range(51)}
    (choice,) = board_places.beside(names, ("offices", "Offices shown"), {"offices": "3"}).choice
    assert list(choice.options.values()) == ["Office 00 to Office 24", "Office 25 to Office 49", "Office 50"]
    assert choice.chosen == "3"
