"""A virus scanner that speaks clamd's INSTREAM (ClamAV and others): content goes over a socket, a verdict comes back.

Clean is only what the scanner has called so, word for word, in time. Everything else – nobody there, silence, an error, a stream too long for
it, an answer that is none – is "not looked at", never "clean".
"""

import re
import socket
import time

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
_PIECE_BYTES = 1 << 16
_LONGEST_ANSWER = 1_000
_FOUND = re.compile(rb"stream: (.{1,300}) FOUND\x00", re.DOTALL)


class Harmful(Exception):
    """The scanner found something. `str()` is its name for it, in harmless letters."""


class NotScanned(Exception):
    """There is no verdict. `str()` says why, for the log."""


def scan(content: bytes, address: str) -> None:
    """Ask the scanner at `address` (host:port, or the path of its socket). Raises Harmful, NotScanned; returns for what is clean."""
    ends = time.monotonic() + ANSWER_SECONDS
    try:
        with _connected(address) as connection:
            answer = _answer_to(connection, content, ends)
    except OSError as problem:
        raise NotScanned(f"the scanner at {address} cannot be reached: {type(problem).__name__}") from problem
    if answer == b"stream: OK\x00":
        return
    found = _FOUND.fullmatch(answer)
    if found:
        raise Harmful(_harmless(found[1]))
    raise NotScanned(f"the scanner at {address} said: {_harmless(answer) or 'nothing'}")


def _answer_to(connection: socket.socket, content: bytes, ends: float) -> bytes:
    try:
        _send(connection, b"zINSTREAM\x00", ends)
        for start in range(0, len(content), _PIECE_BYTES):
            piece = content[start : start + _PIECE_BYTES]
            _send(connection, len(piece).to_bytes(4) + piece, ends)
        _send(connection, bytes(4), ends)
    except (BrokenPipeError, ConnectionResetError):
        pass  # a scanner that has enough says why, and reads no more
    answer = b""
    while not answer.endswith(b"\x00") and len(answer) < _LONGEST_ANSWER:
        _wait_until(connection, ends)
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer


def _send(connection: socket.socket, piece: bytes, ends: float) -> None:
    _wait_until(connection, ends)
    connection.sendall(piece)


def _wait_until(connection: socket.socket, ends: float) -> None:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS)


def _harmless(text: bytes) -> str:
    """Letters, digits and a few marks: an answer may hold anything, and stands in the log."""
    return re.sub(r"[^A-Za-z0-9 ._:-]", "?", text.decode("ascii", "replace").strip("\x00"))[:120]
