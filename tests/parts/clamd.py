"""A small scanner that speaks clamd's INSTREAM over TCP or a socket of the machine, and misbehaves when told to."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VIRUS = b"X5O!P%@AP-A-HARMLESS-PRETENDED-VIRUS-FOR-TESTS"
"""What this scanner calls harmful."""


class Scanner:
    """What the scanner was sent, and what it answers: "" means as a scanner does, else these very bytes."""

    def __init__(self) -> None:
        self.address = ""
        self.seen: list[bytes] = []
        self.answer: bytes | None = None
        self.most_bytes = 25_000_000
        self.silent = threading.Event()
        self.ended = threading.Event()


def _verdict(scanner: Scanner, request: socketserver.StreamRequestHandler) -> bytes:
    if request.rfile.read(10) != b"zINSTREAM\x00":
        return b"UNKNOWN COMMAND\x00"
    content = b""
    while size := struct.unpack("!I", request.rfile.read(4))[0]:
        content += request.rfile.read(size)
        if len(content) > scanner.most_bytes:
            return b"INSTREAM size limit exceeded. ERROR\x00"
    scanner.seen.append(content)
    if scanner.silent.is_set():
        scanner.ended.wait(30)
    if scanner.answer is not None:
        return scanner.answer
    return b"stream: Eicar-Test-Signature FOUND\x00" if VIRUS in content else b"stream: OK\x00"


@contextmanager
def running_scanner(path: Path | None = None) -> Iterator[Scanner]:
    """A scanner that listens on loopback, or on a socket at `path`."""
    scanner = Scanner()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(_verdict(scanner, self))

    kind = socketserver.ThreadingUnixStreamServer if path else socketserver.ThreadingTCPServer
    with kind(str(path) if path else ("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        scanner.address = str(path) if path else f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield scanner
        finally:
            scanner.ended.set()
            server.shutdown()
            thread.join()
