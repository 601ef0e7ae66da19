"""Dashboards: offices, agencies and Advocates that stand side by side in parts are together all there are."""

import pytest
from sqlalchemy import Engine, update

from cts.domain.boards import Section
from cts.services import board_places
from cts.services.dashboards import dashboard
from db.models import Office
from db.session import writing
from tests.cast import DCFS_OFFICE, NOW, OTHER_OFFICE, add_assignment, make_cast
from tests.services.test_dashboards import OF_OTHERS, county
from tests.services.test_listings import change


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


def test_a_place_is_offered_from_its_first_assignment_on_by_its_name_of_the_moment(database: Engine) -> None:
    cast = make_cast()

    def offered() -> dict[str, str]:
        return dashboard(cast.admin, {}, NOW).choices[0].options

    before, agency = offered(), min(cast.agencies.values())
    assert f"office-{DCFS_OFFICE}" in before and not {f"office-{OTHER_OFFICE}", f"agency-{agency}"} & set(before)
    number = add_assignment(cast, worker="csw_elsewhere", supervisor="elsewhere", office=OTHER_OFFICE)
    change(number, agency_id=agency)
    with writing() as session:
        session.execute(update(Office).where(Office.code == OTHER_OFFICE).values(name="Aaa first of all"))
    after = offered()
    assert list(after)[:2] == ["program", f"office-{OTHER_OFFICE}"] and f"agency-{agency}" in after
    assert after[f"office-{OTHER_OFFICE}"] == "Aaa first of all"
