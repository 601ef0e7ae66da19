"""Every person of the cast tries every action at every stage of a Referral: exactly what stands here is allowed.

The expectation below was written by hand from the guide and mission §4; it does not read the table of the workflow.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate, Refusal
from db.models import Row
from db.session import close_database
from tests.cast import PEOPLE, make_cast
from tests.parts.agency_change import reassigns
from tests.parts.agreement import disagreements
from tests.parts.databases import open_unsynced
from tests.parts.desk import Desk

ACTIONS = (
    "save",
    "sign",
    "submit",
    "recall",
    "approve",
    "reject",
    "acknowledge",
    "assign",
    "reassign",
    "close",
    "reopen",
)


@dataclass(frozen=True)
class Side:
    """DCFS or Probation: who is what to the youth."""

    worker: str
    supervisors: tuple[str, ...]
    worker_words: str
    supervisor_words: str


SIDES = {
    "DCFS": Side(
        "csw",
        ("scsw", "substitute"),
        "the case worker can do this (Wanda Worker)",
        "any supervisor of the Pasadena office can do this (Simon Substitute, Sonia Supervisor)",
    ),
    "Probation": Side(
        "dpo",
        ("sdpo",),
        "the case worker can do this (Paul Probation)",
        "any supervisor of the Child Trafficking Unit office can do this (Sam Senior)",
    ),
}
W, S1, S2, A, C = "the worker", "the supervisor", "a substitute", "Administration", "the coordinator"


def bring(desk: Desk, side: Side, stage: str) -> None:
    worker, supervisor = side.worker, side.supervisors[0]
    first, _, then = stage.partition(", ")
    if first.startswith("Rejected by the"):
        desk.brings_to_supervisor(worker)
        desk.signs(supervisor)
        desk.rejects(supervisor)
    elif first == "Rejected by Administration":
        desk.brings_to_administration(worker, supervisor)
        desk.rejects("admin")
    elif first == "Pending Supervisor Approval":
        desk.brings_to_supervisor(worker)
    elif first == "Pending CSEC Admin Approval":
        desk.brings_to_administration(worker, supervisor)
    elif first == "Approved":
        desk.brings_to_agency(worker, supervisor)
    elif first == "Withdrawn":
        desk.writes(worker)
        desk.closes("admin")
    bring_further(desk, side, then)


def bring_further(desk: Desk, side: Side, then: str) -> None:
    worker, supervisor = side.worker, side.supervisors[0]
    if then in {"written", "signed by the worker"}:
        desk.writes(worker)
    if then.startswith("signed"):
        desk.signs(worker if then.endswith("worker") else supervisor)
    if then == "opened":
        desk.opens(side.supervisors[-1])
    if then in {"acknowledged", "with an Advocate"}:
        desk.acknowledges("coordinator")
    if then == "with an Advocate":
        desk.assigns("coordinator", "advocate")


ALLOWED: dict[str, dict[str, str]] = {
    "New": {W: "save", A: "close"},
    "New, written": {W: "save sign", A: "close"},
    "New, signed by the worker": {W: "save submit", A: "close"},
    "Pending Supervisor Approval": {W: "recall", S1: "sign", S2: "sign"},
    "Pending Supervisor Approval, opened": {S1: "sign", S2: "sign"},
    "Pending Supervisor Approval, signed by the supervisor": {W: "recall", S1: "approve reject", S2: "sign"},
    "Pending CSEC Admin Approval": {A: "approve reject"},
    "Rejected by the supervisor": {W: "save sign", A: "close"},
    "Rejected by the supervisor, signed by the worker": {W: "save submit", A: "close"},
    "Rejected by Administration": {W: "save sign", A: "close"},
    "Approved": {C: "acknowledge", A: "reassign"},
    "Approved, acknowledged": {C: "assign", A: "reassign"},
    "Approved, with an Advocate": {C: "assign", A: "reassign"},
    "Withdrawn": {W: "reopen"},
}

DONE_BY: dict[str, dict[str, str]] = {
    "New": {"save sign submit": W, "close": A},
    "Rejected": {"save sign submit": W, "close": A},
    "Pending Supervisor Approval": {"recall": W, "sign approve reject": S1},
    "Pending CSEC Admin Approval": {"approve reject": A},
    "Approved": {"acknowledge assign": C, "reassign": A},
    "Withdrawn": {"reopen": W},
}
"""By status: which actions there are, and who does them. What others read names these people."""

POSSIBLE: dict[str, str] = {
    "New": "Possible now: Sign, Submit (case worker); Close (CSEC Administration).",
    "Rejected": "Possible now: Sign, Submit (case worker); Close (CSEC Administration).",
    "Pending Supervisor Approval": "Possible now: Recall (case worker); Sign, Approve, Reject (supervisor).",
    "Pending CSEC Admin Approval": "Possible now: Approve, Reject (CSEC Administration).",
    "Approved": "Possible now: Acknowledge safety alerts, Assign Advocate (agency coordinator); "
    "Assign another agency (CSEC Administration).",
    "Withdrawn": "Nothing more is decided on it. Possible now: Refer again (case worker).",
}

NOT_YET = {
    ("New", "sign"): "answers need your attention",
    ("New", "submit"): "Your signature is needed first",
    ("New, written", "submit"): "Your signature is needed first",
    ("New, signed by the worker", "sign"): "You have signed this content",
    ("Pending Supervisor Approval", "approve"): "Your signature is needed first",
    ("Pending Supervisor Approval", "reject"): "Your signature is needed first",
    ("Pending Supervisor Approval, opened", "approve"): "Your signature is needed first",
    ("Pending Supervisor Approval, opened", "reject"): "Your signature is needed first",
    ("Pending Supervisor Approval, opened", "recall"): "can no longer be recalled",
    ("Pending Supervisor Approval, signed by the supervisor", "sign"): "You have signed this content",
    ("Pending Supervisor Approval, signed by the supervisor", "approve"): "Your signature is needed first",
    ("Pending Supervisor Approval, signed by the supervisor", "reject"): "Your signature is needed first",
    ("Rejected by the supervisor", "submit"): "Your signature is needed first",
    ("Rejected by the supervisor, signed by the worker", "sign"): "You have signed this content",
    ("Rejected by Administration", "submit"): "Your signature is needed first",
    ("Approved", "assign"): "The safety alerts must be acknowledged first",
    ("Approved, acknowledged", "acknowledge"): "The safety alerts have been acknowledged",
    ("Approved, with an Advocate", "acknowledge"): "The safety alerts have been acknowledged",
}
"""What the right person reads when it is not yet, or no longer, possible."""


def what_they_are(side: Side, who: str, stage: str) -> str | None:
    """A person's part in this youth's Referral; "reader" may look only; None finds nothing."""
    if who == side.worker:
        return W
    if who in side.supervisors:
        return (S1, S2)[side.supervisors.index(who)]
    if who in {"admin", "admin_second"}:
        return A
    if who == "coordinator" and stage.startswith("Approved"):
        return C
    if who == "advocate" and stage == "Approved, with an Advocate":
        return "reader"
    return None


def attempt(desk: Desk, side: Side, who: str, action: str) -> object:
    acts: dict[str, Callable[[], object]] = {
        "save": lambda: desk.writes(who, preferred_name="Bo"),
        "sign": lambda: desk.signs(who),
        "submit": lambda: desk.submits(who, to=side.supervisors[0]),
        "recall": lambda: desk.recalls(who),
        "approve": lambda: desk.approves(who, "Harbor Light Advocacy"),
        "reject": lambda: desk.rejects(who),
        "acknowledge": lambda: desk.acknowledges(who),
        "assign": lambda: desk.assigns(who, "advocate_second"),
        "reassign": lambda: reassigns(desk, who),
        "close": lambda: desk.closes(who),
        "reopen": lambda: desk.refers_again(who),
    }
    return acts[action]()


def check_refusal(refusal: Refusal, side: Side, part: str | None, stage: str, action: str) -> None:
    """The right kind of refusal, with a sentence that names what is possible and by whom."""
    sentence = str(refusal)
    if part is None:
        assert type(refusal) is NotPermitted and sentence == NOT_FOUND
        return
    status = stage.partition(",")[0].partition(" by ")[0]
    doers = next((who for actions, who in DONE_BY[status].items() if action in actions.split()), None)
    if doers == part or (doers == S1 and part == S2):
        assert type(refusal) is Incomplete and NOT_YET[stage, action] in sentence, sentence
    elif part == W and action == "save":
        assert type(refusal) is OutOfDate and "was not saved" in sentence and status in sentence, sentence
    else:
        words = {W: side.worker_words, S1: side.supervisor_words, A: "CSEC Administration can do this"}
        words[C] = "the agency coordinator can do this (Carla Coordinator)"
        assert type(refusal) is NotPermitted and sentence.startswith(f"This Referral is {status}. "), sentence
        assert (words[doers] if doers else POSSIBLE[status]) in sentence, sentence


def everything_kept(engine: Engine) -> str:
    """A fingerprint of all rows of all tables but the access log, in which refusals are meant to be."""
    tables = [t for t in Row.metadata.sorted_tables if not t.name.startswith("access_")]
    with engine.connect() as connection:
        rows = {t.name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {t.name}")))) for t in tables}
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    try:
        yield open_unsynced(f"sqlite:///{path}")
    finally:
        close_database()


@pytest.mark.parametrize("stage", ALLOWED)
@pytest.mark.parametrize("lead", ["DCFS", pytest.param("Probation", marks=pytest.mark.slow)])
def test_exactly_these_people_may_do_exactly_this(
    lead: str, stage: str, migrated_sqlite_file: Path, tmp_path: Path
) -> None:
    side, path = SIDES[lead], tmp_path / "stage.sqlite"
    shutil.copy(migrated_sqlite_file, path)
    with opened(path) as engine:
        cast = make_cast()
        desk = Desk(cast, cast.dcfs_number if lead == "DCFS" else cast.probation_number)
        bring(desk, side, stage)
        before = everything_kept(engine)
        for who in PEOPLE:
            part = what_they_are(side, who, stage)
            allowed = ALLOWED[stage].get(part or "", "").split()
            for action in (a for a in ACTIONS if a not in allowed):
                with pytest.raises(Refusal) as refusal:
                    attempt(desk, side, who, action)
                check_refusal(refusal.value, side, part, stage, action)
            assert everything_kept(engine) == before, f"a refused {who} changed something"
    for who in PEOPLE:
        for action in ALLOWED[stage].get(what_they_are(side, who, stage) or "", "").split():
            fresh = tmp_path / f"{who} {action}.sqlite"
            shutil.copy(path, fresh)
            with opened(fresh) as engine:
                attempt(desk, side, who, action)
                assert everything_kept(engine) != before, f"{who} may {action}, but nothing happened"
                assert disagreements() == []


def test_a_supervisors_approval_gives_the_youth_to_no_agency_whatever_is_asked_for(sqlite_database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.approves("scsw", "Harbor Light Advocacy")
    assert desk.status == "Pending CSEC Admin Approval" and desk.sees("admin").agency == ""
    with pytest.raises(NotPermitted, match="no such record"):
        desk.opens("coordinator")


def test_the_buttons_shown_are_exactly_those_that_work(sqlite_database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    for stage in ("New, written", "Pending Supervisor Approval, signed by the supervisor"):
        bring(desk, SIDES["DCFS"], stage)
        for who in ("csw", "scsw", "substitute", "admin"):
            view = desk.sees(who)
            part = what_they_are(SIDES["DCFS"], who, stage) or ""
            assert {str(s.action) for s in view.steps} == set(ALLOWED[stage].get(part, "").split()), (stage, who)
            assert all(b.sentence.endswith(".") for b in view.blocked)
