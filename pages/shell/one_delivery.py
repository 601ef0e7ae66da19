"""What a run of the script draws goes to the browser together: at its end, or after a few milliseconds while it goes on.

Streamlit wakes its event loop for every single message of a run, and each time the loop takes the interpreter away from the script: of the
time of a rerun that was a third. And the loop rests 5 milliseconds after whatever it has sent, so that a run's beginning goes out at once
and its end waits. Here the messages of a run wait for each other instead, no longer than that; then the loop has nothing to wait for.

Streamlit's own function handles each of them, in the same order. A test holds both against each other.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.runtime import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime_util import MESSAGE_FLUSH_INTERVAL_SECS
from streamlit.runtime.scriptrunner import ScriptRunner, ScriptRunnerEvent

WAITS_SECONDS = MESSAGE_FLUSH_INTERVAL_SECS
_WAITING = frozenset({ScriptRunnerEvent.SCRIPT_STARTED, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG})


class Delivery:
    """What the runs of one session still owe to the event loop. Two runs overlap while one is being stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owed: list[Callable[[], None]] = []
        self._is_due = False

    def owe(self, session: AppSession, one: Callable[[], None], *, waits: bool) -> None:
        """From the thread of a run: `one` is called on the event loop after all that was owed before it."""
        with self._lock:
            self._owed.append(one)
            first, self._is_due = not self._is_due, True
        deliver = partial(self._deliver, session)
        if not waits:
            session._call_soon_on_event_loop(deliver)
        elif first:
            session._call_soon_on_event_loop(partial(_later, session, deliver))

    def _deliver(self, session: AppSession) -> None:
        with self._lock:
            owed, self._owed, self._is_due = self._owed, [], False
        for one in owed:
            try:
                one()
            except Exception as problem:  # noqa: BLE001 -- what goes wrong in one stops no other; the loop reports it as it does Streamlit's
                session._event_loop.call_exception_handler({"message": "A run's event failed", "exception": problem})


def _later(session: AppSession, deliver: Callable[[], None]) -> None:
    session._event_loop.call_later(WAITS_SECONDS, deliver)


_deliveries: WeakKeyDictionary[AppSession, Delivery] = WeakKeyDictionary()


def _on_event(self: AppSession, sender: ScriptRunner | None, event: ScriptRunnerEvent, **said: Any) -> None:
    handle = partial(self._handle_scriptrunner_event_on_event_loop, sender, event, **said)
    _deliveries.setdefault(self, Delivery()).owe(self, handle, waits=event in _WAITING)


def deliver_together() -> None:
    """Once, before the first request."""
    AppSession._on_scriptrunner_event = _on_event  # type: ignore[method-assign, assignment]
    runtime.MESSAGE_FLUSH_INTERVAL_SECS = 0  # type: ignore[attr-defined]
