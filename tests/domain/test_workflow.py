"""The table of the workflow is sound, and a table with a fault is found out. Whether it is right, the stories tell."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cts.domain import workflow
from cts.domain.fields import Stage
from cts.domain.vocabulary import (
    CLOSED_STATUSES,
    LISTING_STATUSES,
    PENDING_STATUSES,
    Action,
    Document,
    Need,
    Party,
    Status,
    reasons_for,
)
from cts.domain.workflow import (
    BEGINNINGS,
    ENDS,
    STEPS,
    WAITING,
    WRITERS,
    Step,
    Waiting,
    is_reviewed,
    may_be_written,
    open_to,
    proof_read,
    signers,
    stage_of,
    step_for,
    waiting_in,
)
from cts.outside.mail import template_names

REFERRAL, FUNDS = Document.REFERRAL, Document.FUNDS
Table = tuple[tuple[Step, ...], tuple[Waiting, ...]]


def test_the_table_is_sound() -> None:
    assert proof_read() == []


def without_steps(status: Status, *kept: Action) -> tuple[Step, ...]:
    return tuple(s for s in STEPS if s.status is not status or s.action in kept)


def duplicate_row() -> Table:
    return (*STEPS, replace(STEPS[0], becomes=Status.APPROVED)), WAITING


def no_way_out() -> Table:
    return without_steps(Status.PENDING_ADMINISTRATION), WAITING


def rejection_without_reason() -> Table:
    return tuple(replace(s, needs=frozenset()) if s.action is Action.REJECT else s for s in STEPS), WAITING


def holder_who_cannot_act() -> Table:
    return STEPS, tuple(
        replace(w, holder=Party.ADVOCATE) if w.status is Status.PENDING_SUPERVISOR else w for w in WAITING
    )


def nobody_waited_for() -> Table:
    return STEPS, tuple(w for w in WAITING if w.status is not Status.REJECTED)


def new_status_forgotten() -> Table:
    """Somebody lets an approval lead to a status for which no row was written."""
    changed = tuple(replace(s, becomes=Status.REIMBURSED) if s.becomes is Status.APPROVED else s for s in STEPS)
    return tuple(s for s in changed if s.status is not Status.APPROVED), WAITING


@pytest.mark.parametrize(
    ("mutate", "said"),
    [
        (duplicate_row, "Two rows for Referral / New / case worker / save"),
        (no_way_out, "Referral in Pending CSEC Admin Approval has no way out"),
        (rejection_without_reason, "a rejection must ask a reason"),
        (holder_who_cannot_act, "is held by advocate, who can do nothing"),
        (nobody_waited_for, "Referral in Rejected waits for nobody"),
        (new_status_forgotten, "Referral in Reimbursed has no way out"),
    ],
)
def test_a_table_with_a_fault_is_found_out(
    mutate: Callable[[], Table], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, waiting = mutate()
    monkeypatch.setattr(workflow, "STEPS", steps)
    monkeypatch.setattr(workflow, "WAITING", waiting)
    faults = proof_read()
    assert any(said in fault for fault in faults), faults


def test_every_email_of_the_table_is_written() -> None:
    named = {tell.email for step in STEPS for tell in step.tells}
    assert named <= set(template_names())


def test_statuses_are_the_words_of_the_guide_and_of_mission_section_10() -> None:
    assert [s.value for s in LISTING_STATUSES] == [
        "New",
        "Pending Supervisor Approval",
        "Pending CSEC Admin Approval",
        "Rejected",
        "Approved",
        "Terminated",
        "Flag ended",
        "Withdrawn",
    ]
    of_documents = set(Status) - set(LISTING_STATUSES)
    assert {s.value for s in of_documents} == {
        "Not Started",
        "In Progress",
        "Pending Approval (case worker)",
        "Pending Approval (supervisor)",
        "Pending Pre-Approval",
        "Receipts Submitted",
        "Reimbursed",
    }
    assert {s.value for s in CLOSED_STATUSES} == {"Terminated", "Flag ended", "Withdrawn"}


def test_nothing_is_decided_on_a_closed_document_but_a_youth_is_referred_again() -> None:
    for document in Document:
        for status in CLOSED_STATUSES:
            actions = {action for actions in open_to(document, status).values() for action in actions}
            allowed = {Action.REOPEN} if document is REFERRAL else set()
            if (document, status) == (REFERRAL, Status.TERMINATED):
                allowed |= {Action.ASSIGN}  # money that was approved outlives the service, and its Advocate may leave
            assert actions <= allowed, (document, status)
            assert waiting_in(document, status) is None


SETTLED = {Document.FUNDS: Status.REIMBURSED, Document.SUMMARY: Status.IN_PROGRESS}


@pytest.mark.parametrize("document", Document)
def test_from_every_status_that_lasts_the_good_end_can_be_reached(document: Document) -> None:
    leads = {(s.status, s.becomes) for s in STEPS if s.document is document}
    for status in {a for a, _ in leads} | {BEGINNINGS[document]}:
        reached = {status}
        while more := {b for a, b in leads if a in reached} - reached:
            reached |= more
        # What was closed stays closed: the youth is referred again, under a new number.
        assert SETTLED.get(document, Status.APPROVED) in reached or status in CLOSED_STATUSES, status


@pytest.mark.parametrize("document", [d for d in Document if d is not Document.SUMMARY])
def test_who_holds_a_document_can_send_it_on(document: Document) -> None:
    """Not only can the holder do something: the holder can move it, and not only away."""
    for waiting in (w for w in WAITING if w.document is document):
        moves = [s for s in STEPS if (s.document, s.status, s.party) == (document, waiting.status, waiting.holder)]
        on = [s for s in moves if s.moves and s.action not in {Action.CLOSE, Action.RECALL, Action.REJECT}]
        assert on or (document, waiting.status) == (REFERRAL, Status.APPROVED), waiting


def test_the_settled_ends_await_nobody() -> None:
    assert {(d, s) for d, s in ENDS if waiting_in(d, s)} == set()
    assert {(w.document, w.status) for w in WAITING} & ENDS == set()


def test_who_writes_signs_and_reviews_each_document() -> None:
    advocates = set(Document) - {REFERRAL}
    assert all(WRITERS[document] is Party.ADVOCATE for document in advocates)
    assert WRITERS[REFERRAL] is Party.CASE_WORKER
    assert signers(REFERRAL) == (Party.CASE_WORKER, Party.SUPERVISOR)
    assert {d for d in Document if signers(d)} == {REFERRAL}
    assert {d for d in Document if not is_reviewed(d)} == {Document.SUMMARY}


def test_nobody_but_the_advocate_writes_and_nobody_writes_while_it_is_reviewed() -> None:
    for document in Document:
        written = {s for s in Status if may_be_written(document, s)}
        assert not written & (PENDING_STATUSES | CLOSED_STATUSES), document
    assert may_be_written(FUNDS, Status.APPROVED), "actual costs and receipts are written after the approval"
    approved = {d for d in Document if may_be_written(d, Status.APPROVED)}
    assert approved == {FUNDS}


def test_receipts_are_asked_once_money_may_be_spent() -> None:
    spending = {s for s in Status if stage_of(FUNDS, s) is Stage.SPENDING}
    assert spending == {Status.APPROVED, Status.RECEIPTS_SUBMITTED, Status.REIMBURSED}
    assert all(stage_of(d, s) is Stage.WRITING for d in Document for s in Status if d is not FUNDS)


def test_every_step_that_asks_a_reason_has_reasons_to_choose_from() -> None:
    for step in (s for s in STEPS if Need.REASON in s.needs):
        reasons = reasons_for(step.document, step.action)
        assert "other" in reasons and all(reasons.values()), step


def test_a_step_is_found_by_what_a_person_is_to_the_assignment() -> None:
    step = step_for(REFERRAL, Status.PENDING_SUPERVISOR, {Party.SUPERVISOR, Party.CASE_WORKER}, Action.APPROVE)
    assert step is not None and step.decides and step.moves and Need.SIGNATURE in step.needs
    assert step_for(REFERRAL, Status.PENDING_SUPERVISOR, {Party.CASE_WORKER}, Action.APPROVE) is None
    assert step_for(REFERRAL, Status.PENDING_SUPERVISOR, {Party.OFFICE_COLLEAGUE}, Action.APPROVE) is None
