"""Anybody does anything to any document of a service, in any order: what is shown works, all else is refused, all records agree.

No sequence of steps leads to a state without a way on, to two decisions on one step, to an e-mail without its step or the reverse.
"""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from cts.domain.vocabulary import Action, Document
from cts.services.checking import About
from cts.services.checks import look
from cts.services.documents import DocumentView
from cts.services.refusals import Incomplete, NotPermitted, Refusal
from db.models import Assignment, ReviewedDocument
from db.session import close_database, reading
from tests.cast import make_cast
from tests.parts.agency_change import reassigns_elsewhere
from tests.parts.agreement import disagreements
from tests.parts.databases import open_unsynced
from tests.parts.desk import Desk, serve
from tests.parts.moves import WAYS

PLAYERS = ("advocate", "advocate_second", "coordinator", "csw", "colleague", "scsw", "substitute", "admin")
STRANGERS = ("rival_advocate", "rival_coordinator", "dpo", "csw_elsewhere", "elsewhere", "support", "left")
KINDS = (Document.PLAN, Document.TERMINATION, Document.FUNDS, Document.EXTENSION)
BACKWARDS = {"close", "recall", "reject", "reopen"}
PLACES = {
    "home": {"worker_id": "csw", "supervisor_id": "scsw"},
    "colleague": {"worker_id": "colleague", "supervisor_id": "substitute"},
}
BEGUN = ("", "brings_to_case_worker", "brings_to_decision", "brings_to_approval")
begun = st.sampled_from(BEGUN)
people, choices = st.sampled_from(PLAYERS), st.integers(0, 9)


class Service(RuleBasedStateMachine):
    """One youth with an Advocate, the whole cast, and a database of their own for every run."""

    template: Path
    folder: Path
    runs = count(1)
    reached: ClassVar[set[tuple[str, str]]] = set()

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / f"run {next(self.runs)}.sqlite"
        shutil.copy(self.template, path)
        open_unsynced(f"sqlite:///{path}")
        self.cast = make_cast()
        self.desk = Desk(self.cast, self.cast.dcfs_number)
        self.desk.begins(serve)

    def teardown(self) -> None:
        faults = [(o.key, o.shown) for o in look(self.desk.now, [About.RECORDS]) if o.total]
        close_database()
        assert faults == []

    def documents(self) -> list[Desk]:
        """The desks of all documents there are, the oldest first."""
        with reading() as session:
            found = select(ReviewedDocument.kind, ReviewedDocument.sequence).join(Assignment)
            rows = session.execute(found.where(Assignment.number == self.desk.number).order_by(ReviewedDocument.id))
            return [self.desk.document(Document(kind), sequence) for kind, sequence in rows]

    def view(self, document: Desk, who: str) -> DocumentView | None:
        try:
            return document.sees(who)
        except NotPermitted:
            return None

    def act(self, document: Desk, who: str, action: str, choice: int) -> object:
        advocate = ("advocate", "advocate_second")[choice % 2]
        acts: dict[str, Callable[[], object]] = {
            "save": lambda: self.writes(document, who),
            "close": lambda: document.withdraws(who),
            "assign": lambda: document.assigns(who, advocate),
            "reassign": lambda: reassigns_elsewhere(document, who, self.view(document, who)),
        }
        return acts.get(action, lambda: document.takes(who, Action(action), **self.reason(action)))()

    def reason(self, action: str) -> dict[str, str]:
        return {"reason_code": "other", "reason_text": "Because."} if action == "reject" else {}

    def writes(self, document: Desk, who: str) -> None:
        if document.kind is Document.FUNDS and document.status == "Approved":
            document.spends(who)
        else:
            document.writes(who)

    @initialize(plan=begun, funds=begun, extension=begun, report=st.sampled_from(BEGUN[:3]))
    def some_work_has_been_done(self, plan: str, funds: str, extension: str, report: str) -> None:
        for kind, reach in zip(KINDS, (plan, report, funds, extension), strict=True):
            document = self.desk.plan(1) if kind is Document.PLAN else self.desk.starts("advocate", kind)
            if reach:
                getattr(document, reach)()
            Service.reached.add((str(kind), str(document.status)))

    @rule(kind=st.sampled_from(KINDS[1:]), who=people)
    def somebody_begins(self, kind: Document, who: str) -> None:
        try:
            self.desk.starts(who, kind)
        except Refusal:
            allowed = self.view(self.desk, who)
            assert (
                allowed is None
                or kind is not Document.FUNDS
                or "advocate" not in allowed.parties
                or (self.desk.status == "Terminated")
            )

    @rule(place=choices, who=people, choice=choices)
    def somebody_presses_a_button_that_is_shown(self, place: int, who: str, choice: int) -> None:
        documents = self.documents()
        document = documents[place % len(documents)]
        view = self.view(document, who)
        shown = [str(s.action) for s in view.steps if s.action != "reopen"] if view else []
        if view and shown:
            action = shown[choice % len(shown)]
            try:
                self.act(document, who, action, choice)
            except Incomplete as refusal:
                already = action == "assign" and "assigned already" in str(refusal)
                assert already or (action == "submit" and view.problems), refusal

    @rule(place=choices, choice=choices)
    def the_work_goes_on(self, place: int, choice: int) -> None:
        """A document is written whole and moved on by whoever can, so that runs get far."""
        documents = [d for d in self.documents() if d.kind in KINDS]
        document = documents[place % len(documents)]
        for who in ("advocate", "advocate_second"):
            view = self.view(document, who)
            if view and view.writable and view.problems:
                self.writes(document, who)
        for who in PLAYERS:
            view = self.view(document, who)
            shown = [str(s.action) for s in view.steps if s.action not in BACKWARDS | {"save"}] if view else []
            if shown:
                self.act(document, who, shown[choice % len(shown)], choice)
                if choice % 2:
                    return  # a step at a time; else as far as it goes

    @rule(place=choices, who=st.sampled_from(PLAYERS + STRANGERS), action=st.sampled_from([*Action]))
    def somebody_tries_what_is_not_shown(self, place: int, who: str, action: Action) -> None:
        documents = self.documents()
        document = documents[place % len(documents)]
        view = self.view(document, who)
        if action in {Action.SAVE, Action.SIGN, Action.START} or (view and view.may(action)):
            return
        with pytest.raises(Refusal):
            self.act(document, who, str(action), 0)

    @rule(place=choices, who=people)
    def somebody_opens_it(self, place: int, who: str) -> None:
        documents = self.documents()
        if self.view(documents[place % len(documents)], who):
            documents[place % len(documents)].opens(who)

    @rule(place=st.sampled_from(sorted(PLACES)))
    def an_extract_moves_the_youth(self, place: str) -> None:
        self.desk.extract_says(**{k: self.cast.people[v].person_id for k, v in PLACES[place].items()})

    @invariant()
    def all_records_agree(self) -> None:
        assert disagreements() == []
        Service.reached |= {(str(d.kind), str(d.status)) for d in self.documents()}

    @invariant()
    def somebody_can_go_on(self) -> None:
        for document in self.documents():
            if document.status in WAYS[document.kind].nobody or document.kind is Document.REFERRAL:
                continue
            views = (self.view(document, who) for who in PLAYERS)
            on = any(s.action.value not in BACKWARDS for view in views if view for s in view.steps)
            assert on, f"nobody can go on with {document.kind} in {document.status}"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_whatever_people_do_all_records_of_a_service_agree(migrated_sqlite_file: Path, tmp_path: Path) -> None:
    Service.template, Service.folder = migrated_sqlite_file, tmp_path
    run_state_machine_as_test(
        Service,
        settings=settings(
            max_examples=6,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    far = {("Advocacy Plan", "Approved"), ("Restoration Fund Request", "Pending Pre-Approval")}
    assert far <= Service.reached and len(Service.reached) >= 14, sorted(Service.reached)
    assert {kind for kind, _ in Service.reached} == set(WAYS), "not every kind of document was written"
