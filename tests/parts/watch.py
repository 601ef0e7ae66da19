"""What no page of a test may do: an error on the console, a script that throws, a request to an outside host."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1", None}
UNFETCHED = "Failed to fetch dynamically imported module"


class Watch:
    """Notes what no page may do. `allowed` are pieces of console texts that this test expects (say, "status of 403")."""

    def __init__(self, allowed: tuple[str, ...] = ()) -> None:
        self.allowed = list(allowed)
        self._complaints: list[str] = []
        self._cut_short: set[str] = set()

    @property
    def complaints(self) -> list[str]:
        """What was noted. A part of a page that was still being fetched when the page or the session ended is no complaint."""
        return [one for one in self._complaints if not self._was_left(one)]

    def _was_left(self, complaint: str) -> bool:
        signed_out = "status of 401" in complaint and "/assets/" in complaint
        return signed_out or (UNFETCHED in complaint and any(url in complaint for url in self._cut_short))

    def follow(self, context: BrowserContext) -> None:
        """Watch every page of this browser context, present and to come."""
        for event, listener in self._listeners():
            context.on(event, listener)  # type: ignore[call-overload]

    def leave(self, context: BrowserContext) -> None:
        """Watch it no longer: it is another test's next."""
        for event, listener in self._listeners():
            context.remove_listener(event, listener)

    def forget(self) -> None:
        """What was noted so far was expected."""
        self._complaints.clear()

    def _listeners(self) -> list[tuple[str, Callable[..., None]]]:
        return [
            ("console", self._console),
            ("request", self._request),
            ("requestfailed", self._request_failed),
            ("weberror", self._script_error),
            ("page", self.follow_page),
        ]

    def follow_page(self, page: Page) -> None:
        """Watch the WebSockets of a page too."""
        page.on("websocket", self._socket)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"console error: {message.text} ({message.location.get('url', '')})")

    def _script_error(self, error: WebError) -> None:
        self._note(f"script error: {error.error}")

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _request_failed(self, request: Request) -> None:
        if request.failure == "net::ERR_ABORTED":
            self._cut_short.add(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._address(socket.url)

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK:
            self._note(f"asked an outside host: {url}")

    def _note(self, complaint: str) -> None:
        if not any(piece in complaint for piece in self.allowed):
            self._complaints.append(complaint)
