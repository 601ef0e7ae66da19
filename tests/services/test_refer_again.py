"""A closed youth is referred again: a new term of its own; each agency keeps to its own; numbers never collide."""

from threading import Thread

import pytest
from sqlalchemy import Engine, inspect, select

from cts.domain.vocabulary import Action, Document, Status
from cts.services.documents import open_document
from cts.services.refusals import NotPermitted, Refusal
from cts.services.terms import FIRST_NUMBER, next_number
from cts.services.timeline import line_of_life
from db.models import Assignment, GridRow, ReviewedDocument, Stay
from db.session import reading, writing
from tests.cast import Cast, add_assignment, make_cast
from tests.parts.beginnings import begun
from tests.parts.desk import Desk


def terminated() -> Desk:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_advocate()
    desk.brings_to_end_of_service()
    return desk


@pytest.fixture
def desk(sqlite_database: Engine) -> Desk:
    """The DCFS youth, whose service by Harbor Light Advocacy has ended."""
    return begun(terminated)


def next_term(desk: Desk) -> Desk:
    """Wanda Worker refers the youth again; the desk of the new assignment."""
    sentence = desk.refers_again("csw").sentence
    number = int(sentence.rpartition("assignment ")[2].rstrip("."))
    assert sentence == f"The youth is referred again: assignment {number}."
    return Desk(desk.cast, number, _clock=desk._clock)


def rows(desk: Desk) -> tuple[Assignment, list[ReviewedDocument]]:
    with reading() as session:
        assignment = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        documents = select(ReviewedDocument).where(ReviewedDocument.assignment_id == assignment.id)
        return assignment, list(session.scalars(documents.order_by(ReviewedDocument.id)))


def sentences(desk: Desk, who: str) -> list[str]:
    return [line.sentence for line in desk.opens(who).history]


def test_the_new_term_begins_anew_with_all_that_cws_cms_knows(desk: Desk) -> None:
    again = next_term(desk)
    before, _ = rows(desk)
    after, documents = rows(again)
    assert (before.status, before.term, after.status, after.term) == (Status.TERMINATED, 1, Status.NEW, 2)
    assert [(d.kind, d.status, d.rounds) for d in documents] == [(Document.REFERRAL, Status.NEW, 0)]
    shared = (
        "youth_id",
        "referral_id",
        "referral_on",
        "referral_name",
        "worker_id",
        "supervisor_id",
        "office_code",
        "unit",
    )
    assert [getattr(after, name) for name in shared] == [getattr(before, name) for name in shared]
    assert (after.extract_on, after.facts_hash) == (before.extract_on, before.facts_hash)
    anew = (
        "agency_id",
        "advocate_id",
        "agency_assigned_at",
        "alerts_acknowledged_at",
        "service_start_on",
        "service_end_on",
        "closed_at",
    )
    assert [getattr(after, name) for name in anew] == [None] * len(anew)
    with reading() as session:
        grid = session.scalars(select(GridRow).where(GridRow.assignment_id == after.id)).all()
        assert [(row.csec_type, row.end_on) for row in grid] == [("6869", None)]
        [stay] = session.scalars(select(Stay).where(Stay.assignment_id == after.id))
        assert (stay.status, stay.person_id, stay.left_at) == (Status.NEW, before.worker_id, None)


def test_the_history_says_it_on_both_sides(desk: Desk) -> None:
    again = next_term(desk)
    assert (
        sentences(desk, "csw")[-1] == f"Wanda Worker (case worker) referred the youth again: assignment {again.number}."
    )
    assert sentences(again, "csw") == [
        f"Wanda Worker (case worker) referred the youth again, after assignment {desk.number}."
    ]


def test_a_withdrawn_referral_can_be_made_again(sqlite_database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.writes("csw")
    desk.closes("admin")
    again = next_term(desk)
    assert (rows(again)[0].term, rows(again)[0].status) == (2, Status.NEW)
    again.brings_to_advocate()
    assert again.status is Status.APPROVED and desk.status is Status.WITHDRAWN


def test_the_second_term_goes_its_whole_way_and_a_third_follows(desk: Desk) -> None:
    again = next_term(desk)
    again.brings_to_advocate()
    again.brings_to_end_of_service()
    third = next_term(again)
    assert rows(third)[0].term == 3
    assert rows(again)[0].status == Status.TERMINATED


def test_each_agency_keeps_to_its_own_term(desk: Desk) -> None:
    again = next_term(desk)
    again.brings_to_administration()
    again.approves("admin", "New Dawn, Inc.")
    again.acknowledges("rival_coordinator")
    again.assigns("rival_coordinator", "rival_advocate")
    again.plan().writes("rival_advocate", strengths="She sings in a choir.")
    assert desk.plan().opens("advocate").answers is not None, "the former agency still reads its own term"
    for who in ("advocate", "coordinator"):
        told = [
            *sentences(desk, who),
            *(line.sentence for line in line_of_life(desk.cast.people[who], desk.number)[0].lines),
        ]
        assert told and not any("again" in sentence or str(again.number) in sentence for sentence in told)
        assert [chapter.number for chapter in line_of_life(desk.cast.people[who], desk.number)] == [desk.number]
    for who, number in (
        ("advocate", again.number),
        ("coordinator", again.number),
        ("rival_advocate", desk.number),
        ("rival_coordinator", desk.number),
    ):
        for kind in (Document.REFERRAL, Document.PLAN, Document.SUMMARY):
            with pytest.raises(NotPermitted):
                open_document(desk.cast.people[who], number, desk.tick(), kind)
    told = sentences(again, "rival_advocate")
    assert not any(str(desk.number) in sentence or "again" in sentence for sentence in told), "nor what was before"


def test_it_cannot_be_done_twice_and_the_button_says_why(desk: Desk) -> None:
    again = next_term(desk)
    view = desk.opens("csw")
    assert not view.may(Action.REOPEN)
    sentence = f"This youth was referred again: assignment {again.number}."
    assert any(sentence in blocked.sentence for blocked in view.blocked)
    with pytest.raises(Refusal, match=sentence):
        desk.refers_again("csw")
    assert len(all_numbers()) == 3


@pytest.mark.parametrize(
    "who", ["scsw", "admin", "advocate", "coordinator", "colleague", "csw_elsewhere", "rival_advocate"]
)
def test_only_the_case_worker_refers_again(who: str, desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        desk.refers_again(who)


def test_another_episode_without_a_referral_is_no_later_term(desk: Desk) -> None:
    """A youth with two cases and no referral: that one of them was referred again says nothing of the other."""
    with writing() as session:
        first = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        first.referral_id, first.case_id = None, "1" * 19
        columns = {c.key: getattr(first, c.key) for c in inspect(Assignment).column_attrs if c.key != "id"}
        session.add(Assignment(**columns | {"number": 20_000, "case_id": "2" * 19, "term": 2}))
    again = next_term(desk)
    assert rows(again)[0].case_id == "1" * 19 and again.number == 20_001
    assert not desk.opens("csw").may(Action.REOPEN)


def all_numbers() -> list[int]:
    with reading() as session:
        return list(session.scalars(select(Assignment.number).order_by(Assignment.number)))


def test_numbers_given_at_the_same_moment_never_collide(database: Engine) -> None:
    """An extract is adding assignments, and has not saved them yet, when a worker refers a youth again."""
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.writes("csw")
    desk.closes("admin")
    said: list[str] = []
    worker = Thread(target=lambda: said.append(desk.refers_again("csw").sentence))
    with writing() as session:
        first = next_number(session)
        before = session.scalars(select(Assignment).where(Assignment.number == cast.probation_number)).one()
        columns = {c.key: getattr(before, c.key) for c in inspect(Assignment).column_attrs if c.key != "id"}
        worker.start()
        worker.join(1)
        assert worker.is_alive(), "the worker waits in line"
        session.add_all(Assignment(**columns | {"number": first + n, "term": 2 + n}) for n in range(3))
    worker.join(30)
    assert said == [f"The youth is referred again: assignment {first + 3}."]
    assert all_numbers() == [*range(FIRST_NUMBER, FIRST_NUMBER + 6)]


def test_many_workers_refer_again_at_once(database: Engine) -> None:
    cast: Cast = make_cast()
    desks = [Desk(cast, add_assignment(cast, last_name=f"Youth{n}")) for n in range(6)]
    for desk in desks:
        desk.writes("csw")
        desk.closes("admin")
    workers = [Thread(target=desk.refers_again, args=("csw",)) for desk in desks]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert all_numbers() == [*range(FIRST_NUMBER, FIRST_NUMBER + 14)]
