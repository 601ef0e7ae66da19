"""Guessing from one network address becomes slower with each wrong guess: the next one is put off before it is looked at.

The waiting is the event loop's: it holds no thread and no connection to the database. How long depends on the address alone, never on the
name, so that it tells nothing about accounts; and as it comes first, hanging up early saves a guesser nothing.
"""

from datetime import UTC, datetime

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from cts.services.attempts import seconds_to_wait
from cts.web.plain_page import address_of

sleep = anyio.sleep


async def put_off(request: Request) -> None:
    """Wait as long as the wrong guesses from the caller's address make it; not at all after none or a few."""
    seconds = await run_in_threadpool(seconds_to_wait, address_of(request), datetime.now(UTC))
    if seconds:
        await sleep(seconds)
