"""Legal holds, and what is taken off the list: kept whatever its age, also when somebody purges at the same moment."""

from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import event

from cts.services.extract_lock import only_loader
from cts.services.holds import holds_on, lift_hold, list_holds, place_hold
from cts.services.purge import confirm_purge
from cts.services.refusals import Incomplete, OutOfDate, Refusal
from cts.services.retention import due_list, mark, propose, take_off
from db.session import engine, writing
from tests.parts.desk import Desk
from tests.parts.purged import CANARY, DUE, LATER, holding, row_of


def test_what_was_taken_off_stays_off(on_sqlite: tuple[Desk, Desk]) -> None:
    desk, _ = on_sqlite
    ada, abel = desk.cast.people["admin"], desk.cast.people["admin_second"]
    propose(DUE)
    mark(ada, desk.number, DUE)
    with pytest.raises(Incomplete):
        take_off(abel, desk.number, " ", DUE)
    take_off(abel, desk.number, "A research asks for it.", DUE)
    with pytest.raises(OutOfDate):
        take_off(abel, desk.number, "Again.", DUE)
    assert propose(LATER) == 0
    with pytest.raises(OutOfDate):
        confirm_purge(abel, desk.number, LATER)
    view = {v.number: v for v in due_list(ada, LATER)}[desk.number]
    assert (view.state, view.reason, view.by) == ("Taken off", "A research asks for it.", "Abel Administrator")
    mark(abel, desk.number, LATER)
    confirm_purge(ada, desk.number, LATER + timedelta(days=30))


@pytest.mark.parametrize("whole_youth", [True, False])
def test_what_is_held_is_neither_listed_marked_nor_purged(on_sqlite: tuple[Desk, Desk], *, whole_youth: bool) -> None:
    desk, other = on_sqlite
    ada, abel = desk.cast.people["admin"], desk.cast.people["admin_second"]
    propose(DUE)
    mark(ada, desk.number, DUE)
    place_hold(abel, desk.number, "Litigation.", DUE, whole_youth=whole_youth)
    assert {view.number for view in due_list(ada, DUE)} == {other.number}, "its mark is gone"
    assert [h.sentence.partition(", placed")[0] for h in holds_on(ada, desk.number)] == [
        "Legal hold on every assignment of this youth" if whole_youth else f"Legal hold on assignment {desk.number}"
    ]
    assert holds_on(desk.cast.people["csw"], desk.number) == () == holds_on(ada, other.number)
    assert propose(LATER) == 0
    for call in (lambda: mark(ada, desk.number, LATER), lambda: confirm_purge(abel, desk.number, LATER)):
        with pytest.raises(Refusal, match="under a legal hold"):
            call()
    (hold,) = list_holds(ada, LATER)
    lift_hold(ada, hold.id, "Settled.", LATER)
    with pytest.raises(OutOfDate):
        lift_hold(ada, hold.id, "Again.", LATER)
    assert propose(LATER) == 1


def test_what_is_missing_for_a_hold_is_said_at_once(on_sqlite: tuple[Desk, Desk]) -> None:
    ada = on_sqlite[0].cast.people["admin"]
    with pytest.raises(Incomplete, match=r"Assignment #.*why the record is held") as refused:
        place_hold(ada, 0, " ", DUE)
    assert [field for field, _ in refused.value.problems] == ["number", "reason"]
    assert list_holds(ada, DUE) == ()


def test_the_night_looks_through_all_without_holding_up_who_writes(on_sqlite: tuple[Desk, Desk]) -> None:
    """However many are looked at it asks as often; and where nothing is due it waits for no writer."""
    desk, _ = on_sqlite
    asked: list[str] = []
    event.listen(engine(), "before_cursor_execute", lambda *call: asked.append(call[2]))
    too_young, nobody_closed = DUE.replace(year=2039, month=5, day=5), DUE.replace(year=2027)
    statements = []
    for night in (too_young, nobody_closed):
        asked.clear()
        assert propose(night) == 0
        statements.append(len(asked))
    assert statements[0] == statements[1] > 0
    done = Event()
    with writing():
        thread = Thread(target=lambda: propose(too_young) == 0 and done.set(), daemon=True)
        thread.start()
        assert done.wait(10), "it waits for whoever writes"
    thread.join()
    assert propose(DUE) == 2 and desk.number in {view.number for view in due_list(desk.cast.people["admin"], DUE)}


def test_while_an_extract_is_being_loaded_nothing_is_purged(youth: tuple[Desk, Desk]) -> None:
    """Between its comparing and its writing an extract knows the assignment as it was."""
    desk, _ = youth
    propose(DUE)
    mark(desk.cast.people["admin"], desk.number, DUE)
    with only_loader(engine()), pytest.raises(OutOfDate, match="being loaded"):
        confirm_purge(desk.cast.people["admin_second"], desk.number, LATER)
    assert row_of(desk.number).purged_at is None
    confirm_purge(desk.cast.people["admin_second"], desk.number, LATER)


def test_a_hold_and_a_purge_at_the_same_moment(youth: tuple[Desk, Desk]) -> None:
    """One of them is first, and the other reads it: a held record is whole, a purged one is not held."""
    desk, _ = youth
    ada, abel = desk.cast.people["admin"], desk.cast.people["admin_second"]
    propose(DUE)
    mark(ada, desk.number, DUE)
    both, outcomes = Barrier(2), {}

    def act(name: str) -> None:
        both.wait()
        try:
            if name == "hold":
                place_hold(ada, desk.number, "Litigation.", LATER)
            else:
                confirm_purge(abel, desk.number, LATER)
            outcomes[name] = "done"
        except Refusal as refusal:
            outcomes[name] = str(refusal)

    threads = [Thread(target=act, args=(name,)) for name in ("hold", "purge")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    is_purged = row_of(desk.number).purged_at is not None
    assert (outcomes["purge"] == "done") is is_purged and (outcomes["hold"] == "done") is not is_purged, outcomes
    assert (holding(engine(), CANARY) == {}) is is_purged
    assert len(list_holds(ada, LATER)) == (not is_purged)
