"""The Assignment Listing as tests ask for it: as of the day the cast lives in."""

from typing import Any

from cts.domain.filters import NON_CLOSED, Filters
from cts.services.actor import Actor
from cts.services.criteria import Criteria
from cts.services.listings import ListingPage, listing
from tests.cast import TODAY


def listed(
    actor: Actor, criteria: Criteria | None = None, *, status: str = NON_CLOSED, office_code: str = "", **asked: Any
) -> ListingPage:
    """A page of a person's listing; `asked` as of `listing`."""
    return listing(actor, Filters(status=status, office_code=office_code), TODAY, criteria=criteria, **asked)
