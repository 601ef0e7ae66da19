"""A route that fails: a reference number for the person and the log, and no text of the error, which may quote a record.

A start that is refused: the sentence that says what to mend, and nothing around it.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.utils import ClientDisconnected

from cts.services.failures import log_failure
from cts.web.plain_page import sorry_page


class QuietFailures:
    """ASGI middleware inside the security headers, around everything else. `refused` gets the sentence of a start that was refused."""

    def __init__(self, app: ASGIApp, refused: list[str]) -> None:
        self.app = app
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; an error that nobody caught becomes a 500 with a reference, or the end of the WebSocket."""
        if scope["type"] not in {"http", "websocket"}:

            async def send_plainly(message: Message) -> None:
                if message["type"] == "lifespan.startup.failed" and self.refused:
                    message = {**message, "message": self.refused[0]}
                await send(message)

            await self.app(scope, receive, send_plainly)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except ClientDisconnected:
            # A tab closed in the middle of a handshake: nobody is left to tell, and nothing went wrong.
            return
        except Exception as error:  # noqa: BLE001 -- the last place that can keep its text out of the log
            reference = log_failure(error)
            if scope["type"] == "http" and not started:
                sentence = (
                    f"Nothing half-done was saved. Try again; if it goes on, tell support this number: {reference}."
                )
                await sorry_page(sentence, 500, "Something went wrong")(scope, receive, send)
