"""Free ports and waiting, shared by the parts."""

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path


def free_port() -> int:
    """A loopback TCP port that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@cache
def steady_port() -> int:
    """The same loopback port all through this process; none that the machine gives to whoever only calls, so that it is free again later."""
    below = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(below.read_text().split()[0]) if below.exists() else 32_768
    for port in range(10_000 + os.getpid() % (first - 11_000), first):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No port is free.")


def wait_until(condition: Callable[[], bool], seconds: float, otherwise: Callable[[], str] | str) -> None:
    """Wait until the condition holds; after that many seconds raises TimeoutError with what `otherwise` says."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(otherwise if isinstance(otherwise, str) else otherwise())
        time.sleep(0.05)
