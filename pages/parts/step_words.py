"""What a step is called, and what it brings about: words for buttons and dialogs, read from the step's row of the workflow table."""

from cts.domain.vocabulary import Action, Document, Need, Party, Status
from cts.domain.workflow import STEPS, WRITERS, Step, waiting_in
from cts.services.documents import DocumentView
from cts.services.permissions import words_of

TITLES = {
    Action.SIGN: "Sign",
    Action.SUBMIT: "Submit?",
    Action.RECALL: "Recall?",
    Action.APPROVE: "Approve?",
    Action.REJECT: "Reason for Rejection",
    Action.REIMBURSE: "Mark as reimbursed?",
    Action.ACKNOWLEDGE: "Acknowledge safety alerts",
    Action.ASSIGN: "Assign Advocate",
    Action.REASSIGN: "Assign another agency",
    Action.CLOSE: "Close this assignment?",
    Action.REOPEN: "Refer again?",
}

EXPLANATIONS = {
    Action.SIGN: "Type your full name and your passphrase. Your signature stands for exactly what is on the page now.",
    Action.ACKNOWLEDGE: "I have read what the {kind} says about safety, and the Advocate hears it from me before meeting the youth.",
    Action.ASSIGN: (
        "The Advocate you choose serves the youth from now on, and is told. Whoever was the Advocate before reads nothing any more."
    ),
    Action.REASSIGN: (
        "The agency you choose goes on with the service: its months, its plan and what is under way go along. The agency of before reads "
        "nothing any more. The new coordinator acknowledges the safety alerts and names the Advocate."
    ),
    Action.REIMBURSE: "You have checked the receipts, and the agency is paid. The Advocate and the case worker are told.",
    Action.REOPEN: "A new assignment of this youth is opened for you, with a new Referral to write. The history of this one stays readable.",
}

WHAT_COMES = {
    (
        Document.REFERRAL,
        Status.PENDING_SUPERVISOR,
    ): "The Referral goes to this supervisor. Any supervisor of the office may act on it.",
    (
        Document.REFERRAL,
        Status.PENDING_ADMINISTRATION,
    ): "The Referral then goes to CSEC Administration, who assigns an agency.",
    (Document.REFERRAL, Status.APPROVED): (
        "The youth is assigned to the agency you choose here. The agency then names the Advocate."
    ),
    (Document.REFERRAL, Status.WITHDRAWN): (
        "The assignment is closed as Withdrawn. The case worker and the supervisor are told."
    ),
    (Document.PLAN, Status.APPROVED): "This phase is then approved, and the next one opens for the Advocate.",
    (Document.TERMINATION, Status.APPROVED): (
        "The service then ends and the assignment is closed. The youth can be referred again, with history."
    ),
    (Document.FUNDS, Status.APPROVED): "The Advocate may then buy what was approved, and hands in the receipts.",
    (
        Document.FUNDS,
        Status.RECEIPTS_SUBMITTED,
    ): "The receipts and actual costs go to CSEC Administration to be checked.",
    (Document.EXTENSION, Status.APPROVED): "The service then ends on the day asked for here.",
}
"""What a step forward brings about, by document and the status it comes to; for all others it is said who has it next."""


def label_of(kind: Document, action: Action) -> str:
    """What stands on the button. "Close" alone is what a dialog's own cross is called."""
    words = words_of(kind, action)
    return "Close assignment" if words == "Close" else words


def title_of_step(kind: Document, step: Step) -> str:
    """The title of the dialog."""
    if step.action is Action.SUBMIT and Need.SUPERVISOR in step.needs:
        return "Submit to a supervisor"
    if step.action is Action.CLOSE and kind is not Document.REFERRAL:
        return f"Withdraw this {kind}?"
    return TITLES[step.action]


def explanation(view: DocumentView, step: Step) -> str:
    """What the step brings about, in a sentence or two."""
    kind = view.kind
    if step.action in EXPLANATIONS:
        return EXPLANATIONS[step.action].format(kind=kind)
    if step.action is Action.REJECT:
        what = f"The {kind} goes" if step.becomes is Status.REJECTED else "The receipts go"
        return f"{what} back to the {_author(kind)}, who reads this reason."
    if step.action is Action.RECALL:
        signed = " Your signature is then needed again." if view.signers else ""
        return f"The {kind} comes back to you to be changed.{signed}"
    if step.action is Action.CLOSE and kind is not Document.REFERRAL:
        return f"The {kind} ends here and is decided by nobody. It stays readable."
    return WHAT_COMES.get((kind, step.becomes)) or _who_has_it_next(view, step)


def _author(kind: Document) -> str:
    return "Advocate" if WRITERS[kind] is Party.ADVOCATE else "case worker"


def _who_has_it_next(view: DocumentView, step: Step) -> str:
    waiting = waiting_in(view.kind, step.becomes)
    if waiting is None:
        return ""
    named = f", {view.worker}" if waiting.holder is Party.CASE_WORKER else ""
    who = str(waiting.holder) if waiting.holder is Party.ADMINISTRATION else f"the {waiting.holder}{named}"
    return f"The {view.kind} {'then ' if step.decides else ''}goes to {who}."


def leads_to_the_end(kind: Document, step: Step) -> bool:
    """Whether the step ends the service, or sends what will: then it is said what is still open."""
    return step.action in {Action.SUBMIT, Action.APPROVE} and any(s.ends_service for s in STEPS if s.document is kind)
