"""Every person of the cast tries every action on every document of the service in every status: exactly what stands here is allowed.

The expectation was written by hand from the guide and mission §4; it does not read the table of the workflow.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cts.domain.vocabulary import Document
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate, Refusal
from tests.cast import PEOPLE, make_cast
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk, serve
from tests.services.test_table_obeyed import everything_kept, opened

ACTIONS = ("save", "sign", "submit", "recall", "approve", "reject", "reimburse", "withdraw", "acknowledge", "assign")
ADV, W, S, A = "advocate", "csw", "supervisors", "administrators"
WHO = {ADV: {"advocate"}, W: {"csw"}, S: {"scsw", "substitute"}, A: {"admin", "admin_second"}}
READERS = {"advocate", "coordinator", "csw", "scsw", "substitute", "admin", "admin_second", "dpo"}
"""The worker of the other department, `dpo`, reads too and decides nothing."""

PLAN, REPORT, FUNDS, EXTENSION = Document.PLAN, Document.TERMINATION, Document.FUNDS, Document.EXTENSION
DRAFT = {ADV: "save submit withdraw"}
PHASE_DRAFT = {ADV: "save submit"}

ALLOWED: dict[tuple[Document, str], dict[str, str]] = {
    (PLAN, "Not Started"): {ADV: "save"},
    (PLAN, "In Progress"): PHASE_DRAFT,
    (PLAN, "Pending Approval (case worker)"): {ADV: "recall", W: "approve reject"},
    (PLAN, "Pending Approval (case worker), opened"): {W: "approve reject"},
    (PLAN, "Pending Approval (supervisor)"): {S: "approve reject"},
    (PLAN, "Rejected"): PHASE_DRAFT,
    (PLAN, "Approved"): {},
    (REPORT, "In Progress"): DRAFT,
    (REPORT, "Pending Approval (case worker)"): {ADV: "recall", W: "approve reject"},
    (REPORT, "Pending Approval (supervisor)"): {S: "approve reject"},
    (REPORT, "Rejected"): DRAFT,
    (REPORT, "Withdrawn"): {},
    (REPORT, "Approved"): {},
    (EXTENSION, "In Progress"): DRAFT,
    (EXTENSION, "Pending Pre-Approval"): {ADV: "recall", W: "approve reject"},
    (EXTENSION, "Pending CSEC Admin Approval"): {A: "approve reject"},
    (EXTENSION, "Rejected"): DRAFT,
    (EXTENSION, "Approved"): {},
    (FUNDS, "In Progress"): DRAFT,
    (FUNDS, "Pending Pre-Approval"): {ADV: "recall", W: "approve reject"},
    (FUNDS, "Pending CSEC Admin Approval"): {A: "approve reject"},
    (FUNDS, "Rejected"): DRAFT,
    (FUNDS, "Approved"): {ADV: "spend withdraw"},
    (FUNDS, "Approved, spent"): {ADV: "spend submit withdraw"},
    (FUNDS, "Receipts Submitted"): {ADV: "recall", A: "reimburse reject"},
    (FUNDS, "Receipts Submitted, opened"): {A: "reimburse reject"},
    (FUNDS, "Reimbursed"): {},
    (FUNDS, "Withdrawn"): {},
    (Document.SUMMARY, "In Progress"): {ADV: "save"},
}
STEPS_TO: dict[str, tuple[str, ...]] = {
    "Not Started": (),
    "In Progress": ("writes advocate",),
    "Pending Approval (case worker)": ("brings_to_case_worker",),
    "Pending Approval (case worker), opened": ("brings_to_case_worker", "opens csw"),
    "Pending Approval (supervisor)": ("brings_to_decision",),
    "Pending Pre-Approval": ("brings_to_case_worker",),
    "Pending CSEC Admin Approval": ("brings_to_decision",),
    "Rejected": ("brings_to_case_worker", "rejects csw"),
    "Approved": ("brings_to_approval",),
    "Approved, spent": ("brings_to_approval", "spends advocate"),
    "Receipts Submitted": ("brings_to_approval", "spends advocate", "submits advocate"),
    "Receipts Submitted, opened": ("brings_to_approval", "spends advocate", "submits advocate", "opens admin"),
    "Reimbursed": ("brings_to_approval", "spends advocate", "submits advocate", "reimburses admin"),
    "Withdrawn": ("writes advocate", "withdraws advocate"),
}
"""How a document gets there: verbs of the desk, and who."""


def attempt(document: Desk, who: str, action: str) -> object:
    changed = {Document.PLAN: "strengths", Document.SUMMARY: "phn", FUNDS: "goal"}.get(document.kind, "reason")
    acts: dict[str, Callable[[], object]] = {
        "save": lambda: document.writes(who, **{changed: "other"}),
        "spend": lambda: document.writes(who, receipts=[{"id": "h9", "description": "Shop"}]),
        "sign": lambda: document.signs(who),
        "submit": lambda: document.submits(who),
        "recall": lambda: document.recalls(who),
        "approve": lambda: document.approves(who, "Harbor Light Advocacy"),
        "reject": lambda: document.rejects(who),
        "reimburse": lambda: document.reimburses(who),
        "withdraw": lambda: document.withdraws(who),
        "acknowledge": lambda: document.acknowledges(who),
        "assign": lambda: document.assigns(who, "advocate_second"),
    }
    return acts[action]()


def may(who: str, stage: tuple[Document, str]) -> list[str]:
    return [a for party, actions in ALLOWED[stage].items() if who in WHO[party] for a in actions.split()]


NOT_YET = {
    ("In Progress", "recall"): "Recall is not possible now",
    ("Approved", "save"): "can be changed no more",
    ("Approved, spent", "save"): "can be changed no more",
    ("Approved", "submit"): "answers need your attention",
    ("Pending Approval (case worker), opened", "recall"): "can no longer be recalled",
    ("Receipts Submitted, opened", "recall"): "can no longer be recalled",
}


def check_refusal(refusal: Refusal, who: str, stage: tuple[Document, str], action: str) -> None:
    """The right kind of refusal; its sentence says the status, and nothing to who may not even look."""
    kind, status = stage
    sentence = str(refusal)
    if who not in READERS:
        assert type(refusal) is NotPermitted and sentence == NOT_FOUND
    elif type(refusal) is Incomplete:
        assert NOT_YET[status, action] in sentence, sentence
    elif type(refusal) is OutOfDate:
        assert (who, action) == ("advocate", "save") and "was not saved" in sentence, sentence
    else:
        assert type(refusal) is NotPermitted, refusal
        assert sentence.startswith(f"This {kind} is {status.partition(',')[0]}. "), sentence
        assert sentence.endswith("."), sentence


@pytest.mark.parametrize("stage", ALLOWED, ids=lambda stage: f"{stage[0]}, {stage[1]}")
def test_exactly_these_people_may_do_exactly_this(
    stage: tuple[Document, str], migrated_sqlite_file: Path, tmp_path: Path
) -> None:
    kind, status = stage
    path = tmp_path / "stage.sqlite"
    shutil.copy(migrated_sqlite_file, path)
    with opened(path) as engine:
        cast = make_cast()
        desk = Desk(cast, cast.dcfs_number)
        desk.begins(serve)
        desk.extract_says(dual=True, other_worker_id=cast.dpo.person_id)
        begun = kind in {REPORT, FUNDS, EXTENSION}
        document = desk.starts("advocate", kind) if begun else desk.document(kind, 1)
        for verb, _, who in (step.partition(" ") for step in STEPS_TO[status]):
            getattr(document, verb)(*([who] if who else []))
        assert document.status == status.partition(",")[0]
        before = everything_kept(engine)
        for who in PEOPLE:
            for action in (a for a in ACTIONS if a not in may(who, stage)):
                with pytest.raises(Refusal) as refusal:
                    attempt(document, who, action)
                check_refusal(refusal.value, who, stage, action)
        assert everything_kept(engine) == before, "somebody who was refused changed something"
        for who in sorted(READERS):
            shown = {"withdraw" if s.action == "close" else str(s.action) for s in document.sees(who).steps}
            wanted = {"save" if a == "spend" else a for a in may(who, stage)}
            if stage == (FUNDS, "Approved"):
                wanted |= {"submit"} if who == "advocate" else set()  # the button is there; the costs are missing
            assert shown == wanted, (who, shown)
    for who in PEOPLE:
        for action in may(who, stage):
            fresh = tmp_path / f"{who} {action}.sqlite"
            shutil.copy(path, fresh)
            with opened(fresh) as engine:
                attempt(document, who, action)
                assert everything_kept(engine) != before, f"{who} may {action}, but nothing happened"
                assert disagreements() == []
