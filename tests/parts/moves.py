"""What can happen to each document, and the e-mails each step owes: by hand from mission §4, never from the workflow table."""

from dataclasses import dataclass, field

CLOSED = {"Terminated", "Flag ended", "Withdrawn"}

AGENCY = {"advocate", "agency coordinator"}
"""Between two Advocates the coordinator holds what the Advocate writes."""
OFFICE = {
    "Pending Approval (case worker)": {"case worker"},
    "Pending Approval (supervisor)": {"supervisor"},
}
REQUESTED = {
    "Pending Pre-Approval": {"case worker"},
    "Pending CSEC Admin Approval": {"CSEC Administration"},
}
WRITING = {"In Progress": AGENCY, "Rejected": AGENCY}
DONE = {"document_approved"}


@dataclass(frozen=True)
class Way:
    """One kind of document: where it begins, who holds it when, what can happen, where nobody holds it any more.

    `sent` are the statuses in which it is what was submitted, to the letter.
    """

    begins: str
    holders: dict[str, set[str]]
    moves: dict[tuple[str, str, str], set[str]]
    sent: set[str]
    nobody: set[str] = field(default_factory=lambda: set(CLOSED))
    signed: bool = False


def _advocates(at: str) -> dict[tuple[str, str, str], set[str]]:
    """What the Advocate does to a document whose first reviewer finds it in the status `at`."""
    return {
        ("submit", "In Progress", at): {"document_to_review"},
        ("submit", "Rejected", at): {"document_to_review"},
        ("recall", at, "In Progress"): set(),
    }


BEGUN: dict[tuple[str, str, str], set[str]] = {
    ("start", "Not Started", "In Progress"): set(),
    ("close", "In Progress", "Withdrawn"): set(),
    ("close", "Rejected", "Withdrawn"): set(),
}
BY_OFFICE: dict[tuple[str, str, str], set[str]] = {
    **_advocates("Pending Approval (case worker)"),
    ("approve", "Pending Approval (case worker)", "Pending Approval (supervisor)"): {"document_to_review"},
    ("reject", "Pending Approval (case worker)", "Rejected"): {"document_rejected"},
    ("approve", "Pending Approval (supervisor)", "Approved"): DONE,
    ("reject", "Pending Approval (supervisor)", "Rejected"): {"document_rejected"},
}
BY_ADMINISTRATION: dict[tuple[str, str, str], set[str]] = {
    **BEGUN,
    **_advocates("Pending Pre-Approval"),
    ("approve", "Pending Pre-Approval", "Pending CSEC Admin Approval"): {"document_to_decide"},
    ("reject", "Pending Pre-Approval", "Rejected"): {"document_rejected"},
    ("approve", "Pending CSEC Admin Approval", "Approved"): DONE,
    ("reject", "Pending CSEC Admin Approval", "Rejected"): {"document_rejected"},
}

WAYS = {
    "Referral": Way(
        "New",
        {
            "New": {"case worker"},
            "Rejected": {"case worker"},
            "Pending Supervisor Approval": {"supervisor"},
            "Pending CSEC Admin Approval": {"CSEC Administration"},
            "Approved": AGENCY,
        },
        {
            ("submit", "New", "Pending Supervisor Approval"): {"referral_to_review"},
            ("submit", "Rejected", "Pending Supervisor Approval"): {"referral_to_review"},
            ("recall", "Pending Supervisor Approval", "New"): set(),
            ("approve", "Pending Supervisor Approval", "Pending CSEC Admin Approval"): {
                "referral_to_decide",
                "referral_passed_on",
            },
            ("reject", "Pending Supervisor Approval", "Rejected"): {"referral_rejected"},
            ("approve", "Pending CSEC Admin Approval", "Approved"): {"referral_approved", "assignment_to_agency"},
            ("reject", "Pending CSEC Admin Approval", "Rejected"): {
                "referral_rejected",
                "referral_rejected_by_administration",
            },
            ("acknowledge", "Approved", "Approved"): set(),
            ("assign", "Approved", "Approved"): {"advocate_assigned", "advocate_named", "former_advocate"},
            ("assign", "Terminated", "Terminated"): {"advocate_assigned", "advocate_named", "former_advocate"},
            ("reassign", "Approved", "Approved"): {"assignment_to_agency", "former_advocate", "agency_changed"},
            ("close", "New", "Withdrawn"): {"assignment_closed"},
            ("close", "Rejected", "Withdrawn"): {"assignment_closed"},
            ("reopen", "Terminated", "Terminated"): set(),
            ("reopen", "Withdrawn", "Withdrawn"): set(),
        },
        {"Pending Supervisor Approval", "Pending CSEC Admin Approval", "Approved", "Terminated"},
        signed=True,
    ),
    "Advocacy Plan": Way(
        "Not Started",
        {"Not Started": AGENCY, **WRITING, **OFFICE},
        BY_OFFICE,
        {*OFFICE, "Approved"},
        {*CLOSED, "Approved"},
    ),
    "Termination Report": Way(
        "Not Started",
        {**WRITING, **OFFICE},
        {**BEGUN, **BY_OFFICE},
        {*OFFICE, "Approved"},
        {*CLOSED, "Approved"},
    ),
    "Extension Request": Way(
        "Not Started",
        {**WRITING, **REQUESTED},
        BY_ADMINISTRATION,
        {*REQUESTED, "Approved"},
        {*CLOSED, "Approved"},
    ),
    "Restoration Fund Request": Way(
        "Not Started",
        {**WRITING, **REQUESTED, "Approved": AGENCY, "Receipts Submitted": {"CSEC Administration"}},
        {
            **BY_ADMINISTRATION,
            ("submit", "Approved", "Receipts Submitted"): {"receipts_to_check"},
            ("recall", "Receipts Submitted", "Approved"): set(),
            ("reject", "Receipts Submitted", "Approved"): {"receipts_rejected"},
            ("reimburse", "Receipts Submitted", "Reimbursed"): {"funds_reimbursed"},
            ("close", "Approved", "Withdrawn"): set(),
        },
        {*REQUESTED, "Receipts Submitted", "Reimbursed"},
        {*CLOSED, "Reimbursed"},
    ),
    "Client Summary": Way("In Progress", {}, {}, set(), {*CLOSED, "In Progress"}),
}
FIRST_SAVE = {("Advocacy Plan", "save", "Not Started", "In Progress")}
"""A phase is there from the start: the first answer begins it."""
ONLY_FOR_A_CHANGE = {"former_advocate"}
NOT_SUBMITTED = {"save", "sign", "claim", "take over", "return"}
