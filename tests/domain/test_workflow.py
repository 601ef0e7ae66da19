"""The table of the workflow is sound, and a table with a fault is found out. Whether it is right, the stories tell."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cts.domain import workflow
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Need, Party, Status
from cts.domain.workflow import STEPS, WAITING, Step, Waiting, open_to, proof_read, step_for, waiting_in
from cts.outside.mail import template_names

REFERRAL = workflow.REFERRAL
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
    changed = tuple(replace(s, becomes=Status.TERMINATED) if s.becomes is Status.APPROVED else s for s in STEPS)
    kept = tuple(s for s in changed if s.status is not Status.APPROVED)
    return tuple(replace(s, becomes=Status.APPROVED) if s.action is Action.CLOSE else s for s in kept), WAITING


@pytest.mark.parametrize(
    ("mutate", "said"),
    [
        (duplicate_row, "Two rows for Referral / New / case worker / save"),
        (no_way_out, "Referral in Pending CSEC Admin Approval has no way out"),
        (rejection_without_reason, "a rejection must ask a reason"),
        (holder_who_cannot_act, "is held by advocate, who can do nothing"),
        (nobody_waited_for, "Referral in Rejected waits for nobody"),
        (new_status_forgotten, "Referral in Approved has no way out"),
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
    assert [s.value for s in Status] == [
        "New",
        "Pending Supervisor Approval",
        "Pending CSEC Admin Approval",
        "Rejected",
        "Approved",
        "Terminated",
        "Flag ended",
        "Withdrawn",
    ]
    assert {s.value for s in CLOSED_STATUSES} == {"Terminated", "Flag ended", "Withdrawn"}


def test_nothing_is_decided_on_a_closed_referral() -> None:
    for status in CLOSED_STATUSES:
        assert open_to(REFERRAL, status) == {}
        assert waiting_in(REFERRAL, status) is None


def test_from_every_status_a_closed_or_approved_one_can_be_reached() -> None:
    leads = {(s.status, s.becomes) for s in STEPS}
    for status in {s.status for s in STEPS}:
        reached = {status}
        while more := {b for a, b in leads if a in reached} - reached:
            reached |= more
        assert Status.APPROVED in reached, status


def test_a_step_is_found_by_what_a_person_is_to_the_assignment() -> None:
    step = step_for(REFERRAL, Status.PENDING_SUPERVISOR, {Party.SUPERVISOR, Party.CASE_WORKER}, Action.APPROVE)
    assert step is not None and step.decides and step.moves and Need.SIGNATURE in step.needs
    assert step_for(REFERRAL, Status.PENDING_SUPERVISOR, {Party.CASE_WORKER}, Action.APPROVE) is None
    assert step_for(REFERRAL, Status.PENDING_SUPERVISOR, {Party.OFFICE_COLLEAGUE}, Action.APPROVE) is None
