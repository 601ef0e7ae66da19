"""Security headers of every answer."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cts.web import paths

# Our own plain pages: nothing but our style sheet and logo.
PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def page_policy(script_hashes: tuple[str, ...]) -> str:
    """The policy of Streamlit's page: its own scripts, workers and WebSocket, nothing from elsewhere, nothing evaluated."""
    hashes = "".join(f" '{item}'" for item in script_hashes)
    return (
        "default-src 'none'; "
        f"script-src 'self' 'wasm-unsafe-eval' blob:{hashes}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "manifest-src 'self'; worker-src 'self' blob:; frame-ancestors 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
    )


class SecurityHeaders:
    """ASGI middleware around everything, the gate's refusals too. `https` adds HSTS; `policy` is the page's policy."""

    def __init__(self, app: ASGIApp, policy: str, https: bool) -> None:
        self.app = app
        self.policy = policy
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add the headers to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"], message["status"])
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, path: str, status: int) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "SAMEORIGIN"
        headers.setdefault("Referrer-Policy", "same-origin")
        headers["Permissions-Policy"] = _PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["X-Robots-Tag"] = "noindex, nofollow"
        headers.setdefault("Content-Security-Policy", self.policy)
        if self.https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if path.startswith(paths.STREAMLIT_FILES) and status in {200, 206, 304}:
            return  # named after their content, the same for everybody: Streamlit's own long life stands
        headers["Cache-Control"] = "no-cache" if path.startswith(paths.ASSETS) else "no-store"
