"""The words of CTS: roles, statuses, parties and the short code lists the rules depend on.

Every word shown to people stands here once. Statuses are the words of the County's training guide.
"""

from enum import StrEnum


class Role(StrEnum):
    """A job title. What a person may do to one assignment depends on the party, not on the title."""

    CSW = "CSW"
    SCSW = "SCSW"
    DPO = "DPO"
    SDPO = "SDPO"
    ADMINISTRATION = "CSEC Administration"
    COORDINATOR = "Agency coordinator"
    ADVOCATE = "Advocate"
    SUPPORT = "Technical support"


CASE_WORKER_ROLES = frozenset({Role.CSW, Role.DPO})
SUPERVISOR_ROLES = frozenset({Role.SCSW, Role.SDPO})
COUNTY_ROLES = CASE_WORKER_ROLES | SUPERVISOR_ROLES
AGENCY_ROLES = frozenset({Role.COORDINATOR, Role.ADVOCATE})

ROLE_TITLES = {
    Role.CSW: "Children's Social Worker",
    Role.SCSW: "Supervising Children's Social Worker",
    Role.DPO: "Deputy Probation Officer",
    Role.SDPO: "Supervising Deputy Probation Officer",
    Role.ADMINISTRATION: "CSEC Administration",
    Role.COORDINATOR: "Agency Coordinator",
    Role.ADVOCATE: "Advocate",
    Role.SUPPORT: "Technical Support",
}


class LeadAgency(StrEnum):
    """The department that leads, and approves."""

    DCFS = "DCFS"
    PROBATION = "Probation"


class Party(StrEnum):
    """What a person is to one assignment (mission §1). One person may be several."""

    CASE_WORKER = "case worker"
    SUPERVISOR = "supervisor"
    ADMINISTRATION = "CSEC Administration"
    COORDINATOR = "agency coordinator"
    ADVOCATE = "advocate"
    FORMER_ADVOCATE = "former advocate"
    OTHER_DEPARTMENT = "worker of the other department"
    OFFICE_COLLEAGUE = "office colleague"
    EXTRACT = "CWS/CMS extract"
    EMERGENCY = "emergency access"
    COVER = "cover"
    SUPPORT = "technical support"


SIGNER_TITLES = {Party.CASE_WORKER: "CSW/DPO", Party.SUPERVISOR: "SCSW/SDPO"}
"""Who signs a Referral, in the order of the form."""


class Document(StrEnum):
    """The documents of an assignment (mission §4 and §5). Of an Advocacy Plan each phase is a document of its own, its sequence the phase.

    The Client Summary is written as long as the service lasts and reviewed by nobody.
    """

    REFERRAL = "Referral"
    PLAN = "Advocacy Plan"
    TERMINATION = "Termination Report"
    FUNDS = "Restoration Fund Request"
    EXTENSION = "Extension Request"
    SUMMARY = "Client Summary"


DOCUMENT_TITLES = {Document.REFERRAL: "CSEC Advocacy Referral"} | {d: str(d) for d in list(Document)[1:]}

DOCUMENT_SLUGS = {
    Document.REFERRAL: "referral",
    Document.PLAN: "plan",
    Document.TERMINATION: "termination",
    Document.FUNDS: "funds",
    Document.EXTENSION: "extension",
    Document.SUMMARY: "summary",
}
"""How a document is named in addresses and file names."""

LAST_PHASE = 3
"""An Advocacy Plan has three phases (guide)."""


class Status(StrEnum):
    """Statuses of documents and of the Assignment Listing, in the guide's words."""

    NEW = "New"
    PENDING_SUPERVISOR = "Pending Supervisor Approval"
    PENDING_ADMINISTRATION = "Pending CSEC Admin Approval"
    REJECTED = "Rejected"
    APPROVED = "Approved"
    NOT_STARTED = "Not Started"
    IN_PROGRESS = "In Progress"
    PENDING_BY_WORKER = "Pending Approval (case worker)"
    PENDING_BY_SUPERVISOR = "Pending Approval (supervisor)"
    PENDING_PRE_APPROVAL = "Pending Pre-Approval"
    RECEIPTS_SUBMITTED = "Receipts Submitted"
    REIMBURSED = "Reimbursed"
    TERMINATED = "Terminated"
    FLAG_ENDED = "Flag ended"
    WITHDRAWN = "Withdrawn"


CLOSED_STATUSES = frozenset({Status.TERMINATED, Status.FLAG_ENDED, Status.WITHDRAWN})
"""Decision (f) of mission §10: what "closed" means."""

PENDING_STATUSES = frozenset(
    {
        Status.PENDING_SUPERVISOR,
        Status.PENDING_ADMINISTRATION,
        Status.PENDING_BY_WORKER,
        Status.PENDING_BY_SUPERVISOR,
        Status.PENDING_PRE_APPROVAL,
        Status.RECEIPTS_SUBMITTED,
    }
)
"""A reviewer has it."""

LISTING_STATUSES = (
    Status.NEW,
    Status.PENDING_SUPERVISOR,
    Status.PENDING_ADMINISTRATION,
    Status.REJECTED,
    Status.APPROVED,
    Status.TERMINATED,
    Status.FLAG_ENDED,
    Status.WITHDRAWN,
)
"""What a row of the Assignment Listing can be; the other statuses are those of documents."""

RECORD_STATUSES = frozenset({Status.APPROVED, Status.TERMINATED})
"""The Assignment # opens the client record, not the Referral (mission §3)."""


class Action(StrEnum):
    """The closed list of verbs of the workflow."""

    START = "start"
    SAVE = "save"
    SIGN = "sign"
    SUBMIT = "submit"
    RECALL = "recall"
    APPROVE = "approve"
    REJECT = "reject"
    REIMBURSE = "reimburse"
    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    REASSIGN = "reassign"
    CLOSE = "close"
    REOPEN = "reopen"


class Need(StrEnum):
    """What a step asks for besides the right party."""

    COMPLETE = "complete"
    SIGNATURE = "signature"
    REASON = "reason"
    SUPERVISOR = "supervisor"
    AGENCY = "agency"
    ADVOCATE = "advocate"
    ACKNOWLEDGED = "acknowledged"
    UNOPENED = "unopened"


GRID_TYPES = {
    "6867": "At Risk",
    "6868": "Victim Before Foster Care",
    "6869": "Victim During Foster Care",
    "6870": "Victim in Open Case not in Foster Care",
    "6871": "Victim while Absent from Placement",
    "6872": "Victim with Closed Case, Receiving ILP Services",
}
"""CSEC Data Grid types of CWS/CMS; the first is at-risk, the others are victim (mission §2)."""

VICTIM_GRID_TYPES = frozenset(GRID_TYPES) - {"6867"}

AWOL_CODES = {
    "A": "AWOL (entered by the worker)",
    "P": "AWOL (set by the system)",
    "B": "Abducted (entered by the worker)",
    "D": "Abducted (set by the system)",
    "N": "Not absent",
}
ABSENT_CODES = frozenset("APBD")

SEXES = {"F": "Female", "M": "Male", "I": "Intersex", "U": "Unknown"}

SENSITIVITIES = {"N": "None", "S": "Sensitive", "R": "Sealed"}

SPECIAL_PROJECT = "Sexually Exploited Child - CSEC"

REFERRAL_REJECTIONS = {
    "incomplete": "Information is missing",
    "incorrect": "Information is incorrect",
    "safety": "Safety alerts need to be completed or clarified",
    "contact": "Youth or caregiver has not been spoken with",
    "not_eligible": "Youth is not eligible for advocacy services",
    "other_services": "Youth is already served by another program",
    "duplicate": "Youth already has an open referral",
    "other": "Other",
}
WORK_REJECTIONS = {
    "incomplete": "Information is missing",
    "incorrect": "Information is incorrect",
    "goals": "Goals or action steps need to change",
    "safety": "Safety concerns or the safety plan need more",
    "youth": "The youth's own words or wishes are missing",
    "resources": "Community resources need more",
    "other": "Other",
}
"""Why a plan or a report comes back."""
REQUEST_REJECTIONS = {
    "incomplete": "Information is missing",
    "incorrect": "Information is incorrect",
    "other_funding": "Other funding has to be tried first",
    "goal": "It does not serve a goal of the plan",
    "amount": "The cost is too high or not explained",
    "receipts": "Receipts are missing or cannot be accepted",
    "not_needed": "It is not needed, or not possible now",
    "other": "Other",
}
"""Why a request for money or time, or its receipts, come back."""
REJECTION_REASONS = {
    Document.REFERRAL: REFERRAL_REJECTIONS,
    Document.PLAN: WORK_REJECTIONS,
    Document.TERMINATION: WORK_REJECTIONS,
    Document.FUNDS: REQUEST_REJECTIONS,
    Document.EXTENSION: REQUEST_REJECTIONS,
}

ASSIGNMENT_CLOSINGS = {
    "not_victim": "Youth is not a victim or at risk",
    "jurisdiction": "Jurisdiction or case closed",
    "moved": "Moved out of county",
    "declined": "Youth or caregiver declined before the Referral was sent",
    "duplicate": "Recorded twice",
    "other": "Other",
}
WITHDRAWALS = {
    "mistake": "Begun by mistake",
    "not_needed": "No longer needed",
    "youth": "The youth does not want it",
    "duplicate": "Recorded twice",
    "other": "Other",
}
"""Why the Advocate withdraws a report or request."""

AGENCY_CHANGES = {
    "contract": "The agency's contract ends or has ended",
    "capacity": "The agency asks for it",
    "youth": "The youth asks for it",
    "moved": "The youth has moved",
    "other": "Other",
}
"""Why CSEC Administration assigns a youth in service to another agency."""

EMERGENCY_REASONS = {
    "danger": "The youth is in danger now",
    "missing": "The youth is missing, or was just found",
    "hotline": "A new report to the Child Protection Hotline",
    "authority": "Court, hospital or law enforcement needs an answer now",
    "other": "Other",
}
"""Why a record is opened by a worker who has no tie to the youth (mission §8)."""

NOT_JUSTIFIED = "not_justified"
EMERGENCY_FINDINGS = {"justified": "Justified", NOT_JUSTIFIED: "Not justified"}
"""What the review of an emergency access finds."""


def reasons_for(document: Document, action: Action) -> dict[str, str]:
    """The coded reasons of a step that asks one: label by code."""
    if action is Action.CLOSE:
        return ASSIGNMENT_CLOSINGS if document is Document.REFERRAL else WITHDRAWALS
    return AGENCY_CHANGES if action is Action.REASSIGN else REJECTION_REASONS[document]
