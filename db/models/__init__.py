"""The tables of CTS."""

from db.models.documents import DocumentVersion, HistoryEntry, ReviewedDocument, Signature, Stay
from db.models.people import Account, AddressAttempts, Agency, Office, Person, SignInSession
from db.models.records import AccessEntry, EmailOwed, ExtractLoad, ExtractRefusal
from db.models.rows import Row
from db.models.youth import Assignment, GridRow, Youth, YouthNamePart

__all__ = [
    "AccessEntry",
    "Account",
    "AddressAttempts",
    "Agency",
    "Assignment",
    "DocumentVersion",
    "EmailOwed",
    "ExtractLoad",
    "ExtractRefusal",
    "GridRow",
    "HistoryEntry",
    "Office",
    "Person",
    "ReviewedDocument",
    "Row",
    "SignInSession",
    "Signature",
    "Stay",
    "Youth",
    "YouthNamePart",
]
