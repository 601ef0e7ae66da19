"""Many writers of the access log at once, in two processes, and one killed in the middle: the chain is one, without gap or fork."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import Engine, update

from cts.services.access import record_access
from cts.services.audit_chain import verify
from db.models import Assignment
from db.session import open_database, writing
from tests.cast import NOW, make_cast
from tests.parts.chain import entries
from tests.parts.forked import processes
from tests.parts.racer import actor_of

WRITERS, EACH = 4, 30


def write_at_once(url: str, person_id: int, told: Connection) -> None:
    """A server in miniature: four writers, each of which changes something and logs one to three entries, again and again."""
    open_database(url)
    actor = actor_of(person_id)
    told.send("ready")

    def work(writer: int) -> None:
        chance = random.Random(writer)
        for turn in range(EACH):
            with writing() as session:
                one, other = chance.sample(
                    [1, 2], 2
                )  # locked in any order, as steps on two youth would be, but one at a time
                session.execute(update(Assignment).where(Assignment.id == one).values(version=Assignment.version + 1))
                for place in range(1 + turn % 3):
                    record_access(session, actor, "open", NOW, assignment_id=other, turn=turn, place=place)
            told.send("written")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
    told.send("done")


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_eight_writers_in_two_processes_do_not_fork_the_chain(database: Engine, database_url: str) -> None:
    cast = make_cast()
    begun = len(entries())
    pipes = [processes.Pipe() for _ in range(2)]
    servers = [
        processes.Process(target=write_at_once, args=(database_url, cast.csw.person_id, end)) for _, end in pipes
    ]
    for server in servers:
        server.start()
    for ours, _ in pipes:
        while ours.recv() != "done":
            pass
    for server in servers:
        server.join(30)
    written = len(entries()) - begun
    assert written == 2 * WRITERS * sum(1 + turn % 3 for turn in range(EACH))
    assert verify().findings == ()


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_killed_in_the_middle_of_writing_the_chain_is_whole(database: Engine, database_url: str) -> None:
    cast = make_cast()
    moments = random.Random(4)
    for _ in range(4):
        ours, theirs = processes.Pipe()
        server = processes.Process(target=write_at_once, args=(database_url, cast.csw.person_id, theirs))
        server.start()
        assert ours.recv() == "ready"
        before = len(entries())
        assert ours.recv() == "written"
        time.sleep(moments.uniform(0.005, 0.1))
        server.kill()
        server.join(30)
        assert len(entries()) > before, "what was acknowledged is there"
        assert verify().findings == ()
    with writing() as session:
        record_access(session, cast.csw, "open", NOW)
    assert verify().findings == (), "and others go on writing"
