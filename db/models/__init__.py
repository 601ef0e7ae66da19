"""The tables of CTS."""

from db.models.checks import CheckRun
from db.models.documents import DocumentVersion, HistoryEntry, ReviewedDocument, Signature, Stay
from db.models.people import Account, AddressAttempts, Agency, Office, Person, SignInSession
from db.models.records import AccessEntry, EmailOwed, ExtractLoad, ExtractRefusal
from db.models.reminders import EscalationContact, ReminderDigest, ReminderItem
from db.models.retention import LegalHold, PurgeCertificate, PurgeMark, PurgePermit
from db.models.rows import Row
from db.models.service import Activity, CaseFile, CaseFileContent, ClientUpdate
from db.models.youth import Assignment, GridRow, Youth, YouthNamePart

__all__ = [
    "AccessEntry",
    "Account",
    "Activity",
    "AddressAttempts",
    "Agency",
    "Assignment",
    "CaseFile",
    "CaseFileContent",
    "CheckRun",
    "ClientUpdate",
    "DocumentVersion",
    "EmailOwed",
    "EscalationContact",
    "ExtractLoad",
    "ExtractRefusal",
    "GridRow",
    "HistoryEntry",
    "LegalHold",
    "Office",
    "Person",
    "PurgeCertificate",
    "PurgeMark",
    "PurgePermit",
    "ReminderDigest",
    "ReminderItem",
    "ReviewedDocument",
    "Row",
    "SignInSession",
    "Signature",
    "Stay",
    "Youth",
    "YouthNamePart",
]
