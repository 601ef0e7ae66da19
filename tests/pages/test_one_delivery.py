"""What a run sends arrives as Streamlit would deliver it: all of it, in its order, and while a long run still goes on."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunnerEvent as Event

from pages.shell import one_delivery

STREAMLITS_OWN = AppSession._on_scriptrunner_event
WAYS = {"Streamlit": STREAMLITS_OWN, "ours": one_delivery._on_event}
Seen = list[tuple[Any, ...]]


class Session:
    """As much of an AppSession as its events need; the event named `fails` goes wrong."""

    _call_soon_on_event_loop = AppSession._call_soon_on_event_loop

    def __init__(self) -> None:
        self._event_loop = asyncio.get_running_loop()
        self.seen: Seen = []
        self.came = threading.Event()

    def _handle_scriptrunner_event_on_event_loop(self, sender: Any, event: Event, *said: Any, **more: Any) -> None:
        told = [value for value in (*said, *more.values()) if value is not None]
        if "fails" in told:
            raise ValueError("as expected")
        self.seen.append((sender, event, *told))
        if event is Event.ENQUEUE_FORWARD_MSG:
            self.came.set()


def delivered(way: str, *runs: Callable[[Session, Callable[..., None]], None]) -> Seen:
    """What the event loop was told, in its order, when these runs work side by side."""

    async def work() -> Seen:
        session = Session()

        def tell(*args: Any, **said: Any) -> None:
            WAYS[way](session, *args, **said)  # type: ignore[arg-type]

        await asyncio.gather(*(asyncio.to_thread(run, session, tell) for run in runs))
        await asyncio.sleep(0.05)
        return session.seen

    return asyncio.run(work())


def a_run(name: str, messages: int) -> Callable[[Session, Callable[..., None]], None]:
    def run(_session: Session, tell: Callable[..., None]) -> None:
        tell(name, event=Event.SCRIPT_STARTED, page_script_hash="page")
        for n in range(messages):
            tell(name, event=Event.ENQUEUE_FORWARD_MSG, forward_msg=n)
        tell(name, Event.SCRIPT_STOPPED_WITH_SUCCESS)
        tell(name, event=Event.SHUTDOWN, client_state="left")

    return run


@pytest.mark.parametrize("messages", [0, 1, 40])
def test_a_run_is_delivered_in_its_order(messages: int) -> None:
    told = delivered("ours", a_run("only", messages))
    assert told == delivered("Streamlit", a_run("only", messages))
    assert len(told) == messages + 3


def test_runs_that_overlap_lose_nothing() -> None:
    told = delivered("ours", a_run("first", 2_000), a_run("second", 2_000))
    for name in ("first", "second"):
        assert [one for one in told if one[0] == name] == delivered("Streamlit", a_run(name, 2_000))


def test_what_a_long_run_says_is_seen_before_it_ends() -> None:
    def long(session: Session, tell: Callable[..., None]) -> None:
        tell("long", event=Event.SCRIPT_STARTED, page_script_hash="page")
        for n in range(3):
            session.came.clear()
            tell("long", event=Event.ENQUEUE_FORWARD_MSG, forward_msg=n)
            assert session.came.wait(10)

    assert len(delivered("ours", long)) == 4


def test_what_goes_wrong_stops_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    def failing(_session: Session, tell: Callable[..., None]) -> None:
        for said in ("before", "fails", "after"):
            tell("run", event=Event.ENQUEUE_FORWARD_MSG, forward_msg=said)

    kept = [("run", Event.ENQUEUE_FORWARD_MSG, said) for said in ("before", "after")]
    assert delivered("ours", failing) == delivered("Streamlit", failing) == kept
    assert "as expected" in caplog.text


def test_it_takes_the_place_of_streamlits_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppSession, "_on_scriptrunner_event", STREAMLITS_OWN)
    monkeypatch.setattr(one_delivery.runtime, "MESSAGE_FLUSH_INTERVAL_SECS", one_delivery.WAITS_SECONDS)
    one_delivery.deliver_together()
    assert AppSession._on_scriptrunner_event is one_delivery._on_event
    assert one_delivery.runtime.MESSAGE_FLUSH_INTERVAL_SECS == 0 < one_delivery.WAITS_SECONDS
