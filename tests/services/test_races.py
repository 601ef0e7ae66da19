"""Two people, two tabs, two servers at the same moment: one wins, the other reads a clear sentence, nothing is half."""

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select

from cts.domain.vocabulary import Action
from cts.services.refusals import OutOfDate, Refusal
from db.models import Assignment, DocumentVersion, EmailOwed, HistoryEntry, ReviewedDocument
from db.session import close_database, reading
from tests.cast import ANSWERS, Cast, add_assignment, make_cast
from tests.parts.agreement import disagreements
from tests.parts.databases import open_unsynced
from tests.parts.desk import Desk
from tests.parts.racer import Racer, press, racers

pytestmark = pytest.mark.timeout(300)

ROUNDS = 25
LOST = "OutOfDate: Nothing was changed by you: this Referral changed since you opened it. "


@dataclass(frozen=True)
class Waiting:
    """A database and the Referrals in it that wait for a decision."""

    url: str
    desks: list[Desk]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def prepared(
    request: pytest.FixtureRequest, migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Waiting:
    """Made once for each kind of database; nobody races in it."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_server").new_database()
    else:
        url = f"sqlite:///{shutil.copy(migrated_sqlite_file, tmp_path_factory.mktemp('races') / 'cts.sqlite')}"
    open_unsynced(url)
    desks = waiting_referrals(make_cast(), ROUNDS)
    close_database()
    return Waiting(url, desks)


@pytest.fixture
def waiting(request: pytest.FixtureRequest, prepared: Waiting, tmp_path: Path) -> Iterator[Waiting]:
    """A copy for one test to race in."""
    server = request.getfixturevalue("postgres_server") if prepared.url.startswith("postgres") else None
    if server:
        url = server.copy_database(prepared.url)
    else:
        url = f"sqlite:///{shutil.copy(prepared.url.removeprefix('sqlite:///'), tmp_path / 'cts.sqlite')}"
    open_unsynced(url)
    yield Waiting(url, [replace(desk, _told=set(desk._told)) for desk in prepared.desks])
    close_database()
    if server:
        server.drop_database(url)


def waiting_referrals(cast: Cast, count: int) -> list[Desk]:
    """That many Referrals, each signed by both supervisors of the office, waiting for a decision."""
    desks = []
    for _ in range(count):
        desk = Desk(cast, add_assignment(cast))
        desk.brings_to_supervisor()
        desk.signs("scsw")
        desk.signs("substitute")
        desk.new_emails()
        desks.append(desk)
    return desks


def two_presses(desk: Desk, place: int) -> list[dict[str, Any]]:
    """One supervisor approves; the other approves too, or rejects, on the same version."""
    second = Action.APPROVE if place % 2 else Action.REJECT
    asked = {"reason_code": "other", "reason_text": "No."} if second is Action.REJECT else {}
    both = {"number": desk.number, "version": desk.sees("scsw").version, "now": desk.now.isoformat()}
    people = desk.cast
    return [
        {**both, "actor": people.scsw.person_id, "action": "approve", "key": f"sonia {desk.number}"},
        {
            **both,
            "actor": people.substitute.person_id,
            "action": str(second),
            "key": f"simon {desk.number}",
            "asked": asked,
        },
    ]


def decisions(desk: Desk) -> list[HistoryEntry]:
    with reading() as session:
        decided = (HistoryEntry.action.in_(["approve", "reject"]), Assignment.number == desk.number)
        joined = select(HistoryEntry).join(Assignment, Assignment.id == HistoryEntry.assignment_id)
        return list(session.scalars(joined.where(*decided)))


def check_one_won(desk: Desk, said: list[str]) -> None:
    won = [s for s in said if s.startswith("You ")]
    lost = [s for s in said if s.startswith(LOST)]
    assert (len(won), len(lost)) == (1, 1), said
    entries = decisions(desk)
    assert len(entries) == 1
    winner = "Sonia Supervisor" if entries[0].actor_id == desk.cast.scsw.person_id else "Simon Substitute"
    assert winner in lost[0] and f"It is now {desk.status}." in lost[0]
    if entries[0].action == "approve":
        told = [("admin", "referral_to_decide"), ("admin_second", "referral_to_decide"), ("csw", "referral_passed_on")]
    else:
        told = [("csw", "referral_rejected")]
    assert desk.new_emails() == told


@pytest.mark.slow
def test_two_supervisors_at_once_in_one_server(waiting: Waiting) -> None:
    with ThreadPoolExecutor(2) as pool:
        for place, desk in enumerate(waiting.desks):
            barrier = Barrier(2)

            def at_once(told: dict[str, Any], barrier: Barrier = barrier) -> str:
                barrier.wait(10)
                return press(told)

            check_one_won(desk, list(pool.map(at_once, two_presses(desk, place))))
    assert disagreements() == []


@pytest.mark.slow
def test_two_supervisors_at_once_on_two_servers(waiting: Waiting) -> None:
    winners = set()
    with racers(waiting.url, 2) as servers:
        for place, desk in enumerate(waiting.desks):
            said = on_both(servers, two_presses(desk, place))
            check_one_won(desk, said)
            winners.add(said[0].startswith("You "))
    assert winners == {True, False}, "the same one won every time: they did not race"
    assert disagreements() == []


def on_both(servers: list[Racer], presses: list[dict[str, Any]]) -> list[str]:
    moment = time.time() + 0.02
    for server, told in zip(servers, presses, strict=True):
        server.tell({**told, "at": moment})
    return [server.hear() for server in servers]


@pytest.mark.slow
def test_the_same_press_arriving_at_two_servers_is_one_step(waiting: Waiting) -> None:
    with racers(waiting.url, 2) as servers:
        for desk in waiting.desks[:10]:
            first, _ = two_presses(desk, 0)
            said = on_both(servers, [first, first])
            assert said == ["You approved the Referral. Its status is Pending CSEC Admin Approval."] * 2
            assert len(decisions(desk)) == 1
            assert len(desk.new_emails()) == 3
    assert disagreements() == []


def test_saves_racing_with_the_submission_are_in_it_or_refused(database: Engine) -> None:
    """What was acknowledged stands in the version submitted; what came later was refused with a sentence."""
    cast = make_cast()
    pauses = Random(2026)
    for _ in range(6):
        desk = Desk(cast, add_assignment(cast))
        desk.writes("csw", **ANSWERS)
        desk.signs("csw")
        kept: list[int] = []

        def types(desk: Desk = desk, kept: list[int] = kept) -> str:
            try:
                for n in range(100):
                    desk.writes("csw", preferred_name=f"Name {n}")
                    kept.append(n)
                    # Ever longer pauses: however slow the machine is, the submission finds room in one of them.
                    time.sleep(pauses.random() * 0.2 * (1 + n / 5))
            except OutOfDate as refusal:
                return str(refusal)
            return "never refused"

        said, submitted = run_both(types, lambda desk=desk: keeps_submitting(desk))  # type: ignore[misc]
        assert submitted
        assert "This change was not saved: the Referral is Pending Supervisor Approval." in said
        with reading() as session:
            document, version = session.execute(
                select(ReviewedDocument, DocumentVersion)
                .join(DocumentVersion, DocumentVersion.document_id == ReviewedDocument.id)
                .join(Assignment, Assignment.id == ReviewedDocument.assignment_id)
                .where(Assignment.number == desk.number)
            ).one()
        expected = f"Name {kept[-1]}" if kept else None
        assert document.answers.get("preferred_name") == version.answers.get("preferred_name") == expected
    assert disagreements() == []


def keeps_submitting(desk: Desk) -> bool:
    """Sign and submit until it is done: a save in between makes a signature void or the screen stale."""
    for _ in range(400):
        try:
            desk.submits("csw")
        except Refusal:
            try:
                desk.signs("csw")
            except Refusal:
                continue
        else:
            return True
    return False


def run_both(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[Any, Any]:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(one), pool.submit(other)
        return first.result(250), second.result(250)


def test_recalled_and_opened_at_once_never_both(database: Engine) -> None:
    cast = make_cast()
    for _ in range(15):
        desk = Desk(cast, add_assignment(cast))
        desk.brings_to_supervisor()
        barrier = Barrier(2)

        def opens(desk: Desk = desk, barrier: Barrier = barrier) -> str:
            barrier.wait(10)
            return str(desk.opens("scsw").status)

        def recalls(desk: Desk = desk, barrier: Barrier = barrier) -> bool:
            barrier.wait(10)
            try:
                desk.recalls("csw")
            except Refusal:
                return False
            return True

        _, recalled = run_both(opens, recalls)
        with reading() as session:
            of_desk = select(ReviewedDocument).join(Assignment).where(Assignment.number == desk.number)
            document = session.scalars(of_desk).one()
        assert (document.opened_by_reviewer_at is None) == recalled == (document.status == "New")
    assert disagreements() == []


def test_a_move_and_a_step_at_once_leave_the_work_with_the_right_office(database: Engine) -> None:
    cast = make_cast()
    new_place = {
        "worker_id": cast.csw_elsewhere.person_id,
        "supervisor_id": cast.elsewhere.person_id,
        "office_code": "1901A",
    }
    for _ in range(15):
        desk = Desk(cast, add_assignment(cast))
        desk.writes("csw", **ANSWERS)
        desk.signs("csw")

        def submits(desk: Desk = desk) -> str:
            try:
                return desk.submits("csw").sentence
            except Refusal as refusal:
                return str(refusal)

        run_both(submits, lambda desk=desk: desk.extract_says(**new_place))  # type: ignore[misc]
        with pytest.raises(Refusal, match="no such record"):
            desk.opens("csw")
        assert desk.opens("csw_elsewhere").status == desk.status
    assert disagreements() == []


def test_emails_of_a_lost_race_are_not_owed(sqlite_database: Engine) -> None:
    cast = make_cast()
    desk = waiting_referrals(cast, 1)[0]
    first, second = two_presses(desk, 0)
    assert press(first).startswith("You ") and press(second).startswith(LOST)
    with reading() as session:
        owed = session.scalars(select(EmailOwed.template).where(EmailOwed.assignment_number == desk.number)).all()
    assert sorted(owed) == ["referral_passed_on", "referral_to_decide", "referral_to_decide", "referral_to_review"]
