"""One key of the session's state is looked up as Streamlit would, without a copy of all of it."""

from collections.abc import Iterator

import pytest
from streamlit.runtime.state import SafeSessionState, SessionStateProxy
from streamlit.testing.v1 import AppTest

from pages.shell.lean_state import LookedUp, look_up_single_keys


def script() -> None:
    import streamlit as st

    st.session_state.setdefault("kept", "by the script")
    st.session_state.setdefault("emptied", None)
    st.text_input("Named", "as drawn", key="named")
    st.text_input("Emptied", "as drawn", key="emptied")
    st.text_input("Without a key", "as drawn")
    st.selectbox("One of", ["a", "b"], 1, key="one_of")
    st.json(st.session_state.to_dict())


@pytest.fixture
def looked_up() -> Iterator[None]:
    before = SafeSessionState.filtered_state, SessionStateProxy.to_dict
    look_up_single_keys()
    yield
    SafeSessionState.filtered_state, SessionStateProxy.to_dict = before  # type: ignore[assignment,method-assign]


def drawn() -> tuple[object, ...]:
    """What a page shows at first, after an answer, and what it then holds."""
    page = AppTest.from_function(script).run()
    first = [field.value for field in page.text_input], page.json[0].value
    page.text_input(key="named").set_value("typed").run()
    assert not page.exception
    state = page.session_state._state
    single = LookedUp(state)
    whole = state._state.filtered_state
    assert {key: single[key] for key in whole} == whole == single.whole() == dict(single)
    assert all(key in single for key in whole) and len(single) == len(whole)
    assert "nothing of this name" not in single and single.get("nothing of this name") is None
    return first, [field.value for field in page.text_input], page.json[0].value


def test_a_page_is_drawn_alike(request: pytest.FixtureRequest) -> None:
    before = drawn()
    request.getfixturevalue("looked_up")
    assert drawn() == before
    assert "typed" in str(before)
