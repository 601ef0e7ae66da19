"""Free ports and waiting, shared by the parts."""

import socket
import time
from collections.abc import Callable


def free_port() -> int:
    """A loopback TCP port that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], seconds: float, otherwise: Callable[[], str] | str) -> None:
    """Wait until the condition holds; after that many seconds raises TimeoutError with what `otherwise` says."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(otherwise if isinstance(otherwise, str) else otherwise())
        time.sleep(0.05)
