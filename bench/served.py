"""CTS as a process on a filled database, the bare application as another; and clients that speak Streamlit's protocol to either."""

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bench.databases import fill, sqlite_at
from cts.domain.calendar import office_time
from cts.domain.vocabulary import LeadAgency, Role, Status
from cts.services.check_runs import claim_night
from cts.settings import settings
from db.models import Account, Assignment, Person
from db.session import close_database, writing
from tests.parts.cts_server import RunningCts
from tests.parts.passwords import quick_hash
from tests.web.site import COOKIE, Site

PASSPHRASE = "measured by the bench 2026"  # noqa: S105


def serve(folder: Path, rows: int, people: int = 0) -> Site:
    """CTS on a database of this many rows, with an account of each role (named after it) and of `people` case workers (p0, p1 …), or as many
    as there are."""
    var = folder / "served"
    var.mkdir(exist_ok=True)
    database = sqlite_at(folder, rows)
    if not Path(database.removeprefix("sqlite:///")).exists():
        fill(database, rows)
        people = _add_accounts(people)
        take_the_night()
        close_database()
    Path(database.removeprefix("sqlite:///")).rename(var / "cts.sqlite")
    site = Site(Started(var, {"CTS_MAIL_EVERY_SECONDS": "3600"}))
    site.passwords = dict.fromkeys(
        [*(str(r).lower().replace(" ", ".") for r in Role), *(f"p{n}" for n in range(people))], PASSPHRASE
    )
    site.cts.start()
    return site


def take_the_night() -> None:
    """The work of the night belongs to another server: one that starts later in the day does it at once, of 100,000 assignments for forty
    seconds, beside what is measured."""
    now = datetime.now(UTC)
    claim_night(office_time(now, settings().time_zone).date(), now)


def _add_accounts(people: int) -> int:
    kept = quick_hash(PASSPHRASE)
    with writing() as session:
        names: dict[int, str] = {}
        for role in Role:
            first = session.scalar(select(Person.id).where(Person.role == role).order_by(Person.id).limit(1))
            if role is Role.CSW:  # somebody who has a Referral to write
                new = select(Assignment.worker_id).where(
                    Assignment.status == Status.NEW, Assignment.lead_agency == LeadAgency.DCFS
                )
                first = session.scalar(new.order_by(Assignment.number.desc()).limit(1))
            if first is not None:
                names[first] = str(role).lower().replace(" ", ".")
        workers = session.scalars(select(Person.id).where(Person.role == Role.CSW).order_by(Person.id)).all()
        others = [w for w in workers if w not in names][:people]
        for n, worker in enumerate(others):
            names[worker] = f"p{n}"
        rows = [{"person_id": i, "user_name": name, "password_hash": kept} for i, name in names.items()]
        session.execute(insert(Account), rows)
    return len(others)


class Started(RunningCts):
    """CTS, started as its users start it: not forked, as the servers of tests are, from a process that has read its code before."""

    def program(self) -> tuple[str, ...]:
        """The command `cts serve` by its file."""
        return ("cts.__main__", "serve")


class Bare(RunningCts):
    """The bare application."""

    def program(self) -> tuple[str, ...]:
        """Uvicorn with CTS's settings of the server."""
        return ("bench.bare",)


class Window:
    """One open page: `base_url` and, for CTS, the cookie of who is signed in."""

    def __init__(self, base_url: str, cookie: str = "", page: str = "", query: str = "") -> None:
        sent = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        self._socket = connect(
            base_url.replace("http", "ws") + "/_stcore/stream",
            additional_headers={"Origin": base_url, **sent},
            subprotocols=[Subprotocol("streamlit"), Subprotocol("token")],
            max_size=None,
            legacy=True,
        )
        self._page, self._query = page, query
        self.drawn: list[str] = []
        self.fragments: Counter[str] = Counter()
        self.fragment = ""

    def rerun(self) -> float:
        """One rerun of the page, or of its `fragment` alone; milliseconds until its last message has come.

        Raises RuntimeError when the script failed.
        """
        message = BackMsg()
        message.rerun_script.SetInParent()
        message.rerun_script.fragment_id = self.fragment
        message.rerun_script.page_name = self._page
        message.rerun_script.query_string = self._query
        before = time.perf_counter()
        self._socket.send(message.SerializeToString())
        self.drawn = []
        while True:
            received = self._socket.recv(timeout=60)
            answer = ForwardMsg.FromString(received if isinstance(received, bytes) else b"")
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                self.drawn.append(str(answer.delta.new_element.WhichOneof("type")))
                self.fragments[answer.delta.fragment_id] += 1
            if kind == "script_finished":
                break
        taken = (time.perf_counter() - before) * 1_000
        if "exception" in self.drawn:
            raise RuntimeError("The page failed; see the log of the server.")
        return taken

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
