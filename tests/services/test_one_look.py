"""What is read in one look is of one moment, until something is written."""

import pytest
from sqlalchemy import Engine, event, update

from cts.services.one_look import one_look
from cts.services.waiting import count_waiting, waiting_on_me
from db.models import Person
from db.session import engine, reading, writing
from tests.cast import NOW, Cast, make_cast


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def unit_of(person_id: int) -> str:
    with reading() as session:
        return session.get_one(Person, person_id).unit


def move(person_id: int, unit: str) -> None:
    with writing() as session:
        session.execute(update(Person).where(Person.id == person_id).values(unit=unit))


def test_one_transaction_holds_all_that_is_read(cast: Cast) -> None:
    begun: list[object] = []
    event.listen(engine(), "begin", begun.append)
    with one_look():
        waiting_on_me(cast.csw, NOW)
        count_waiting(cast.csw)
        with one_look():
            unit_of(cast.csw.person_id)
        unit_of(cast.scsw.person_id)
    assert len(begun) == 1
    unit_of(cast.csw.person_id)
    assert len(begun) == 2


def test_what_is_written_within_is_seen_within(cast: Cast) -> None:
    who = cast.csw.person_id
    with one_look():
        before = unit_of(who)
        move(who, "elsewhere")
        assert unit_of(who) == "elsewhere" != before
    assert unit_of(who) == "elsewhere"


def test_a_look_that_fails_holds_nothing(cast: Cast) -> None:
    pool = engine().pool
    held = pool.checkedout()  # type: ignore[attr-defined]
    with pytest.raises(ZeroDivisionError), one_look():
        with pytest.raises(KeyError), reading() as session:
            session.get_one(Person, cast.csw.person_id)
            raise KeyError
        assert unit_of(cast.csw.person_id)
        raise ZeroDivisionError
    assert pool.checkedout() == held  # type: ignore[attr-defined]
