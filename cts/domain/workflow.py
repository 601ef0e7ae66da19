"""The table of the workflow. Everything that acts, shows, tells or counts reads it; nothing repeats it.

Read a row aloud: "A Referral that is *Pending Supervisor Approval* may be *approved* by a *supervisor*, who must have *signed*; it becomes
*Pending CSEC Admin Approval*; *CSEC Administration* is told."
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Need, Party, Status


@dataclass(frozen=True)
class Tell:
    """One e-mail owed by a step: who gets it and which one (a file of cts/outside/emails)."""

    party: Party
    email: str


@dataclass(frozen=True)
class Step:
    """One row: this document, in this status, this party may do this."""

    document: Document
    status: Status
    party: Party
    action: Action
    becomes: Status
    needs: frozenset[Need] = frozenset()
    tells: tuple[Tell, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether the step is a decision, to which four eyes applies."""
        return self.action in {Action.APPROVE, Action.REJECT}

    @property
    def moves(self) -> bool:
        """Whether the step changes the status."""
        return self.becomes is not self.status


@dataclass(frozen=True)
class Waiting:
    """Who holds a document in a waiting status, and whether the holder is reminded every day."""

    document: Document
    status: Status
    holder: Party
    asked: str
    reminded_daily: bool


REFERRAL = Document.REFERRAL
NEW, REJECTED, APPROVED = Status.NEW, Status.REJECTED, Status.APPROVED
AT_SUPERVISOR, AT_ADMINISTRATION = Status.PENDING_SUPERVISOR, Status.PENDING_ADMINISTRATION
CASE_WORKER, SUPERVISOR, ADMINISTRATION = Party.CASE_WORKER, Party.SUPERVISOR, Party.ADMINISTRATION
COORDINATOR, ADVOCATE = Party.COORDINATOR, Party.ADVOCATE


def _writing(status: Status) -> tuple[Step, ...]:
    """The rows of a Referral that is being written: the same when new and when rejected."""
    to_supervisor = (Tell(SUPERVISOR, "referral_to_review"),)
    closed = (Tell(CASE_WORKER, "assignment_closed"), Tell(SUPERVISOR, "assignment_closed"))
    return (
        Step(REFERRAL, status, CASE_WORKER, Action.SAVE, status),
        Step(REFERRAL, status, CASE_WORKER, Action.SIGN, status, frozenset({Need.COMPLETE})),
        Step(
            REFERRAL,
            status,
            CASE_WORKER,
            Action.SUBMIT,
            AT_SUPERVISOR,
            frozenset({Need.COMPLETE, Need.SIGNATURE, Need.SUPERVISOR}),
            to_supervisor,
        ),
        Step(REFERRAL, status, ADMINISTRATION, Action.CLOSE, Status.WITHDRAWN, frozenset({Need.REASON}), closed),
    )


def _flag_ends(status: Status) -> Step:
    """CWS/CMS states that the youth is not a victim, before an agency was assigned (mission §2)."""
    told = (Tell(CASE_WORKER, "assignment_closed"), Tell(SUPERVISOR, "assignment_closed"))
    return Step(REFERRAL, status, Party.EXTRACT, Action.CLOSE, Status.FLAG_ENDED, tells=told)


STEPS: tuple[Step, ...] = (
    *_writing(NEW),
    *_writing(REJECTED),
    Step(REFERRAL, AT_SUPERVISOR, CASE_WORKER, Action.RECALL, NEW, frozenset({Need.UNOPENED})),
    Step(REFERRAL, AT_SUPERVISOR, SUPERVISOR, Action.SIGN, AT_SUPERVISOR),
    Step(
        REFERRAL,
        AT_SUPERVISOR,
        SUPERVISOR,
        Action.APPROVE,
        AT_ADMINISTRATION,
        frozenset({Need.SIGNATURE}),
        (Tell(ADMINISTRATION, "referral_to_decide"), Tell(CASE_WORKER, "referral_passed_on")),
    ),
    Step(
        REFERRAL,
        AT_SUPERVISOR,
        SUPERVISOR,
        Action.REJECT,
        REJECTED,
        frozenset({Need.SIGNATURE, Need.REASON}),
        (Tell(CASE_WORKER, "referral_rejected"),),
    ),
    Step(
        REFERRAL,
        AT_ADMINISTRATION,
        ADMINISTRATION,
        Action.APPROVE,
        APPROVED,
        frozenset({Need.AGENCY}),
        (
            Tell(CASE_WORKER, "referral_approved"),
            Tell(SUPERVISOR, "referral_approved"),
            Tell(COORDINATOR, "assignment_to_agency"),
        ),
    ),
    Step(
        REFERRAL,
        AT_ADMINISTRATION,
        ADMINISTRATION,
        Action.REJECT,
        REJECTED,
        frozenset({Need.REASON}),
        (Tell(CASE_WORKER, "referral_rejected"), Tell(SUPERVISOR, "referral_rejected_by_administration")),
    ),
    Step(REFERRAL, APPROVED, COORDINATOR, Action.ACKNOWLEDGE, APPROVED),
    Step(
        REFERRAL,
        APPROVED,
        COORDINATOR,
        Action.ASSIGN,
        APPROVED,
        frozenset({Need.ACKNOWLEDGED, Need.ADVOCATE}),
        (
            Tell(ADVOCATE, "advocate_assigned"),
            Tell(Party.FORMER_ADVOCATE, "former_advocate"),
            Tell(CASE_WORKER, "advocate_named"),
        ),
    ),
    *(_flag_ends(status) for status in (NEW, REJECTED, AT_SUPERVISOR, AT_ADMINISTRATION)),
    Step(REFERRAL, Status.FLAG_ENDED, Party.EXTRACT, Action.REOPEN, NEW),
)

WAITING: tuple[Waiting, ...] = (
    Waiting(REFERRAL, NEW, CASE_WORKER, "Write and submit the Referral", reminded_daily=False),
    Waiting(REFERRAL, REJECTED, CASE_WORKER, "Change the Referral and send it again", reminded_daily=True),
    Waiting(REFERRAL, AT_SUPERVISOR, SUPERVISOR, "Sign, then approve or reject", reminded_daily=True),
    Waiting(REFERRAL, AT_ADMINISTRATION, ADMINISTRATION, "Assign an agency, or reject", reminded_daily=True),
    Waiting(
        REFERRAL, APPROVED, COORDINATOR, "Acknowledge the safety alerts, then assign the Advocate", reminded_daily=True
    ),
)

WRITING_STATUSES = frozenset(step.status for step in STEPS if step.action is Action.SAVE)
"""Statuses in which the author may change the document."""


def steps_of(document: Document, status: Status, parties: Iterable[Party]) -> tuple[Step, ...]:
    """The rows open to somebody who is these parties to the assignment, in table order."""
    held = frozenset(parties)
    return tuple(s for s in STEPS if s.document is document and s.status is status and s.party in held)


def step_for(document: Document, status: Status, parties: Iterable[Party], action: Action) -> Step | None:
    """The one row for this situation, or None when the table does not allow it."""
    return next((s for s in steps_of(document, status, parties) if s.action is action), None)


def who_may(document: Document, status: Status, action: Action) -> tuple[Party, ...]:
    """The parties the table names for an action, extracts left out: what a refusal tells the reader."""
    rows = (s for s in STEPS if s.document is document and s.status is status and s.action is action)
    return tuple(s.party for s in rows if s.party is not Party.EXTRACT)


def open_to(document: Document, status: Status) -> dict[Party, tuple[Action, ...]]:
    """Every action of the table in this status besides saving a draft, by the party who may take it."""
    rows = (s for s in STEPS if s.document is document and s.status is status)
    steps = [s for s in rows if s.action is not Action.SAVE and s.party is not Party.EXTRACT]
    return {
        party: tuple(s.action for s in steps if s.party is party) for party in dict.fromkeys(s.party for s in steps)
    }


def waiting_in(document: Document, status: Status) -> Waiting | None:
    """Who holds a document in this status; None where nothing is awaited."""
    return next((w for w in WAITING if w.document is document and w.status is status), None)


def proof_read() -> list[str]:
    """What is wrong with the table, as sentences; empty when it is sound. Checked at every start.

    No two rows for one situation, no status without a way out, every rejection asks a reason, every waiting status has a holder who can act.
    """
    faults: list[str] = []
    situations = [(s.document, s.status, s.party, s.action) for s in STEPS]
    faults += [f"Two rows for {' / '.join(x)}" for x in sorted({x for x in situations if situations.count(x) > 1})]
    reached = {(s.document, s.becomes) for s in STEPS} | {(d, NEW) for d in Document}
    for document, status in sorted(reached):
        if status in CLOSED_STATUSES:
            continue
        if not any(s.document is document and s.status is status for s in STEPS):
            faults.append(f"{document} in {status} has no way out")
        waiting = waiting_in(document, status)
        if waiting is None:
            faults.append(f"{document} in {status} waits for nobody")
        elif not steps_of(document, status, {waiting.holder}):
            faults.append(f"{document} in {status} is held by {waiting.holder}, who can do nothing")
    faults += [
        f"{s.document} {s.status}: a rejection must ask a reason"
        for s in STEPS
        if s.action is Action.REJECT and Need.REASON not in s.needs
    ]
    return faults
