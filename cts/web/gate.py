"""The session gate: every request, WebSocket handshake and WebSocket frame passes here, and none without a valid session.

The way in is POST /login; see cts/web/paths.py for the few addresses that answer to anybody.
"""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import anyio
import anyio.to_thread
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cts.services import sessions
from cts.services.actor import Actor
from cts.web import frames, paths
from cts.web.cookie import cookie_value
from cts.web.plain_page import NO_PAGE, sorry_page

SESSION_HEADER = b"x-cts-session"
_OWN_HEADERS = (b"x-cts-", b"x_cts_")
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_LOOKUPS_AT_ONCE = 8
_log = logging.getLogger(__name__)


class SessionGate:
    """ASGI middleware. `hosts` are the names under which CTS answers, without port."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self._limit: anyio.CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let pass, refuse, or pass on with the actor in scope["cts.actor"] and the session's hash as a header."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": [h for h in scope["headers"] if not h[0].lower().startswith(_OWN_HEADERS)]}
        try:
            actor = await self._actor(scope)
        except Exception as problem:  # noqa: BLE001 -- whatever is wrong, nobody passes
            _log.error("The session could not be checked: %s", type(problem).__name__)
            await _refuse(
                scope, receive, send, sorry_page(_NO_DATABASE, 503, "Not possible just now", {"Retry-After": "30"})
            )
            return
        refusal = self._refusal(scope, actor)
        if refusal is not None:
            await _refuse(scope, receive, send, refusal)
            return
        if actor is not None:
            scope["cts.actor"] = actor
            scope["headers"].append((SESSION_HEADER, actor.session_hash.encode()))
        if scope["type"] == "websocket" and actor is not None:
            receive = _CheckedFrames(self, actor.session_hash, receive).receive
        await self.app(scope, receive, send)

    async def check(self, session_hash: str, active: bool) -> Actor | None:
        """Who is signed in by this session now; with `active`, note that the person did something. Off the event loop.

        Noting it ends with a wait for the disk; of somebody who works without a break it is done beside what was asked for.
        """
        if self._limit is None:
            self._limit = anyio.CapacityLimiter(_LOOKUPS_AT_ONCE)

        def look() -> tuple[Actor | None, bool]:
            now = datetime.now(UTC)
            found = sessions.signed_in(session_hash, now)
            if found is None:
                return None, False
            owed = active and found.is_to_be_touched(now)
            if owed and not found.may_be_touched_later(now):
                sessions.touch(session_hash, now)
                owed = False
            return found.actor, owed

        actor, owed = await anyio.to_thread.run_sync(look, limiter=self._limit)
        if owed:
            asyncio.get_running_loop().run_in_executor(None, _touch, session_hash)
        return actor

    async def _actor(self, scope: Scope) -> Actor | None:
        path = scope["path"]
        value = cookie_value(scope["headers"])
        if not value or path == "/healthz":
            return None
        quiet = path in paths.QUIET or path.startswith((paths.STREAMLIT_FILES, paths.ASSETS))
        return await self.check(sessions.hash_of(value), active=not quiet)

    def _refusal(self, scope: Scope, actor: Actor | None) -> Response | None:
        path = scope["path"]
        if path != "/healthz" and not self._host_is_ours(scope):
            return PlainTextResponse("This server does not answer under that name.", 400)
        if scope["type"] == "websocket":
            allowed = path == paths.STREAM and actor is not None and self._same_site(scope, browser=True)
            return None if allowed else PlainTextResponse("Sign in first.", 403)
        if not _known(path):
            return sorry_page(NO_PAGE, 404)
        if scope["method"] not in _SAFE_METHODS and not self._same_site(scope, browser=False):
            return PlainTextResponse("This request came from another site.", 403)
        if actor is not None or paths.is_anonymous(path):
            # A route that does not know a method would leave the request to Streamlit, which answers anything with its page.
            known = _answers(scope["method"], path)
            return None if known else PlainTextResponse("This is not how this address is asked.", 405)
        if scope["method"] in _SAFE_METHODS and (paths.is_page(path) or _linked(path)):
            query = scope.get("query_string", b"").decode("latin-1")
            wanted = paths.safe_next(path + (f"?{query}" if query else ""))
            return RedirectResponse("/login" if wanted == "/" else f"/login?next={quote(wanted, safe='')}", 303)
        return PlainTextResponse("Sign in first.", 401)

    def _host_is_ours(self, scope: Scope) -> bool:
        return urlsplit(f"//{_header(scope, b'host')}").hostname in self.hosts

    def _same_site(self, scope: Scope, browser: bool) -> bool:
        """Whether a request that changes something, or a handshake, comes from a page of ours (browsers always say)."""
        site = _header(scope, b"sec-fetch-site")
        if site and site not in ({"same-origin"} if browser else {"same-origin", "none"}):
            return False
        origin = _header(scope, b"origin")
        if not origin:
            return bool(site) and not browser
        return origin.startswith(("http://", "https://")) and urlsplit(origin).netloc == _header(scope, b"host")


class _CheckedFrames:
    """The receiving end of one WebSocket, where each frame is checked before Streamlit sees it."""

    def __init__(self, gate: SessionGate, session_hash: str, receive: Receive) -> None:
        self._gate, self._hash, self._receive = gate, session_hash, receive
        # A page that opens or reconnects runs by itself; the request for the page was the person's doing.
        self._first = True

    async def receive(self) -> Message:
        """The next message Streamlit may see. Those of an ended session become empty reruns; forbidden ones vanish."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            kind = frames.examine(data) if data is not None else frames.Frame.UNREADABLE
            if kind is frames.Frame.UNREADABLE:
                return {"type": "websocket.disconnect", "code": 1003}
            active, self._first = kind is frames.Frame.ACTIVITY and not self._first, False
            try:
                actor = await self._gate.check(self._hash, active)
            except Exception as problem:  # noqa: BLE001 -- without an answer no frame passes
                _log.error("The session of a frame could not be checked: %s", type(problem).__name__)
                return {"type": "websocket.disconnect", "code": 1011}
            if actor is None:
                return {"type": "websocket.receive", "bytes": frames.empty_rerun()}
            if kind is not frames.Frame.DROP:
                return message


def _touch(session_hash: str) -> None:
    try:
        sessions.touch(session_hash, datetime.now(UTC))
    except Exception as problem:  # noqa: BLE001 -- the next thing the person does notes it
        _log.warning("Activity could not be noted: %s", type(problem).__name__)


_NO_DATABASE = "CTS cannot reach its database. Try again in a minute."


def _known(path: str) -> bool:
    if paths.is_page(path) or paths.is_anonymous(path) or _linked(path) or path in paths.QUIET:
        return True
    if paths.DRAFTS.fullmatch(path) or path in paths.OF_ACCOUNT:
        return True
    return path.startswith((paths.ASSETS, paths.STREAMLIT_FILES, paths.UPLOADS, paths.MEDIA)) and ".." not in path


def _answers(method: str, path: str) -> bool:
    if method in _SAFE_METHODS:
        return True
    if method in {"PUT", "DELETE"}:
        return path.startswith(paths.UPLOADS)
    return method == "POST" and (
        path in paths.POSTED or bool(paths.DRAFTS.fullmatch(path)) or path.startswith(paths.UPLOADS)
    )


def _linked(path: str) -> bool:
    return any(linked.fullmatch(path) for linked in paths.LINKED)


def _header(scope: Scope, name: bytes) -> str:
    """A header that must not be given twice: two of them count as a wrong one."""
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return found[0] if len(found) == 1 else ("" if not found else "given twice")


async def _refuse(scope: Scope, receive: Receive, send: Send, response: Response) -> None:
    if scope["type"] == "http":
        await response(scope, receive, send)
        return
    # Refused before it is accepted: the server answers the handshake with 403.
    await send({"type": "websocket.close", "code": 1008, "reason": ""})


def actor_in(scope: Any) -> Actor | None:
    """Who the gate found, for our own routes."""
    found = scope.get("cts.actor")
    return found if isinstance(found, Actor) else None
