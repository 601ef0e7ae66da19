"""CTS as `python -m cts` starts it, with every address noted that the server itself wants to reach: an attempt to go outside is written down."""

import os
import sys
from pathlib import Path
from typing import Any

from cts.__main__ import main

NOTES = Path(os.environ.get("CTS_TEST_NOTES", os.devnull))
LOOPBACK = ("127.", "::1", "localhost")


def note(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: connections and look-ups of names."""
    if event == "socket.connect":
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = arguments
    else:
        return
    host = str(address[0]) if isinstance(address, tuple) else "127.0.0.1"  # a Unix socket stays on the machine
    if not host.startswith(LOOPBACK) and host not in {"None", ""}:
        with NOTES.open("a") as file:
            file.write(f"{event} {host}\n")


if __name__ == "__main__":
    NOTES.touch()
    sys.addaudithook(note)
    sys.exit(main(sys.argv[1:]))
