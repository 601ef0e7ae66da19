"""Guessing from one address becomes slower, gently and for known names as for unknown ones; whoever waits holds nobody up."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import anyio.to_thread
import pytest
from sqlalchemy import Engine, select
from starlette.requests import Request

from cts.services import attempts
from cts.services.attempts import SLOWER_BY, SLOWEST, count_address, seconds_to_wait, window_began
from cts.settings import settings
from cts.web import second_factor_page, sign_in_page, slow_down
from db.models import Account
from db.session import reading, writing
from tests.services.test_sign_in import NOW, PASSWORD, add


def limit() -> int:
    return settings().sign_in_attempts


@pytest.fixture
def waits(sqlite_database: Engine, fewest_rounds: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """How long each was put off; nobody really waits."""
    add("ana")
    noted: list[float] = []

    async def sleep(seconds: float) -> None:
        noted.append(round(seconds, 3))

    monkeypatch.setattr(slow_down, "sleep", sleep)
    yield noted


def posted(address: str, path: str = "/login", **fields: str) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": urlencode(fields).encode(), "more_body": False}

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": [], "client": (address, 1)}
    return Request(scope, receive)


async def guess(name: str, password: str, address: str) -> int:
    return (await sign_in_page.submit(posted(address, user_name=name, password=password))).status_code


def failed_from(address: str, times: int, now: datetime) -> None:
    with writing() as session:
        for _ in range(times):
            count_address(session, address, window_began(now), now)


def test_each_wrong_guess_puts_the_next_one_off_whatever_the_name(waits: list[float]) -> None:
    told = {}
    for address, name in (("10.9.9.1", "ana"), ("10.9.9.2", "nobody")):
        waits.clear()
        assert {asyncio.run(guess(name, "wrong", address)) for _ in range(limit() + 4)} == {401}
        told[name] = list(waits)
    assert told["ana"] == told["nobody"] == [round(SLOWER_BY * n, 3) for n in (1, 2, 3)]
    waits.clear()
    assert asyncio.run(guess("nobody", "wrong", "10.9.9.3")) == 401
    assert waits == [], "another address is not slower"


def test_the_code_is_put_off_as_well(waits: list[float]) -> None:
    failed_from("10.9.9.9", limit() + 2, datetime.now(UTC))
    asyncio.run(second_factor_page.submit_code(posted("10.9.9.9", "/login/code", code="123456")))
    assert waits == [2 * SLOWER_BY]


def test_the_wait_is_bounded_and_passes(waits: list[float]) -> None:
    failed_from("10.9.9.9", limit() * attempts.FAILURES_PER_ADDRESS - 1, NOW)
    assert seconds_to_wait("10.9.9.9", NOW) == SLOWEST
    later = NOW + timedelta(minutes=settings().sign_in_window_minutes)
    assert seconds_to_wait("10.9.9.9", later) == 0
    failed_from("10.9.9.9", 1, NOW)
    assert seconds_to_wait("10.9.9.9", NOW) == 0, "not listened to any more: nothing to put off"


def test_thirty_guesses_at_once_are_counted_one_by_one(waits: list[float]) -> None:
    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(guess("ana", f"wrong {n}", "10.9.9.9") for n in range(30)))

    assert asyncio.run(all_at_once()) == [401] * 30
    with reading() as session:
        assert session.scalar(select(Account.failed_attempts)) == limit()
    assert asyncio.run(guess("ana", PASSWORD, "10.1.1.1")) == 401, "not even the right one any more"
    assert seconds_to_wait("10.9.9.9", datetime.now(UTC)) == pytest.approx(SLOWER_BY * (30 - limit()))


def test_whoever_waits_holds_no_thread(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    failed_from("10.9.9.9", limit() + 1, datetime.now(UTC))

    async def with_one_thread() -> tuple[int, int]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1
        over, waiting = asyncio.Event(), []

        async def sleep(_seconds: float) -> None:
            waiting.append(True)
            await over.wait()

        monkeypatch.setattr(slow_down, "sleep", sleep)
        put_off = [asyncio.create_task(guess("nobody", "wrong", "10.9.9.9")) for _ in range(10)]
        while len(waiting) < len(put_off):
            await asyncio.sleep(0)
        entered = await asyncio.wait_for(guess("ana", PASSWORD, "10.1.1.1"), 20)
        over.set()
        return entered, len({await task for task in put_off})

    assert asyncio.run(with_one_thread()) == (303, 1)
