"""The e-mails that no row of the workflow table owes, by the names of their texts (cts/outside/emails), and where their links lead."""

from cts.domain.addresses import EMERGENCY_REVIEWS
from cts.services.digests import DIGEST
from cts.services.links import LINK_EMAILS, LINK_PATH

EXTRACT_EMAILS = ("assignment_left", "assignment_moved", "office_unknown")
"""What a CWS/CMS extract owes for what is no step."""

EMERGENCY_EMAILS = ("emergency_to_review", "emergency_again")
"""A record was opened in an emergency; by somebody whose earlier access was found not justified."""

COVER_EMAIL = "cover_changed"
"""Somebody covers for somebody, or no more."""

REHOMED_EMAILS = ("rehomed_to_advocate", "rehomed_to_coordinator", "rehomed_to_office", "rehomed_to_supervisor")
"""Open work came to somebody because a colleague left."""

FORMER_AGENCY = "agency_left"
"""Assignments went from an agency to another one: its coordinators are told, once."""

OTHER_EMAILS = (
    *REHOMED_EMAILS,
    FORMER_AGENCY,
    "worker_chosen",
    *("other_department_named", *EMERGENCY_EMAILS, "audit_anchor", "health_digest", DIGEST),
    *(*LINK_EMAILS.values(), "account_changed", "administration_account", COVER_EMAIL),
)
"""A worker was named, a record was opened in an emergency, the log was anchored, what the checks found, the daily reminder, accounts."""

LEADS_TO = (
    dict.fromkeys(REHOMED_EMAILS, "/attention")
    | dict.fromkeys(EMERGENCY_EMAILS, EMERGENCY_REVIEWS)
    | dict.fromkeys(LINK_EMAILS.values(), LINK_PATH)
    | {COVER_EMAIL: "/cover", FORMER_AGENCY: "/"}
)
"""E-mails whose link opens neither a document nor the assignment. Of a link that sets a passphrase it is the address without its secret, which
stands in the e-mail that was sent and nowhere else."""
