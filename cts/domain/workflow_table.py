"""The table of the workflow. Everything that acts, shows, tells or counts reads it; nothing repeats it.

Read a row aloud: "A Referral that is *Pending Supervisor Approval* may be *approved* by a *supervisor*, who must have *signed*; it becomes
*Pending CSEC Admin Approval*; *CSEC Administration* is told."
"""

from dataclasses import dataclass

from cts.domain.vocabulary import Action, Document, Need, Party, Status


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
    ends_service: bool = False

    @property
    def decides(self) -> bool:
        """Whether the step is a decision, to which four eyes applies."""
        return self.action in DECISIONS

    @property
    def moves(self) -> bool:
        """Whether the step changes the status."""
        return self.becomes is not self.status


DECISIONS = frozenset({Action.APPROVE, Action.REJECT, Action.REIMBURSE})


@dataclass(frozen=True)
class Waiting:
    """Who holds a document in a waiting status, and whether the holder is reminded every day."""

    document: Document
    status: Status
    holder: Party
    asked: str
    reminded_daily: bool


REFERRAL = Document.REFERRAL
PLAN, TERMINATION = Document.PLAN, Document.TERMINATION
FUNDS, EXTENSION = Document.FUNDS, Document.EXTENSION
NEW, REJECTED, APPROVED = Status.NEW, Status.REJECTED, Status.APPROVED
AT_SUPERVISOR, AT_ADMINISTRATION = Status.PENDING_SUPERVISOR, Status.PENDING_ADMINISTRATION
NOT_STARTED, IN_PROGRESS = Status.NOT_STARTED, Status.IN_PROGRESS
BY_WORKER, BY_SUPERVISOR = Status.PENDING_BY_WORKER, Status.PENDING_BY_SUPERVISOR
PRE_APPROVAL = Status.PENDING_PRE_APPROVAL
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


def _naming_the_advocate(status: Status) -> Step:
    """The agency's coordinator assigns the Advocate, or another one."""
    needs = frozenset({Need.ACKNOWLEDGED, Need.ADVOCATE})
    told = (
        Tell(ADVOCATE, "advocate_assigned"),
        Tell(Party.FORMER_ADVOCATE, "former_advocate"),
        Tell(CASE_WORKER, "advocate_named"),
    )
    return Step(REFERRAL, status, COORDINATOR, Action.ASSIGN, status, needs, told)


def _flag_ends(status: Status) -> Step:
    """CWS/CMS states that the youth is not a victim, before an agency was assigned (mission §2)."""
    told = (Tell(CASE_WORKER, "assignment_closed"), Tell(SUPERVISOR, "assignment_closed"))
    return Step(REFERRAL, status, Party.EXTRACT, Action.CLOSE, Status.FLAG_ENDED, tells=told)


def _by_the_advocate(document: Document, reviewer_gets: Status) -> tuple[Step, ...]:
    """The rows of a document that the Advocate writes: a phase of the plan is there from the start, the others are begun."""
    begins = Action.SAVE if document is PLAN else Action.START
    rows = [Step(document, NOT_STARTED, ADVOCATE, begins, IN_PROGRESS)]
    for status in (IN_PROGRESS, REJECTED):
        rows.append(Step(document, status, ADVOCATE, Action.SAVE, status))
        needs, tells = frozenset({Need.COMPLETE}), (Tell(CASE_WORKER, "document_to_review"),)
        rows.append(Step(document, status, ADVOCATE, Action.SUBMIT, reviewer_gets, needs, tells))
        if document is not PLAN:
            rows.append(Step(document, status, ADVOCATE, Action.CLOSE, Status.WITHDRAWN, frozenset({Need.REASON})))
    rows.append(Step(document, reviewer_gets, ADVOCATE, Action.RECALL, IN_PROGRESS, frozenset({Need.UNOPENED})))
    return tuple(rows)


def _rejecting(document: Document, status: Status, party: Party) -> Step:
    """A reviewer sends a document back to the Advocate, with the reason."""
    told = (Tell(ADVOCATE, "document_rejected"),)
    return Step(document, status, party, Action.REJECT, REJECTED, frozenset({Need.REASON}), told)


def _plan_or_report(document: Document) -> tuple[Step, ...]:
    """Advocate, case worker, supervisor (mission §4). The approval of a Termination Report ends the service."""
    to_supervisor = (Tell(SUPERVISOR, "document_to_review"),)
    approved = (
        Tell(ADVOCATE, "document_approved"),
        Tell(CASE_WORKER, "document_approved"),
        Tell(Party.OTHER_DEPARTMENT, "document_approved"),
    )
    return (
        *_by_the_advocate(document, BY_WORKER),
        Step(document, BY_WORKER, CASE_WORKER, Action.APPROVE, BY_SUPERVISOR, tells=to_supervisor),
        _rejecting(document, BY_WORKER, CASE_WORKER),
        Step(
            document,
            BY_SUPERVISOR,
            SUPERVISOR,
            Action.APPROVE,
            APPROVED,
            tells=approved,
            ends_service=document is TERMINATION,
        ),
        _rejecting(document, BY_SUPERVISOR, SUPERVISOR),
    )


def _request(document: Document) -> tuple[Step, ...]:
    """Advocate, case worker, CSEC Administration: decision (b) of mission §10. The pre-approval blocks: (c)."""
    to_administration = (Tell(ADMINISTRATION, "document_to_decide"),)
    approved = (
        Tell(ADVOCATE, "document_approved"),
        Tell(CASE_WORKER, "document_approved"),
        Tell(Party.OTHER_DEPARTMENT, "document_approved"),
    )
    return (
        *_by_the_advocate(document, PRE_APPROVAL),
        Step(document, PRE_APPROVAL, CASE_WORKER, Action.APPROVE, AT_ADMINISTRATION, tells=to_administration),
        _rejecting(document, PRE_APPROVAL, CASE_WORKER),
        Step(document, AT_ADMINISTRATION, ADMINISTRATION, Action.APPROVE, APPROVED, tells=approved),
        _rejecting(document, AT_ADMINISTRATION, ADMINISTRATION),
    )


def _spending() -> tuple[Step, ...]:
    """After approval the Advocate buys, writes down what it cost, and hands in the receipts; the money comes back, or the receipts do."""
    at_check, with_reason = Status.RECEIPTS_SUBMITTED, frozenset({Need.REASON})
    to_check = (Tell(ADMINISTRATION, "receipts_to_check"),)
    reimbursed = (Tell(ADVOCATE, "funds_reimbursed"), Tell(CASE_WORKER, "funds_reimbursed"))
    rejected = (Tell(ADVOCATE, "receipts_rejected"),)
    return (
        Step(FUNDS, APPROVED, ADVOCATE, Action.SAVE, APPROVED),
        Step(FUNDS, APPROVED, ADVOCATE, Action.SUBMIT, at_check, frozenset({Need.COMPLETE}), to_check),
        Step(FUNDS, APPROVED, ADVOCATE, Action.CLOSE, Status.WITHDRAWN, with_reason),
        Step(FUNDS, at_check, ADVOCATE, Action.RECALL, APPROVED, frozenset({Need.UNOPENED})),
        Step(FUNDS, at_check, ADMINISTRATION, Action.REIMBURSE, Status.REIMBURSED, tells=reimbursed),
        Step(FUNDS, at_check, ADMINISTRATION, Action.REJECT, APPROVED, with_reason, rejected),
    )


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
        ADMINISTRATION,
        Action.REASSIGN,
        APPROVED,
        frozenset({Need.AGENCY, Need.REASON}),
        (
            Tell(COORDINATOR, "assignment_to_agency"),
            Tell(Party.FORMER_ADVOCATE, "former_advocate"),
            Tell(CASE_WORKER, "agency_changed"),
            Tell(SUPERVISOR, "agency_changed"),
        ),
    ),
    # After the end, too: an approved Restoration Fund Request outlives the service, and its Advocate may leave.
    *(_naming_the_advocate(status) for status in (APPROVED, Status.TERMINATED)),
    *(_flag_ends(status) for status in (NEW, REJECTED, AT_SUPERVISOR, AT_ADMINISTRATION)),
    Step(REFERRAL, Status.FLAG_ENDED, Party.EXTRACT, Action.REOPEN, NEW),
    *(Step(REFERRAL, s, CASE_WORKER, Action.REOPEN, s) for s in (Status.TERMINATED, Status.WITHDRAWN)),
    *_plan_or_report(PLAN),
    *_plan_or_report(TERMINATION),
    *_request(FUNDS),
    *_request(EXTENSION),
    *_spending(),
    Step(Document.SUMMARY, IN_PROGRESS, ADVOCATE, Action.SAVE, IN_PROGRESS),
)


def _with_the_advocate(document: Document) -> tuple[Waiting, ...]:
    return (
        Waiting(document, IN_PROGRESS, ADVOCATE, f"Finish and submit the {document}", reminded_daily=False),
        Waiting(document, REJECTED, ADVOCATE, f"Change the {document} and send it again", reminded_daily=True),
    )


def _in_the_office(document: Document) -> tuple[Waiting, ...]:
    return (
        Waiting(document, BY_WORKER, CASE_WORKER, f"Approve or reject the {document}", reminded_daily=True),
        Waiting(document, BY_SUPERVISOR, SUPERVISOR, f"Approve or reject the {document}", reminded_daily=True),
    )


def _before_administration(document: Document) -> tuple[Waiting, ...]:
    return (
        Waiting(document, PRE_APPROVAL, CASE_WORKER, f"Pre-approve or reject the {document}", reminded_daily=True),
        Waiting(document, AT_ADMINISTRATION, ADMINISTRATION, f"Approve or reject the {document}", reminded_daily=True),
    )


WAITING: tuple[Waiting, ...] = (
    Waiting(REFERRAL, NEW, CASE_WORKER, "Write and submit the Referral", reminded_daily=False),
    Waiting(REFERRAL, REJECTED, CASE_WORKER, "Change the Referral and send it again", reminded_daily=True),
    Waiting(REFERRAL, AT_SUPERVISOR, SUPERVISOR, "Sign, then approve or reject", reminded_daily=True),
    Waiting(REFERRAL, AT_ADMINISTRATION, ADMINISTRATION, "Assign an agency, or reject", reminded_daily=True),
    Waiting(
        REFERRAL, APPROVED, COORDINATOR, "Acknowledge the safety alerts, then assign the Advocate", reminded_daily=True
    ),
    Waiting(PLAN, NOT_STARTED, ADVOCATE, "Write this phase of the Advocacy Plan", reminded_daily=False),
    *(row for document in (PLAN, TERMINATION, FUNDS, EXTENSION) for row in _with_the_advocate(document)),
    *(row for document in (PLAN, TERMINATION) for row in _in_the_office(document)),
    *(row for document in (FUNDS, EXTENSION) for row in _before_administration(document)),
    Waiting(FUNDS, APPROVED, ADVOCATE, "Buy what was approved, then submit the receipts", reminded_daily=False),
    Waiting(
        FUNDS, Status.RECEIPTS_SUBMITTED, ADMINISTRATION, "Check the receipts, then reimburse", reminded_daily=True
    ),
)
