"""Many people's browsers as one process of its own, so that what it does itself takes no time from the server's answers being noted.

Commands come on its standard input, one a line; each is answered by a line of JSON when it is done:
`open N` opens the next N pages and draws each once; `work SECONDS EVERY` lets everybody work.
"""

import asyncio
import base64
import json
import os
import struct
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import uvloop
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE_SECONDS = 60.0
_BINARY, _CLOSE, _PING, _PONG = 0x2, 0x8, 0x9, 0xA


class Page(asyncio.Protocol):
    """One open page: the WebSocket and as much of Streamlit's protocol as a rerun needs."""

    def __init__(self, address: str, cookie: str) -> None:
        self._address, self._cookie = urlsplit(address), cookie
        self._buffer = b""
        self._upgraded = False
        self._drawn = self._expected = 0
        self._ended: asyncio.Future[float] | None = None

    def connection_made(self, transport: Any) -> None:
        """Ask for the WebSocket."""
        self._transport = transport
        lines = [
            "GET /_stcore/stream HTTP/1.1",
            f"Host: {self._address.netloc}",
            f"Origin: {self._address.scheme}://{self._address.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: streamlit, token",
            *([f"Cookie: {self._cookie}"] if self._cookie else []),
        ]
        transport.write("\r\n".join([*lines, "", ""]).encode())

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits for an answer gets none."""
        if self._ended and not self._ended.done():
            self._ended.set_exception(ConnectionError(str(exc or "The server hung up.")))

    def data_received(self, data: bytes) -> None:
        """Take the frames apart."""
        self._buffer += data
        if not self._upgraded:
            head, found, self._buffer = self._buffer.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self._transport.close()
                return
            self._upgraded = True
        start = 0
        while (frame := frame_at(self._buffer, start)) is not None:
            kind, begins, start = frame
            self._take(kind, self._buffer[begins:start])
        self._buffer = self._buffer[start:]

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == _PING:
            self._send(_PONG, payload)
        elif kind == _CLOSE:
            self._transport.close()
        elif kind == _BINARY:
            told = ForwardMsg.FromString(payload).WhichOneof("type")
            self._drawn += told == "delta"
            if told == "script_finished" and self._ended and not self._ended.done():
                self._ended.set_result(time.perf_counter())

    def _send(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else struct.pack("!BH", 0x80 | 126, size)
        # Masked, as it must be, with a key of zeros.
        self._transport.write(bytes([0x80 | kind]) + length + bytes(4) + payload)

    async def rerun(self) -> float:
        """One rerun; milliseconds until its last message has come. Raises when less came than at the first."""
        message = BackMsg()
        message.rerun_script.SetInParent()
        self._ended, self._drawn = asyncio.get_running_loop().create_future(), 0
        before = time.perf_counter()
        self._send(_BINARY, message.SerializeToString())
        async with asyncio.timeout(PATIENCE_SECONDS):
            ended = await self._ended
        self._expected = self._expected or self._drawn
        if self._drawn < self._expected:
            raise RuntimeError(f"{self._drawn} parts of the page came, {self._expected} before.")
        return (ended - before) * 1_000

    async def opened(self) -> None:
        """Wait until the WebSocket is open."""
        until = time.perf_counter() + PATIENCE_SECONDS
        while not self._upgraded:
            if time.perf_counter() > until or self._transport.is_closing():
                raise ConnectionError("The server did not open the page.")
            await asyncio.sleep(0.005)


def frame_at(data: bytes, start: int) -> tuple[int, int, int] | None:
    """The kind of the frame that starts here, where its content begins and where it ends; None while some of it is still to come."""
    if len(data) < start + 2:
        return None
    size, begins = data[start + 1] & 0x7F, start + 2
    more = {126: "!H", 127: "!Q"}.get(size)
    if more is not None:
        begins += struct.calcsize(more)
        if len(data) < begins:
            return None
        (size,) = struct.unpack_from(more, data, start + 2)
    return (data[start] & 0x0F, begins, begins + size) if len(data) >= begins + size else None


async def _open(address: str, cookies: list[str]) -> list[Page]:
    loop, pages = asyncio.get_running_loop(), []
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 80
    for cookie in cookies:
        _, page = await loop.create_connection(lambda c=cookie: Page(address, c), host, port)  # type: ignore[misc]
        await page.opened()
        await page.rerun()
        pages.append(page)
    return pages


async def _work(pages: list[Page], seconds: float, every: float) -> dict[str, Any]:
    """Everybody works for this long, evenly spread; milliseconds of each rerun, and what went wrong."""
    taken: list[float] = []
    errors: list[str] = []
    begins = time.perf_counter()

    async def one(place: int, page: Page) -> None:
        due = begins + every * place / len(pages)
        while due < begins + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                taken.append(await page.rerun())
            except (OSError, RuntimeError, TimeoutError) as problem:
                errors.append(repr(problem))
                return
            due += every

    await asyncio.gather(*(one(*pair) for pair in enumerate(pages)))
    return {"taken": taken, "errors": errors}


async def _serve(address: str, cookies: list[str]) -> None:
    pages: list[Page] = []
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command, *numbers = line.split()
        if command == "open":
            upto = len(pages) + int(numbers[0])
            pages += await _open(address, cookies[len(pages) : upto])
            print(json.dumps(len(pages)), flush=True)
        else:
            print(json.dumps(await _work(pages, *map(float, numbers))), flush=True)


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1], json.loads(sys.stdin.readline())))
