"""Waiting on me: what awaits a person, oldest first. On SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import Engine

from cts.services.waiting import PAGE_SIZE, count_waiting, waiting_on_me
from tests.cast import NOW, Cast, add_assignment, later, make_cast
from tests.parts.desk import Desk


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def test_waiting_on_me_names_what_is_asked_and_since_when_oldest_first(cast: Cast) -> None:
    newer = add_assignment(cast, last_name="Newer", now=later(days=2))
    rows = waiting_on_me(cast.csw, later(days=3))
    assert [(r.number, r.days, r.mine) for r in rows] == [(cast.dcfs_number, 3, True), (newer, 1, True)]
    assert rows[0].asked == "Write and submit the Referral"
    assert waiting_on_me(cast.scsw, NOW) == ()


def test_working_days_stand_beside_the_days(cast: Cast) -> None:
    def waited(days: int) -> tuple[int, int]:
        (row,) = waiting_on_me(cast.csw, later(days=days))
        return row.days, row.working_days

    # From a Monday: Saturday, Sunday and Veterans Day are no working days.
    assert [waited(days) for days in (0, 4, 6, 7, 9, 10)] == [(0, 0), (4, 4), (6, 4), (7, 5), (9, 6), (10, 7)]


def test_everything_that_waits_is_on_some_page(cast: Cast) -> None:
    numbers = [cast.dcfs_number, *(add_assignment(cast, now=later(minutes=1)) for _ in range(PAGE_SIZE))]
    pages = [[row.number for row in waiting_on_me(cast.csw, later(days=1), page)] for page in (1, 2, 3)]
    assert pages == [numbers[:PAGE_SIZE], numbers[PAGE_SIZE:], []]
    assert (count_waiting(cast.csw), count_waiting(cast.scsw), count_waiting(cast.support)) == (len(numbers), 0, 0)


def test_what_waits_for_the_pool_stands_with_every_supervisor_of_the_office(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_supervisor()
    assert [(r.number, r.mine) for r in waiting_on_me(cast.scsw, NOW)] == [(cast.dcfs_number, True)]
    assert [(r.number, r.mine) for r in waiting_on_me(cast.substitute, NOW)] == [(cast.dcfs_number, False)]
    assert waiting_on_me(cast.elsewhere, NOW) == waiting_on_me(cast.csw, NOW) == waiting_on_me(cast.sdpo, NOW) == ()


def test_each_step_moves_what_waits_to_the_next(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)

    def waiting() -> list[str]:
        people = ("csw", "scsw", "admin", "coordinator", "rival_coordinator", "advocate")
        return [who for who in people if any(r.number == desk.number for r in waiting_on_me(cast.people[who], NOW))]

    assert waiting() == ["csw"]
    desk.brings_to_administration()
    assert waiting() == ["admin"]
    desk.approves("admin", "Harbor Light Advocacy")
    assert waiting() == ["coordinator"]
    desk.acknowledges("coordinator")
    desk.assigns("coordinator", "advocate")
    assert waiting() == ["advocate"]
    plan = waiting_on_me(cast.advocate, NOW)
    assert [(r.asked, r.document_words, r.sequence) for r in plan] == [
        ("Write this phase of the Advocacy Plan", "Advocacy Plan (Phase 1)", 1)
    ]


def test_sensitive_youth_wait_for_the_named_supervisor_and_not_for_the_pool(cast: Cast) -> None:
    desk = Desk(cast, add_assignment(cast, last_name="Hidden", sensitivity="S"))
    desk.brings_to_supervisor()
    assert [r.number for r in waiting_on_me(cast.scsw, NOW)] == [desk.number]
    assert waiting_on_me(cast.substitute, NOW) == ()


def test_nothing_waits_for_technical_support(cast: Cast) -> None:
    assert waiting_on_me(cast.support, NOW) == ()
