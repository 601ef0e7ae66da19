"""What narrows an Assignment Listing besides the Search. It stands in the address, so it never names a youth.

A number on a tile is the length of a list: both are made of the same Filters, and a link carries them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from cts.domain.addresses import read_number
from cts.domain.vocabulary import LISTING_STATUSES, LeadAgency

NON_CLOSED = "Non-Closed"
ANY_STATUS = "Any"
STATUS_CHOICES = (NON_CLOSED, *LISTING_STATUSES, ANY_STATUS)
LONGEST_CODE = 20


class Attention(StrEnum):
    """Why an assignment asks for somebody's attention. What each means stands in cts/services/attention.py."""

    FLAG_MISSING = "flag-missing"
    FLAG_ENDED = "flag-ended"
    NOT_IN_EXTRACT = "not-in-extract"
    ALERTS_OPEN = "alerts-open"
    NO_ADVOCATE = "no-advocate"
    THREE_MONTHS_LEFT = "three-months-left"
    TWO_MONTHS_LEFT = "two-months-left"
    LAST_MONTH = "last-month"
    SERVICE_OVER = "service-over"
    PHASE_OVERDUE = "phase-overdue"
    CONTACT_MISSED = "contact-missed"
    WORKER_LEFT = "worker-left"
    AGENCY_ENDING = "agency-ending"
    AGENCY_ENDED = "agency-ended"


@dataclass(frozen=True)
class Filters:
    """Blank fields do not narrow. `status` is a status word, Non-Closed or Any; `office_code` an office; `agency` and `advocate` are ids."""

    status: str = NON_CLOSED
    lead: str = ""
    office_code: str = ""
    agency: int | None = None
    advocate: int | None = None
    attention: str = ""

    def as_query(self) -> dict[str, str]:
        """As an address says it: only what differs from what is shown unasked."""
        plain = Filters()
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: str(value) for name, value in values.items() if value != getattr(plain, name)}

    def without(self, name: str) -> "Filters":
        """The same filters but one, by the name of its field."""
        return replace(self, **{name: getattr(Filters(), name)})


def read_filters(query: Mapping[str, str]) -> Filters:
    """Filters from an address; whatever cannot be read there counts as not said."""
    status, lead, office = query.get("status", NON_CLOSED), query.get("lead", ""), query.get("office_code", "")
    attention = query.get("attention", "")
    return Filters(
        status=status if status in STATUS_CHOICES else NON_CLOSED,
        lead=lead if lead in set(LeadAgency) else "",
        office_code=office if office.isalnum() and len(office) <= LONGEST_CODE else "",
        agency=read_number(query.get("agency", "")),
        advocate=read_number(query.get("advocate", "")),
        attention=attention if attention in set(Attention) else "",
    )
