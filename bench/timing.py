"""How long a call takes, beside another one."""

import time
from collections.abc import Callable

Call = Callable[[], object]
Clock = Callable[[], float]
"""Seconds since some moment: of time that passes, or of a processor."""


def in_turns(
    first: Call, second: Call, seconds: float = 0.6, least: int = 7, clock: Clock = time.perf_counter, before: int = 1
) -> tuple[float, float, float]:
    """Milliseconds of two calls made in turns, so that both see the same machine, and the noise: the first against itself.

    `before`: so many calls of each are made first and not measured. Of each the lower quartile counts: what another program takes of the
    processor makes a call slower and never faster.
    """
    taken: tuple[list[float], ...] = ([], [], [])
    for _ in range(before):
        first(), second()
    until = time.perf_counter() + seconds
    while len(taken[0]) < least or time.perf_counter() < until:
        for call, times in zip((first, second, first), taken, strict=True):
            times.append(once(call, clock))
    one, other, again = (percentile(times, 0.25) for times in taken)
    return one, other, again / one


def once(call: Call, clock: Clock = time.perf_counter) -> float:
    """Milliseconds of one call."""
    before = clock()
    call()
    return (clock() - before) * 1_000


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
