"""Anybody does anything, in any order: every button shown works, every other is refused, and all records agree all the time."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from cts.domain.vocabulary import Need
from cts.services.checking import About
from cts.services.checks import look
from cts.services.documents import DocumentView
from cts.services.refusals import Incomplete, NotPermitted, Refusal
from db.models import ReviewedDocument
from db.session import close_database, reading
from tests.cast import NOW, PEOPLE, make_cast
from tests.parts.agency_change import reassigns_elsewhere
from tests.parts.agreement import CLOSED, disagreements
from tests.parts.databases import open_unsynced
from tests.parts.desk import Desk

ACTIONS = ("save", "sign", "submit", "recall", "approve", "reject", "acknowledge", "assign", "close")
PLAYERS = ("csw", "colleague", "scsw", "substitute", "dpo", "sdpo", "admin", "admin_second", "coordinator", "advocate")
WORKERS = ("csw", "dpo", "csw_elsewhere", "colleague")
HOLDERS = ("scsw", "sdpo", "elsewhere", "coordinator", "rival_coordinator", "substitute")
PLACES = {
    "home": {"worker_id": "csw", "supervisor_id": "scsw", "office_code": "1912A"},
    "colleague": {"worker_id": "colleague", "supervisor_id": "substitute", "office_code": "1912A"},
    "elsewhere": {"worker_id": "csw_elsewhere", "supervisor_id": "elsewhere", "office_code": "1901A"},
}
BEGUN = (
    "",
    "brings_to_supervisor",
    "brings_to_administration",
    "brings_back",
    "brings_to_agency",
    "brings_to_advocate",
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
both_youth = st.booleans()


class County(RuleBasedStateMachine):
    """Two youth, the whole cast, and a database of their own for every run."""

    template: Path
    folder: Path
    runs = count(1)
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / f"run {next(self.runs)}.sqlite"
        shutil.copy(self.template, path)
        open_unsynced(f"sqlite:///{path}")
        self.cast = make_cast()
        self.desks = {
            True: Desk(self.cast, self.cast.dcfs_number),
            False: Desk(self.cast, self.cast.probation_number),
        }
        self.versions: dict[int, int] = {}
        self.can_go_on: dict[bool, str] = {}

    def teardown(self) -> None:
        faults = [(o.key, o.shown) for o in look(NOW, [About.RECORDS]) if o.total]
        close_database()
        assert faults == []

    def act(self, desk: Desk, who: str, action: str, word: str, choice: int) -> object:
        view = self.view(desk, who)
        supervisors = view.choices.get(Need.SUPERVISOR, ()) if view else ()
        named = supervisors[choice % len(supervisors)].id if supervisors else None
        keys = {actor.person_id: key for key, actor in self.cast.people.items()}
        agency = sorted(self.cast.agencies)[choice % 2]
        acts: dict[str, Callable[[], Any]] = {
            "save": lambda: desk.writes(who, preferred_name=word),
            "sign": lambda: desk.signs(who),
            "submit": lambda: desk.submits(who, to=keys.get(named or 0, "scsw")),
            "recall": lambda: desk.recalls(who),
            "approve": lambda: desk.approves(who, agency),
            "reject": lambda: desk.rejects(who, text=word + "."),
            "acknowledge": lambda: desk.acknowledges(who),
            "assign": lambda: desk.assigns(
                who, keys[view.choices[Need.ADVOCATE][0].id] if view and view.choices.get(Need.ADVOCATE) else "advocate"
            ),
            "reassign": lambda: reassigns_elsewhere(desk, who, view),
            "close": lambda: desk.closes(who, text=word + "."),
            "reopen": lambda: desk.refers_again(who),
        }
        return acts[action]()

    def view(self, desk: Desk, who: str) -> DocumentView | None:
        try:
            return desk.sees(who)
        except NotPermitted:
            return None

    @initialize(dcfs=st.sampled_from(BEGUN), probation=st.sampled_from(BEGUN))
    def some_work_has_been_done(self, dcfs: str, probation: str) -> None:
        for desk, begun, people in (
            (self.desks[True], dcfs, ("csw", "scsw")),
            (self.desks[False], probation, ("dpo", "sdpo")),
        ):
            if begun == "brings_to_supervisor":
                desk.brings_to_supervisor(people[0])
            elif begun:
                getattr(desk, begun)(*people)

    @rule(dcfs=both_youth)
    def the_worker_writes_everything(self, dcfs: bool) -> None:
        worker = next((w for w in WORKERS if (v := self.view(self.desks[dcfs], w)) and v.writable and v.problems), None)
        if worker:
            self.desks[dcfs].writes(worker)

    @rule(dcfs=both_youth, who=st.sampled_from(PLAYERS), word=WORDS, choice=st.integers(0, 5))
    def somebody_presses_a_button_that_is_shown(self, dcfs: bool, who: str, word: str, choice: int) -> None:
        desk = self.desks[dcfs]
        view = self.view(desk, who)
        shown = [str(s.action) for s in view.steps if s.action != "close"] if view else []
        if not shown:
            return
        action = shown[choice % len(shown)]
        try:
            self.act(desk, who, action, word, choice)
        except Incomplete as refusal:
            assert view is not None and action in {"sign", "submit"} and view.problems, refusal

    @rule(dcfs=both_youth, choice=st.integers(0, 5))
    def the_work_goes_on(self, dcfs: bool, choice: int) -> None:
        """The Referral is written whole, and whoever can move it on does, so that runs get far."""
        self.the_worker_writes_everything(dcfs)
        desk = self.desks[dcfs]
        for who in PLAYERS:
            view = self.view(desk, who)
            shown = [str(s.action) for s in view.steps if s.action not in {"save", "recall", "close"}] if view else []
            if shown:
                self.act(desk, who, shown[choice % len(shown)], "word", choice)

    @rule(dcfs=both_youth, who=st.sampled_from(sorted(PEOPLE)), action=st.sampled_from(ACTIONS), word=WORDS)
    def somebody_tries_what_is_not_shown(self, dcfs: bool, who: str, action: str, word: str) -> None:
        desk = self.desks[dcfs]
        view = self.view(desk, who)
        if view and action in {str(s.action) for s in view.steps}:
            return
        with pytest.raises(Refusal):
            self.act(desk, who, action, word, 0)

    @rule(dcfs=both_youth, who=st.sampled_from(PLAYERS))
    def somebody_opens_it(self, dcfs: bool, who: str) -> None:
        if self.view(self.desks[dcfs], who):
            self.desks[dcfs].opens(who)

    @rule(place=st.sampled_from(sorted(PLACES)))
    def an_extract_moves_the_youth(self, place: str) -> None:
        new = PLACES[place]
        people = {k: self.cast.people[v].person_id for k, v in new.items() if k != "office_code"}
        if self.desks[True].status not in CLOSED:
            self.desks[True].extract_says(**people, office_code=new["office_code"])

    @rule(dcfs=both_youth, rare=st.integers(0, 9))
    def administration_closes_it(self, dcfs: bool, rare: int) -> None:
        view = self.view(self.desks[dcfs], "admin")
        if rare > 6 and view and any(s.action == "close" for s in view.steps):
            self.desks[dcfs].closes("admin")

    @invariant()
    def all_records_agree(self) -> None:
        assert disagreements() == []
        County.reached |= {str(desk.status) for desk in self.desks.values()}

    @invariant()
    def versions_only_rise(self) -> None:
        with reading() as session:
            rows = session.execute(select(ReviewedDocument.id, ReviewedDocument.version))
            found = {row.id: row.version for row in rows}
        assert all(version >= self.versions.get(document, 1) for document, version in found.items())
        self.versions = found

    @invariant()
    def somebody_can_go_on(self) -> None:
        for dcfs, desk in self.desks.items():
            if desk.status not in CLOSED:
                # One is enough; whoever could go on before is asked first.
                people = (self.can_go_on.get(dcfs, "csw"), *WORKERS, "admin", *HOLDERS)
                found = next((who for who in people if (v := self.view(desk, who)) and v.steps), None)
                assert found, desk.status
                self.can_go_on[dcfs] = found


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_whatever_people_do_all_records_agree(migrated_sqlite_file: Path, tmp_path: Path) -> None:
    County.template, County.folder = migrated_sqlite_file, tmp_path
    run_state_machine_as_test(
        County,
        settings=settings(
            max_examples=9,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # Closing is rare on purpose: it ends a run. The stories tell it.
    far = {"New", "Pending Supervisor Approval", "Pending CSEC Admin Approval", "Rejected", "Approved"}
    assert County.reached >= far, "the runs did not get far enough to mean anything"
