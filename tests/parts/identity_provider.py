"""The County's identity provider on loopback: a real one (tests/provider), as a process of its own."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.parts.ports import free_port

_FOLDER = Path(__file__).resolve().parents[1] / "provider"


@dataclass(frozen=True)
class Provider:
    """Where it is, and what CTS and it know of each other."""

    issuer: str
    client_id: str
    client_secret: str

    def settings(self) -> dict[str, str]:
        """What CTS is told."""
        return {
            "CTS_OIDC_ISSUER": self.issuer,
            "CTS_OIDC_CLIENT_ID": self.client_id,
            "CTS_OIDC_CLIENT_SECRET": self.client_secret,
        }


def new_provider() -> Provider:
    """One that has not been started, at a free port."""
    return Provider(f"http://localhost:{free_port()}", "cts", secrets.token_urlsafe(32))


@contextmanager
def running(provider: Provider, *cts_addresses: str) -> Iterator[None]:
    """The provider at work for the CTS at these addresses. Needs tests/provider/node_modules (make test installs it)."""
    port = provider.issuer.rpartition(":")[2]
    backs = [f"{address}/login/county/back" for address in cts_addresses]
    process = subprocess.Popen(
        ["node", "provider.mjs", port, provider.client_id, provider.client_secret, *backs],
        cwd=_FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", "The provider did not start; `make test` installs it."
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)
