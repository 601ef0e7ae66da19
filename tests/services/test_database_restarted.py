"""PostgreSQL restarted while everybody works: who was told "saved" has it, who was not tries again, and CTS goes on by itself."""

import threading
import time
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from cts.services.drafts import save
from db.models import Assignment, ReviewedDocument
from db.session import close_database, open_database, reading
from tests.cast import NOW, Cast, add_assignment, make_cast
from tests.parts.agreement import disagreements
from tests.parts.postgres import PostgresServer

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(200)]

WORKERS = 6
AFTER = 5
"""So many answers each has to save after the restart."""


class Writer(threading.Thread):
    """Somebody who saves one answer after the other, and again when it was not possible."""

    def __init__(self, cast: Cast, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._cast, self._over = cast, stop
        self.number = add_assignment(cast)
        self.saved: list[str] = []
        self.refused = 0

    def run(self) -> None:
        for turn in count(1):
            if self._over.is_set():
                return
            try:
                save(self._cast.people["csw"], self.number, {"family": f"Visit {turn}."}, NOW)
            except DBAPIError:
                self.refused += 1
                time.sleep(0.05)
            else:
                self.saved.append(f"Visit {turn}.")


def test_a_restart_under_load_loses_nothing_acknowledged(postgres_server: PostgresServer, postgres_url: str) -> None:
    open_database(postgres_url)
    cast, stop = make_cast(), threading.Event()
    writers = [Writer(cast, stop) for _ in range(WORKERS)]
    for writer in writers:
        writer.start()
    wait_for_more(writers)
    postgres_server.stop()
    time.sleep(0.5)
    before = [writer.refused for writer in writers]
    postgres_server.start()
    wait_for_more(writers)
    stop.set()
    for writer in writers:
        writer.join(timeout=30)
        assert not writer.is_alive()
    assert sum(before) > 0, "nobody was at work while the database was away"
    with reading() as session:
        rows = select(Assignment.number, ReviewedDocument).join(ReviewedDocument)
        kept = {number: document.answers.get("family") for number, document in session.execute(rows)}
    assert [kept[writer.number] for writer in writers] == [writer.saved[-1] for writer in writers]
    assert disagreements() == []
    close_database()


def wait_for_more(writers: list[Writer]) -> None:
    """Until each has saved some more."""
    wanted = [len(writer.saved) + AFTER for writer in writers]
    end = time.monotonic() + 60
    while any(len(writer.saved) < some for writer, some in zip(writers, wanted, strict=True)):
        assert time.monotonic() < end, [len(writer.saved) for writer in writers]
        time.sleep(0.02)
