"""A server killed in the middle of submissions: what it had acknowledged is there, and nothing is half-done."""

import time
from random import Random

import pytest
from sqlalchemy import Engine, select

from db.models import Assignment, DocumentVersion, ReviewedDocument
from db.session import close_database, open_database, reading
from tests.cast import NOW, Cast, add_assignment, make_cast
from tests.parts.agreement import disagreements
from tests.parts.postgres import PostgresServer
from tests.parts.racer import Racer

pytestmark = pytest.mark.timeout(400)

KILLS = 8
REFERRALS = 40


@pytest.mark.slow
def test_killed_at_random_moments_nothing_acknowledged_is_lost(database: Engine, database_url: str) -> None:
    cast = make_cast()
    moments = Random(20261102)
    interrupted = 0
    for _ in range(KILLS):
        numbers = [add_assignment(cast) for _ in range(REFERRALS)]
        saved, submitted = killed_while_submitting(cast, numbers, database_url, moments.uniform(0.02, 0.6))
        interrupted += 0 < len(submitted) < REFERRALS
        check_acknowledged(saved, submitted)
        assert disagreements() == []
    assert interrupted >= KILLS // 2, "most of the servers were to be killed in the middle of their work"


def killed_while_submitting(cast: Cast, numbers: list[int], url: str, seconds: float) -> tuple[list[int], list[int]]:
    """The numbers whose draft, and whose submission, the process had acknowledged when it was killed."""
    server = Racer(url)
    people = {"actor": cast.csw.person_id, "name": "Wanda Worker", "supervisor": cast.scsw.person_id}
    server.tell({**people, "numbers": numbers, "now": NOW.isoformat()})
    heard = [server.hear(), server.hear()]  # the first Referral is through: the library that checks passwords is loaded
    time.sleep(seconds)
    server.process.kill()
    while line := server.hear():
        heard.append(line)
    server.end()
    return [n for what, n in heard if what == "saved"], [n for what, n in heard if what == "submitted"]


def check_acknowledged(saved: list[int], submitted: list[int]) -> None:
    with reading() as session:
        joined = select(Assignment.number, ReviewedDocument).join(Assignment)
        kept = {row.number: row.ReviewedDocument for row in session.execute(joined.where(Assignment.number.in_(saved)))}
        for number in saved:
            assert kept[number].answers["family"] == f"The family of {number}."
        for number in submitted:
            document = kept[number]
            assert document.status == "Pending Supervisor Approval"
            version = session.get_one(DocumentVersion, (document.id, 1))
            assert version.answers == document.answers


@pytest.mark.slow
@pytest.mark.postgres
def test_the_database_server_losing_power_loses_nothing_acknowledged(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    open_database(postgres_url)
    cast = make_cast()
    numbers = [add_assignment(cast) for _ in range(REFERRALS)]
    server = Racer(postgres_url)
    people = {"actor": cast.csw.person_id, "name": "Wanda Worker", "supervisor": cast.scsw.person_id}
    server.tell({**people, "numbers": numbers, "now": NOW.isoformat()})
    heard = [server.hear() for _ in range(6)]
    close_database()
    postgres_server.kill()
    while line := server.hear():
        heard.append(line)
    server.end()
    postgres_server.start()
    open_database(postgres_url)
    check_acknowledged([n for w, n in heard if w == "saved"], [n for w, n in heard if w == "submitted"])
    assert disagreements() == []
    close_database()
