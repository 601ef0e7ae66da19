"""Two at the same moment on what the Advocate writes, on two servers: one wins, the other reads a clear sentence, all records agree."""

import time
from typing import Any

import pytest
from sqlalchemy import Engine, select

from cts.domain.vocabulary import Document
from db.models import Assignment, ReviewedDocument
from db.session import reading
from tests.cast import add_assignment, make_cast
from tests.parts.agreement import disagreements
from tests.parts.answers import WHOLE
from tests.parts.beginnings import begun
from tests.parts.desk import Desk
from tests.parts.racer import Racer, racers

pytestmark = pytest.mark.timeout(300)

ROUNDS = 10
DONE = ("You ", "The youth is referred again: ")


def served() -> list[Desk]:
    """A youth of Wanda Worker for each round, each with Alan Advocate."""
    return begun(_served)


def _served() -> list[Desk]:
    cast = make_cast()
    desks = [Desk(cast, add_assignment(cast)) for _ in range(ROUNDS)]
    for desk in desks:
        desk.brings_to_advocate()
    return desks


def told(desk: Desk, who: str, action: str, **asked: Any) -> dict[str, Any]:
    """One press, as the second server is told it: on what the person sees now."""
    return {
        "actor": desk.cast.people[who].person_id,
        "number": desk.number,
        "kind": str(desk.kind),
        "sequence": desk.sequence,
        "version": desk.sees(who).version,
        "now": desk.now.isoformat(),
        "action": action,
        "key": f"{who} {action} {desk.number} {desk.kind}",
        "asked": asked,
    }


def at_once(servers: list[Racer], *presses: dict[str, Any]) -> list[str]:
    moment = time.time() + 0.02
    for server, press in zip(servers, presses, strict=True):
        server.tell({**press, "at": moment})
    return [server.hear() for server in servers]


def won(said: list[str]) -> list[str]:
    """What was done; all else was refused in words made for people, naming no fault of the machine."""
    for sentence in said:
        assert sentence.startswith((*DONE, "OutOfDate: ", "NotPermitted: ", "Incomplete: ")), sentence
    return [s for s in said if s.startswith(DONE)]


@pytest.mark.slow
def test_two_supervisors_on_one_plan(database: Engine, database_url: str) -> None:
    plans = [desk.plan(1) for desk in served()]
    for plan in plans:
        plan.brings_to_decision()
        plan.new_emails()
    winners = set()
    with racers(database_url, 2) as servers:
        for place, plan in enumerate(plans):
            second = ("approve", {}) if place % 2 else ("reject", {"reason_code": "other", "reason_text": "No."})
            both = told(plan, "scsw", "approve"), told(plan, "substitute", second[0], **second[1])
            said = at_once(servers, *both)
            assert len(won(said)) == 1, said
            lost = next(s for s in said if not s.startswith("You "))
            assert lost.startswith("OutOfDate: Nothing was changed by you: this Advocacy Plan changed"), lost
            assert f"It is now {plan.status}." in lost
            winners.add(said[0].startswith("You "))
            approved = plan.status == "Approved"
            assert plan.plan(2).status == "Not Started" and phases_of(plan) == (2 if approved else 1)
            assert len(plan.new_emails()) == (2 if approved else 1)
    assert winners == {True, False}, "the same one won every time: they did not race"
    assert disagreements() == []


def phases_of(desk: Desk) -> int:
    with reading() as session:
        of_desk = select(ReviewedDocument.id).join(Assignment).where(Assignment.number == desk.number)
        return len(session.scalars(of_desk.where(ReviewedDocument.kind == Document.PLAN)).all())


@pytest.mark.slow
def test_the_advocate_recalls_while_the_case_worker_opens(database: Engine, database_url: str) -> None:
    plans = [desk.plan(1) for desk in served()]
    with racers(database_url, 2) as servers:
        for plan in plans:
            plan.brings_to_case_worker()
            said = at_once(servers, told(plan, "advocate", "recall"), told(plan, "csw", "open"))
            recalled = said[0].startswith("You recalled")
            won(said)
            assert said[1].startswith("You opened "), said
            with reading() as session:
                document = session.scalars(
                    select(ReviewedDocument)
                    .join(Assignment)
                    .where(Assignment.number == plan.number, ReviewedDocument.kind == Document.PLAN)
                ).one()
            assert (document.opened_by_reviewer_at is None) == recalled == (document.status == "In Progress"), said
            if not recalled:
                assert "opened it" in said[0] or "changed since you opened it" in said[0], said
    assert disagreements() == []


@pytest.mark.slow
def test_the_coordinator_changes_the_advocate_while_the_old_one_submits(database: Engine, database_url: str) -> None:
    desks = served()
    with racers(database_url, 2) as servers:
        for desk in desks:
            plan = desk.plan(1)
            plan.writes("advocate")
            assigning = told(desk, "coordinator", "assign", advocate_id=desk.cast.advocate_second.person_id)
            said = at_once(servers, told(plan, "advocate", "submit"), assigning)
            assert said[1] == "You assigned the Advocate.", said
            submitted = won(said[:1]) != []
            assert submitted or "no such record" in said[0], said
            assert plan.status == ("Pending Approval (case worker)" if submitted else "In Progress")
            view = plan.opens("advocate_second")
            assert dict(view.answers) == WHOLE[Document.PLAN] and view.writable != submitted
            (plan.recalls if submitted else plan.submits)("advocate_second")
    assert disagreements() == []


@pytest.mark.slow
def test_the_service_ends_while_money_is_asked_for_and_decided(database: Engine, database_url: str) -> None:
    """The report is approved, or the request first; none is left behind without anybody who could go on."""
    desks = served()
    with racers(database_url, 2) as servers:
        for place, desk in enumerate(desks):
            report, money = (desk.starts("advocate", kind) for kind in (Document.TERMINATION, Document.FUNDS))
            report.brings_to_decision()
            if place % 2:
                money.brings_to_decision()
                other = told(money, "admin", "approve")
            else:
                other = told(desk.document(Document.FUNDS), "advocate", "start") | {"version": 0}
            said = at_once(servers, told(report, "scsw", "approve"), other)
            assert said[0].startswith("You approved"), said
            assert desk.status == "Terminated"
            if place % 2:
                assert money.status == ("Approved" if won(said[1:]) else "Withdrawn"), said
    assert disagreements() == []


@pytest.mark.slow
def test_two_youth_referred_again_at_once_get_numbers_of_their_own(database: Engine, database_url: str) -> None:
    desks = served()
    for desk in desks:
        desk.brings_to_end_of_service()
    with racers(database_url, 2) as servers:
        for one, other in zip(desks[::2], desks[1::2], strict=True):
            said = at_once(servers, told(one, "csw", "reopen"), told(other, "csw", "reopen"))
            assert len(won(said)) == 2 and len(set(said)) == 2, said
    assert disagreements() == []
