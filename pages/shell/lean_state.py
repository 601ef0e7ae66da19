"""Streamlit looks up one key of the session's state by writing all of it into a new dictionary, once for every widget it draws.

A form of sixty questions spent half of a rerun so. Here the one key is looked up, under the same lock and with the same answer; whoever
asks for all of the state still gets all of it, read at once. A test holds both against Streamlit's own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state import SafeSessionState, SessionStateProxy
from streamlit.runtime.state.session_state_proxy import get_session_state


class LookedUp(Mapping[str, Any]):
    """The state of a session by the keys of the script, each read when it is asked for."""

    def __init__(self, state: SafeSessionState) -> None:
        self._state = state

    def __getitem__(self, key: str) -> Any:
        # Not through SafeSessionState's own, which may end the run there: Streamlit's dictionary did not.
        with self._state._lock:
            return self._state._state[key]

    def __contains__(self, key: object) -> bool:
        try:
            self[str(key)]
        except KeyError:
            return False
        return True

    def whole(self) -> dict[str, Any]:
        """All of it, as it is at one moment."""
        with self._state._lock:
            return self._state._state.filtered_state

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole())

    def __len__(self) -> int:
        return len(self.whole())

    def __repr__(self) -> str:
        return repr(self.whole())


def _whole(self: SessionStateProxy) -> dict[str, Any]:
    return LookedUp(get_session_state()).whole()


def look_up_single_keys() -> None:
    """Once, before the first request."""
    SafeSessionState.filtered_state = property(LookedUp)  # type: ignore[assignment]
    SessionStateProxy.to_dict = _whole  # type: ignore[method-assign]
