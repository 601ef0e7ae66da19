"""`python -m cts serve`: the web server, with the event loop and limits CTS is tuned for."""

import argparse
import logging
import os
import sys

import uvicorn

from cts.settings import UnsafeSettings, settings

_LARGEST_FRAME = 16 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop; returns the exit status."""
    if args.port != 8501:
        os.environ.setdefault("CTS_BASE_URL", f"http://localhost:{args.port}")
    try:
        chosen = settings()
    except UnsafeSettings as refusal:
        print(refusal, file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        "app:app",
        host=args.host,
        port=args.port,
        loop="auto" if sys.platform == "win32" else "uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=_LARGEST_FRAME,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        server_header=False,
        # The address of a caller counts for locking: only named proxies may tell another one than the connection's.
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies or None,
        timeout_graceful_shutdown=5,
    )
    server = _SpeakingServer(config, chosen.base_url)
    server.run()
    return 0 if server.started else 1


class _SpeakingServer(uvicorn.Server):
    """Says one line when it is ready."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Start, then say where."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            print(f"CTS is at {self._address}", flush=True)
