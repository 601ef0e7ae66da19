"""What stands around a list hears only what it offered: a browser may send anything."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pages.parts import component, line
from pages.parts.line import Line

HEARD: list[Any] = []


@pytest.fixture
def hears(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Draws a line and tells it something, as the browser would."""
    HEARD.clear()
    drawn: dict[str, Mapping[str, Any]] = {}
    monkeypatch.setattr(line, "_draw", lambda *, key, data, **heard: drawn.update({key: heard}))

    def tell(asked: Line, name: str, value: Any) -> None:
        asked.draw()
        drawn["a"][name](value)

    return tell


@pytest.mark.parametrize("page", [0, -1, 8, 10**30, "2", None, [2], {"page": 2}, 2.5])
def test_a_page_that_there_is_not_is_not_turned_to(hears: Callable[..., None], page: Any) -> None:
    asked = Line("a")
    asked.pages(3, 7, HEARD.append)
    hears(asked, "0", page)
    assert HEARD == []
    hears(asked, "0", 7)
    assert HEARD == [7]


@pytest.mark.parametrize("option", ["", "county", None, 1, ["office"], {"office": 1}])
def test_a_choice_that_was_not_offered_is_not_taken(hears: Callable[..., None], option: Any) -> None:
    asked = Line("a")
    asked.words("Which?")
    asked.choice("Show", {"unit": "My unit", "office": "Whole office"}, "unit", HEARD.append)
    hears(asked, "1", option)
    assert HEARD == []
    hears(asked, "1", "office")
    assert HEARD == ["office"]


def test_a_switch_is_on_only_when_it_was_told_so(hears: Callable[..., None]) -> None:
    asked = Line("a")
    asked.switch("Show all 12", False, HEARD.append)
    for told in (True, False, "true", 1, None):
        hears(asked, "0", told)
    assert HEARD == [True, False, False, False, False]


def test_one_page_and_an_empty_line_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "_draw", lambda **_: pytest.fail("nothing is to be drawn"))
    asked = Line("a")
    asked.pages(1, 1, HEARD.append)
    asked.draw()


@pytest.mark.parametrize(
    "told",
    [None, {}, [], "press", {"part": "b", "name": "press"}, {"part": "a", "name": "sort"}, {"part": ["a"], "name": {}}],
)
def test_what_no_part_listens_to_is_not_heard(monkeypatch: pytest.MonkeyPatch, told: Any) -> None:
    monkeypatch.setattr(component.st, "session_state", {"place": {"told": told}})
    hearing: list[Callable[[], None]] = []

    def drawn(**given: Any) -> None:
        hearing.append(given["on_told_change"])

    component._mount(drawn, "place", {}, {"a": {"press": HEARD.append}})
    HEARD.clear()
    hearing[0]()
    assert HEARD == []
    component.st.session_state["place"] = {"told": {"part": "a", "name": "press", "value": 5}}
    hearing[0]()
    assert HEARD == [5]
