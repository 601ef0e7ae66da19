"""A second server in miniature: a process of its own that presses buttons on the same database, told what to do line by line.

Started with the URL of a database; reads one JSON line per press, waits for its moment, presses, answers with one JSON line.
All are forked from one process that has read the code already and has no database, threads or pages of its own.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from cts.domain.vocabulary import Action, Document, Role
from cts.services.actor import Actor
from cts.services.documents import open_document
from cts.services.drafts import save
from cts.services.refusals import Refusal
from cts.services.signatures import sign
from cts.services.starting import start
from cts.services.steps import StepRequest, take_step
from db.models import Person
from db.session import open_database, reading
from tests.cast import ANSWERS, PASSWORD
from tests.parts.forked import processes


def actor_of(person_id: int) -> Actor:
    """The person as the actor of a service, read from the database."""
    with reading() as session:
        person = session.get_one(Person, person_id)
        return Actor(
            person.id,
            person.name,
            Role(person.role),
            person.email,
            person.office_code,
            "",
            person.unit,
            person.agency_id,
        )


def press(told: dict[str, Any]) -> str:
    """Press one button at the moment told; returns what was said, or the refusal's kind and sentence."""
    actor, now = actor_of(told["actor"]), datetime.fromisoformat(told["now"])
    kind, sequence = Document(told.get("kind", Document.REFERRAL)), told.get("sequence")
    while time.time() < told.get("at", 0):
        pass  # both presses begin within a fraction of a millisecond
    try:
        if told["action"] == "open":
            return f"You opened {open_document(actor, told['number'], now, kind, sequence).status}"
        if told["action"] == "start":
            return f"You began {start(actor, told['number'], kind, told['key'], now)}"
        request = StepRequest(Action(told["action"]), told["version"], told["key"], **told.get("asked", {}))
        return take_step(actor, told["number"], request, now, kind, sequence).sentence
    except Refusal as refusal:
        return f"{type(refusal).__name__}: {refusal}"


def submit_many(told: dict[str, Any], orders: Connection) -> None:
    """Write, sign and submit one Referral after the other; says each number after it was told that it is submitted."""
    actor, now = actor_of(told["actor"]), datetime.fromisoformat(told["now"])
    for number in told["numbers"]:
        save(actor, number, ANSWERS, now)
        save(actor, number, {"family": f"The family of {number}."}, now)
        orders.send(json.dumps(["saved", number]))
        sign(actor, number, told["name"], PASSWORD, 3, now)
        request = StepRequest(Action.SUBMIT, 3, f"submit {number}", supervisor_id=told["supervisor"])
        take_step(actor, number, request, now)
        orders.send(json.dumps(["submitted", number]))


class Racer:
    """The process, seen from the test."""

    def __init__(self, url: str) -> None:
        self._ours, theirs = processes.Pipe()
        self.process = processes.Process(target=obey, args=(url, theirs), daemon=True)
        self.process.start()
        theirs.close()
        assert self.hear() == "ready"

    def tell(self, what: dict[str, Any]) -> None:
        """Send one line."""
        self._ours.send(json.dumps(what))

    def hear(self) -> Any:
        """The next line; '' when the process has ended."""
        try:
            return json.loads(self._ours.recv())
        except (EOFError, OSError):
            return ""

    def end(self) -> None:
        """End it at once, whatever it is doing (SIGKILL)."""
        self.process.kill()
        self.process.join()


@contextmanager
def racers(url: str, count: int) -> Iterator[list[Racer]]:
    """That many processes on one database, ended afterwards."""
    running = [Racer(url) for _ in range(count)]
    try:
        yield running
    finally:
        for racer in running:
            racer.end()


def obey(url: str, orders: Connection) -> None:
    """Obey line by line until it is killed."""
    open_database(url)
    orders.send(json.dumps("ready"))
    while True:
        told = json.loads(orders.recv())
        if "numbers" in told:
            submit_many(told, orders)
        else:
            orders.send(json.dumps(press(told)))
