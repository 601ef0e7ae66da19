"""The questions of test_closing_questions to what the Advocate writes: does it work, and not for a colleague, a namesake elsewhere, a former

advocate, a number that does not exist, a stale screen; and what becomes of two presses at once?
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from cts.domain.vocabulary import Document
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate, Refusal
from db.models import Assignment, ReviewedDocument
from db.session import reading
from tests.parts.agreement import disagreements
from tests.parts.beginnings import begun
from tests.parts.desk import Desk, serve

PLAN, REPORT, FUNDS, EXTENSION = Document.PLAN, Document.TERMINATION, Document.FUNDS, Document.EXTENSION
ADVOCATES = ("advocate", "advocate_second", "rival_advocate")
WORKERS = ("csw", "colleague", "csw_elsewhere")
SUPERVISORS = ("scsw", "colleague", "elsewhere")
ADMINISTRATION = ("admin", "scsw", "support")


@dataclass(frozen=True)
class Verb:
    """A step on a document: how to get to where it is possible; who does it, who of the same house and of another does not."""

    name: str
    kind: Document
    before: Callable[[Desk], Any]
    people: tuple[str, str, str]
    becomes: str

    def reach(self, desk: Desk) -> Desk:
        """The desk of the document, one step before."""

        def reached() -> Desk:
            desk.begins(serve)
            document = desk.plan(1) if self.kind is PLAN else desk.starts("advocate", self.kind)
            self.before(document)
            return document

        return begun(reached, key=self)

    def on(self, document: Desk, who: str = "", **asked: Any) -> Any:
        press: Callable[..., Any] = getattr(document, self.name)
        return press(who or self.people[0], **asked)

    def __str__(self) -> str:
        return f"{self.name} {self.kind} as {self.people[0]}"


def receipts(document: Desk) -> None:
    document.brings_to_approval()
    document.spends()
    document.submits("advocate")


def rejected(document: Desk) -> None:
    document.brings_to_case_worker()
    document.rejects("csw")


WRITES, SENT, DECIDED = Desk.writes_whole, Desk.brings_to_case_worker, Desk.brings_to_decision
VERBS = [
    *(Verb("submits", k, WRITES, ADVOCATES, "Pending Approval (case worker)") for k in (PLAN, REPORT)),
    *(Verb("submits", k, WRITES, ADVOCATES, "Pending Pre-Approval") for k in (FUNDS, EXTENSION)),
    *(Verb("recalls", k, SENT, ADVOCATES, "In Progress") for k in (PLAN, REPORT, FUNDS, EXTENSION)),
    *(Verb("approves", k, SENT, WORKERS, "Pending Approval (supervisor)") for k in (PLAN, REPORT)),
    *(Verb("approves", k, SENT, WORKERS, "Pending CSEC Admin Approval") for k in (FUNDS, EXTENSION)),
    *(Verb("rejects", k, SENT, WORKERS, "Rejected") for k in (PLAN, REPORT, FUNDS, EXTENSION)),
    *(Verb("approves", k, DECIDED, SUPERVISORS, "Approved") for k in (PLAN, REPORT)),
    *(Verb("rejects", k, DECIDED, SUPERVISORS, "Rejected") for k in (PLAN, REPORT)),
    *(Verb("approves", k, DECIDED, ADMINISTRATION, "Approved") for k in (FUNDS, EXTENSION)),
    *(Verb("rejects", k, DECIDED, ADMINISTRATION, "Rejected") for k in (FUNDS, EXTENSION)),
    *(Verb("withdraws", k, WRITES, ADVOCATES, "Withdrawn") for k in (REPORT, FUNDS, EXTENSION)),
    Verb("withdraws", FUNDS, Desk.brings_to_approval, ADVOCATES, "Withdrawn"),
    Verb("submits", PLAN, rejected, ADVOCATES, "Pending Approval (case worker)"),
    Verb("recalls", FUNDS, receipts, ADVOCATES, "Approved"),
    Verb("reimburses", FUNDS, receipts, ADMINISTRATION, "Reimbursed"),
    Verb("rejects", FUNDS, receipts, ADMINISTRATION, "Approved"),
]
each_verb = pytest.mark.parametrize("verb", VERBS, ids=str)
each_of_its_own = pytest.mark.parametrize("verb", {(v.name, v.people[0]): v for v in VERBS}.values(), ids=str)
"""One of each kind of press: what comes before the table of the workflow is the same for all documents."""


@each_verb
def test_it_works_for_one_and_for_nobody_else(desk: Desk, verb: Verb) -> None:
    document = verb.reach(desk)
    status, version = document.status, document.sees("csw").version
    for who in verb.people[1:]:
        with pytest.raises(NotPermitted):
            verb.on(document, who)
    assert (document.status, document.sees("csw").version) == (status, version)
    said = verb.on(document)
    assert document.status == said.status == verb.becomes
    assert document.sees("csw").version == version + 1
    assert disagreements() == []


@each_of_its_own
def test_on_a_stale_screen_nothing_is_done_and_what_happened_is_said(desk: Desk, verb: Verb) -> None:
    document = verb.reach(desk)
    version = document.sees("csw").version
    with pytest.raises(OutOfDate, match=f"this {verb.kind} changed since you opened it"):
        verb.on(document, version=version - 1)
    with pytest.raises(OutOfDate):
        verb.on(document, version=version + 1)
    assert document.sees("csw").version == version
    assert disagreements() == []


@each_of_its_own
def test_pressed_twice_at_once_it_is_done_once(both: Desk, verb: Verb) -> None:
    document = verb.reach(both)
    version, barrier = document.sees("csw").version, Barrier(2)

    def press(key: str) -> object:
        barrier.wait(10)
        try:
            return verb.on(document, version=version, key=key)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(2) as presses:
        results = list(presses.map(press, ["first press", "second press"]))
    assert sum(isinstance(r, Refusal) for r in results) == 1, results
    assert document.status == verb.becomes
    assert disagreements() == []


@each_of_its_own
def test_a_double_click_is_one_step_and_says_the_same(desk: Desk, verb: Verb) -> None:
    document = verb.reach(desk)
    version = document.sees("csw").version
    first = verb.on(document, version=version, key="one press")
    document.new_emails()
    assert verb.on(document, version=version, key="one press") == first
    assert document.new_emails() == []
    assert disagreements() == []


@each_of_its_own
def test_a_former_advocate_and_a_number_that_does_not_exist(desk: Desk, verb: Verb) -> None:
    document = verb.reach(desk)
    document.document(Document.REFERRAL).assigns("coordinator", "advocate_second")
    nowhere = [Desk(desk.cast, number, verb.kind, 1) for number in (99_999, 0, -1, 2**31, 10**30)]
    unknown = [document.document(verb.kind, sequence) for sequence in (7, 0, -1, 2**31, 10**30)]
    tries = [("advocate", document), *((verb.people[0], d) for d in [*nowhere, *unknown])]
    for who, where in tries:
        for attempt in (lambda w, d=where: verb.on(d, w, version=1), where.opens, where.sees, where.writes):
            with pytest.raises(NotPermitted) as refusal:
                attempt(who)
            assert str(refusal.value) == NOT_FOUND


# Beginning, and referring again, have no document before them.


@pytest.mark.parametrize("kind", [REPORT, FUNDS, EXTENSION])
def test_beginning(both: Desk, kind: Document) -> None:
    both.brings_to_advocate()
    for who in (*ADVOCATES[1:], *WORKERS, "scsw", "admin", "coordinator"):
        with pytest.raises(NotPermitted):
            both.starts(who, kind)
    barrier = Barrier(2)

    def press(key: str) -> object:
        barrier.wait(10)
        try:
            return both.starts("advocate", kind, key).sequence
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(2) as presses:
        results = list(presses.map(press, ["first press", "second press"]))
    refused = [r for r in results if isinstance(r, Incomplete)]
    assert len(refused) == (0 if kind is FUNDS else 1), results
    assert sorted(r for r in results if isinstance(r, int)) == ([1, 2] if kind is FUNDS else [1])
    with ThreadPoolExecutor(2) as presses:
        again = list(presses.map(press, ["first press", "first press"]))
    assert len({str(a) for a in again}) == 1
    assert disagreements() == []


def test_referring_again(both: Desk) -> None:
    both.brings_to_advocate()
    both.brings_to_end_of_service()
    version, barrier = both.sees("csw").version, Barrier(2)
    for who in (*WORKERS[1:], "scsw", "admin", "coordinator", "advocate"):
        with pytest.raises(NotPermitted):
            both.refers_again(who)
    with pytest.raises(OutOfDate):
        both.refers_again(version=version - 1)

    def press(key: str) -> object:
        barrier.wait(10)
        try:
            return both.refers_again(version=version, key=key)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(2) as presses:
        results = list(presses.map(press, ["first press", "second press"]))
    assert sum(isinstance(r, Refusal) for r in results) == 1, results
    with reading() as session:
        youth = select(Assignment.youth_id).where(Assignment.number == both.number).scalar_subquery()
        terms = session.scalars(select(Assignment.term).where(Assignment.youth_id == youth)).all()
        referrals = select(func.count(ReviewedDocument.id)).join(Assignment).where(Assignment.youth_id == youth)
        assert sorted(terms) == [1, 2]
        assert session.scalar(referrals.where(ReviewedDocument.kind == Document.REFERRAL)) == 2
    assert disagreements() == []
