"""Where things are found in CTS: the tabs of a client record and the query of each document. An address never holds a name."""

from enum import StrEnum

from cts.domain.vocabulary import DOCUMENT_SLUGS, Document


class Tab(StrEnum):
    """The tabs of a client record, in the guide's order and words; the value stands in the address."""

    SUMMARY = "summary"
    PLAN = "plan"
    ACTIVITY = "activity"
    DOCUMENTS = "documents"
    REQUESTS = "requests"
    TERMINATION = "termination"
    REFERRAL = "referral"
    HISTORY = "history"


TAB_TITLES = {
    Tab.SUMMARY: "Client Summary",
    Tab.PLAN: "Advocacy Plan",
    Tab.ACTIVITY: "Advocate Activity",
    Tab.DOCUMENTS: "Documents",
    Tab.REQUESTS: "Requests",
    Tab.TERMINATION: "Termination",
    Tab.REFERRAL: "Referral",
    Tab.HISTORY: "History",
}
TABS = {
    Document.REFERRAL: Tab.REFERRAL,
    Document.SUMMARY: Tab.SUMMARY,
    Document.PLAN: Tab.PLAN,
    Document.FUNDS: Tab.REQUESTS,
    Document.EXTENSION: Tab.REQUESTS,
    Document.TERMINATION: Tab.TERMINATION,
}
"""On which tab a document stands."""


EMERGENCY_REVIEWS = "/access-log?view=emergency"
"""Where CSEC Administration reviews what was opened in an emergency."""

HIGHEST_SEQUENCE = 9_999
"""No assignment has more documents of a kind."""

LONGEST_NUMBER = 9


def read_number(text: str) -> int | None:
    """A number of an address that counts from 1: an id, a page. None for anything else, and for one that no database would take."""
    return (int(text) or None) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def item_of(kind: Document, sequence: int) -> str:
    """Which document of a tab is meant: "plan-2", "funds-1"."""
    return f"{DOCUMENT_SLUGS[kind]}-{sequence}"


def document_query(number: int, kind: Document, sequence: int) -> dict[str, str]:
    """The query of /assignment that opens a document."""
    return {"number": str(number), "tab": TABS[kind], "item": item_of(kind, sequence)}


def document_address(number: int, kind: Document, sequence: int) -> str:
    """The address that opens a document, for links in tables and e-mails."""
    return "/assignment?" + "&".join(f"{k}={v}" for k, v in document_query(number, kind, sequence).items())


def read_item(item: str) -> tuple[Document, int] | None:
    """The document an item names; None for anything else, and for more documents of a kind than there can be."""
    slug, _, count = item.rpartition("-")
    kind = next((d for d, s in DOCUMENT_SLUGS.items() if s == slug), None)
    sequence = read_number(count)
    return (kind, sequence) if kind and sequence and sequence <= HIGHEST_SEQUENCE else None
