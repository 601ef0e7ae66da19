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
    OFFICE_COLLEAGUE = "office colleague"
    EXTRACT = "CWS/CMS extract"


SIGNER_TITLES = {Party.CASE_WORKER: "CSW/DPO", Party.SUPERVISOR: "SCSW/SDPO"}
"""Who signs a reviewed document, in the order of the form."""


class Document(StrEnum):
    """The reviewed documents."""

    REFERRAL = "Referral"


DOCUMENT_TITLES = {Document.REFERRAL: "CSEC Advocacy Referral"}


class Status(StrEnum):
    """Statuses of documents and of the Assignment Listing, in the guide's words."""

    NEW = "New"
    PENDING_SUPERVISOR = "Pending Supervisor Approval"
    PENDING_ADMINISTRATION = "Pending CSEC Admin Approval"
    REJECTED = "Rejected"
    APPROVED = "Approved"
    TERMINATED = "Terminated"
    FLAG_ENDED = "Flag ended"
    WITHDRAWN = "Withdrawn"


CLOSED_STATUSES = frozenset({Status.TERMINATED, Status.FLAG_ENDED, Status.WITHDRAWN})
"""Decision (f) of mission §10: what "closed" means."""

PENDING_STATUSES = frozenset({Status.PENDING_SUPERVISOR, Status.PENDING_ADMINISTRATION})


class Action(StrEnum):
    """The closed list of verbs of the workflow."""

    SAVE = "save"
    SIGN = "sign"
    SUBMIT = "submit"
    RECALL = "recall"
    APPROVE = "approve"
    REJECT = "reject"
    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
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

REJECTION_REASONS = {
    "incomplete": "Information is missing",
    "incorrect": "Information is incorrect",
    "safety": "Safety alerts need to be completed or clarified",
    "contact": "Youth or caregiver has not been spoken with",
    "not_eligible": "Youth is not eligible for advocacy services",
    "other_services": "Youth is already served by another program",
    "duplicate": "Youth already has an open referral",
    "other": "Other",
}

CLOSING_REASONS = {
    "not_victim": "Youth is not a victim or at risk",
    "jurisdiction": "Jurisdiction or case closed",
    "moved": "Moved out of county",
    "declined": "Youth or caregiver declined before the Referral was sent",
    "duplicate": "Recorded twice",
    "other": "Other",
}
