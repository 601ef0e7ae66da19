"""The tables of CTS."""

from db.models.checks import CheckRun
from db.models.documents import DocumentVersion, HistoryEntry, ReviewedDocument, Signature, Stay
from db.models.lists import ExportTicket, SavedList
from db.models.names import NameSpelling, YouthFullName, YouthNamePart
from db.models.people import Account, AddressAttempts, Agency, Office, Person, SignInSession
from db.models.records import (
    AccessEntry,
    AccessHead,
    AuditAnchor,
    EmailOwed,
    EmergencyAccess,
    ExtractLoad,
    ExtractRefusal,
)
from db.models.reminders import EscalationContact, ReminderDigest, ReminderItem
from db.models.retention import LegalHold, PurgeCertificate, PurgeMark, PurgePermit
from db.models.rows import Row
from db.models.service import Activity, CaseFile, CaseFileContent, ClientUpdate
from db.models.sign_in import AccountLink, LinkRequest, PendingSignIn, RecoveryCode, SecondFactor
from db.models.youth import Assignment, GridRow, Youth

__all__ = [
    "AccessEntry",
    "AccessHead",
    "Account",
    "AccountLink",
    "Activity",
    "AddressAttempts",
    "Agency",
    "Assignment",
    "AuditAnchor",
    "CaseFile",
    "CaseFileContent",
    "CheckRun",
    "ClientUpdate",
    "DocumentVersion",
    "EmailOwed",
    "EmergencyAccess",
    "EscalationContact",
    "ExportTicket",
    "ExtractLoad",
    "ExtractRefusal",
    "GridRow",
    "HistoryEntry",
    "LegalHold",
    "LinkRequest",
    "NameSpelling",
    "Office",
    "PendingSignIn",
    "Person",
    "PurgeCertificate",
    "PurgeMark",
    "PurgePermit",
    "RecoveryCode",
    "ReminderDigest",
    "ReminderItem",
    "ReviewedDocument",
    "Row",
    "SavedList",
    "SecondFactor",
    "SignInSession",
    "Signature",
    "Stay",
    "Youth",
    "YouthFullName",
    "YouthNamePart",
]
