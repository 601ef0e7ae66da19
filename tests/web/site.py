"""A CTS of our own with a few accounts, and clients that talk to it without a browser: HTTP, and Streamlit's WebSocket."""

import atexit
import http.client
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.parts.cts_server import RunningCts
from tests.parts.passwords import hash_quickly

COOKIE = "__Host-cts"


def add_account(cts: RunningCts, user_name: str, name: str) -> str:
    """An account of CSEC Administration made by the command; returns the password it printed."""
    added = cts.run_command(
        "account", "add", user_name, "--name", name, "--role", "CSEC Administration", "--email", "x@cts.example"
    )
    assert added.returncode == 0, added.stderr
    return added.stdout.rpartition(": ")[2].strip()


class Site:
    """A running CTS and the accounts it has: user name -> password."""

    def __init__(self, cts: RunningCts) -> None:
        self.cts = cts
        self.base_url = cts.base_url
        self.passwords: dict[str, str] = {}

    def ask(
        self, method: str, path: str, cookie: str = "", headers: dict[str, str] | None = None, body: str = ""
    ) -> tuple[int, dict[str, str], str]:
        """One request without a browser; status, headers (lower case), body."""
        sent = {"Host": f"localhost:{self.cts.port}", **(headers or {})}
        if cookie:
            sent["Cookie"] = f"{COOKIE}={cookie}"
        connection = http.client.HTTPConnection("127.0.0.1", self.cts.port, timeout=30)
        try:
            connection.request(method, path, body=body.encode(), headers=sent)
            answer = connection.getresponse()
            names = {name.lower(): answer.getheader(name, "") for name, _ in answer.getheaders()}
            return answer.status, names, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def post_login(
        self, user_name: str, password: str, wanted: str = "/", **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """POST /login as the page's own form would."""
        form = urlencode({"user_name": user_name, "password": password, "next": wanted}, quote_via=quote)
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base_url}
        return self.ask("POST", "/login", headers={**kind, **headers}, body=form)

    def sign_in(self, user_name: str) -> str:
        """Sign in and return the cookie's value."""
        status, headers, _ = self.post_login(user_name, self.passwords[user_name])
        assert status == 303
        found = re.match(rf"{COOKIE}=([^;]+);", headers["set-cookie"])
        assert found
        return found[1]

    def sign_out(self, cookie: str) -> None:
        """POST /logout as the page's own form would."""
        assert self.ask("POST", "/logout", cookie, {"Origin": self.base_url})[0] == 303

    def socket(self, cookie: str, **more: str) -> "StreamlitSocket":
        """Open Streamlit's WebSocket as a browser signed in by this cookie would."""
        return StreamlitSocket(self.base_url, cookie, **more)


class StreamlitSocket:
    """One WebSocket that speaks Streamlit's protocol."""

    def __init__(self, base_url: str, cookie: str, existing: str = "", origin: str = "", **headers: str) -> None:
        sent = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        protocols = [Subprotocol("streamlit"), Subprotocol("token")]
        if existing:
            protocols.append(Subprotocol(existing))
        self._socket: ClientConnection = connect(
            base_url.replace("http", "ws") + "/_stcore/stream",
            additional_headers={"Origin": origin or base_url, **sent, **headers},
            subprotocols=protocols,
            max_size=None,
            legacy=True,
        )
        self.session_id = ""
        self.buttons: dict[str, str] = {}
        self.texts: list[str] = []

    def run(self, click: str = "", auto: bool = False, fragment: str = "") -> list[str]:
        """Ask for a rerun, with a button clicked by its label; returns the texts the run showed."""
        message = BackMsg()
        message.rerun_script.SetInParent()
        message.rerun_script.is_auto_rerun = auto
        message.rerun_script.fragment_id = fragment
        if click:
            message.rerun_script.widget_states.widgets.add(id=self.buttons[click], trigger_value=True)
        return self.send(message)

    def send(self, message: BackMsg) -> list[str]:
        """Send a message and read until the run it causes is over."""
        self._socket.send(message.SerializeToString())
        return self.read_run()

    def read_run(self, seconds: float = 20) -> list[str]:
        """Read until a run has finished; returns what it showed."""
        self.texts = []
        while True:
            received = self._socket.recv(timeout=seconds)
            assert isinstance(received, bytes)
            message = ForwardMsg.FromString(received)
            self._note(message)
            if message.WhichOneof("type") == "script_finished":
                return self.texts

    def push(self, message: BackMsg) -> None:
        """Send a message that causes no run."""
        self._socket.send(message.SerializeToString())

    def push_bytes(self, data: bytes | str) -> None:
        """Send anything."""
        self._socket.send(data)

    def answer(self, seconds: float) -> ForwardMsg | None:
        """The next message within these seconds, or None. Raises ConnectionClosed when the server hung up."""
        try:
            received = self._socket.recv(timeout=seconds)
        except TimeoutError:
            return None
        assert isinstance(received, bytes)
        return ForwardMsg.FromString(received)

    def drain(self) -> None:
        """Read what is still on its way after a run."""
        while self.answer(0.3) is not None:
            pass

    def is_closed(self, seconds: float = 5) -> bool:
        """Whether the server hangs up within these seconds."""
        try:
            while self.answer(seconds) is not None:
                pass
        except ConnectionClosed:
            return True
        return False

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _note(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "new_session":
            self.session_id = message.new_session.initialize.session_id or self.session_id
        if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind in {"text", "markdown", "heading"}:
            self.texts.append(getattr(element, kind).body)
        elif kind == "button":
            self.buttons[element.button.label] = element.button.id


class ProbeCts(RunningCts):
    """Our gate around a script of the test's own (tests/web/probe.py), started as `uvicorn tests.web.probe:app`."""

    def program(self) -> tuple[str, ...]:
        """Uvicorn itself."""
        return ("uvicorn", "tests.web.probe:app")


@cache
def accounts_of_site() -> tuple[Path, dict[str, str]]:
    """A SQLite database with two accounts, ana and ben, made once by the command; and their passwords."""
    folder = Path(tempfile.mkdtemp(prefix="cts-site-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    cts = RunningCts(folder, {})
    passwords = {name: add_account(cts, name, f"{name.title()} Tester") for name in ("ana", "ben")}
    hash_quickly(folder / "cts.sqlite", passwords)
    return folder / "cts.sqlite", passwords


def start_site(var_dir: Path, kind: Callable[..., RunningCts] = RunningCts, **settings: str) -> Site:
    """The server with the two accounts, and therefore without the demonstration."""
    cts = kind(var_dir, {"CTS_TEST_NOTES": str(var_dir / "notes"), **settings})
    database, passwords = accounts_of_site()
    site = Site(cts)
    site.passwords |= passwords
    cts.begin_with(database)
    cts.start()
    return site


def stranger() -> str:
    """A cookie value nobody was given."""
    return secrets.token_urlsafe(32)
