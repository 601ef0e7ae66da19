"""Reading the table of the workflow (cts/domain/workflow_table.py): who may do what now, who is waited for, is the table sound."""

from collections.abc import Iterable

from cts.domain.fields import Stage
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Need, Party, Status
from cts.domain.workflow_table import STEPS, WAITING, Step, Tell, Waiting

__all__ = [
    "BEGINNINGS",
    "ENDS",
    "STEPS",
    "WAITING",
    "WRITERS",
    "Step",
    "Tell",
    "Waiting",
    "is_reviewed",
    "may_be_written",
    "open_to",
    "proof_read",
    "signers",
    "stage_of",
    "step_for",
    "steps_of",
    "waiting_in",
    "who_may",
]

ENDS = frozenset(
    {
        *((document, status) for document in Document for status in CLOSED_STATUSES),
        (Document.PLAN, Status.APPROVED),
        (Document.TERMINATION, Status.APPROVED),
        (Document.EXTENSION, Status.APPROVED),
        (Document.FUNDS, Status.REIMBURSED),
        (Document.SUMMARY, Status.IN_PROGRESS),
    }
)
"""Where the way of a document ends: nothing is awaited there."""

BEGINNINGS = dict.fromkeys(Document, Status.NOT_STARTED) | {
    Document.REFERRAL: Status.NEW,
    Document.SUMMARY: Status.IN_PROGRESS,
}
"""The status a document begins in; a report or request that nobody has begun yet is Not Started too, without being kept."""

WRITERS = {step.document: step.party for step in STEPS if step.action is Action.SAVE}
"""Who writes each document."""


def is_reviewed(document: Document) -> bool:
    """Whether somebody decides on it; a document that nobody decides on is read by all as it stands."""
    return any(s.document is document and s.action is Action.SUBMIT for s in STEPS)


def may_be_written(document: Document, status: Status) -> bool:
    """Whether the author may change the document in this status."""
    return any(s.document is document and s.status is status and s.action is Action.SAVE for s in STEPS)


def stage_of(document: Document, status: Status) -> Stage:
    """Which part of a form is being answered: what was bought, and the receipts, are asked once a Restoration Fund Request is approved."""
    spent = {Status.APPROVED, Status.RECEIPTS_SUBMITTED, Status.REIMBURSED}
    return Stage.SPENDING if document is Document.FUNDS and status in spent else Stage.WRITING


def signers(document: Document) -> tuple[Party, ...]:
    """Who signs a document, in the order of its way; nobody signs what the Advocate writes."""
    rows = (s.party for s in STEPS if s.document is document and s.action is Action.SIGN)
    return tuple(dict.fromkeys(rows))


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
    reached = {(s.document, s.becomes) for s in STEPS} | set(BEGINNINGS.items())
    for document, status in sorted(reached - ENDS):
        if not any(s.document is document and s.status is status for s in STEPS):
            faults.append(f"{document} in {status} has no way out")
        waiting = waiting_in(document, status)
        if status is Status.NOT_STARTED and document is not Document.PLAN:
            continue  # not kept yet, so nobody holds it
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
