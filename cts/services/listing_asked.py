"""Which part of a listing is asked for: filters, order, page and the switch to the whole office, as an address says it and as it is kept.

No name of a youth and no birth date ever stands there: what was searched for is not part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cts.domain.addresses import read_number
from cts.domain.filters import Filters, read_filters
from cts.services.actor import Actor
from cts.services.criteria import Criteria
from cts.services.listing_columns import SortBy
from cts.services.listings import ListingPage, listing


@dataclass(frozen=True)
class Asked:
    """What the address of the Home page says. `page` counts from 1."""

    filters: Filters = field(default_factory=Filters)
    sort_by: SortBy = SortBy.NUMBER
    descending: bool = False
    page: int = 1
    whole_office: bool = False

    def as_query(self) -> dict[str, str]:
        """As an address says it: only what differs from what is shown unasked."""
        said = {
            "sort": f"{'-' if self.descending else ''}{self.sort_by}",
            "page": str(self.page),
            "office": "all" if self.whole_office else "",
        }
        plain = {"sort": str(SortBy.NUMBER), "page": "1", "office": ""}
        return self.filters.as_query() | {name: text for name, text in said.items() if text != plain[name]}

    def without_page(self) -> "Asked":
        """The same list from its first page."""
        return replace(self, page=1)


def read_asked(query: Mapping[str, str]) -> Asked:
    """What an address asks for; whatever cannot be read there counts as not said."""
    sort = query.get("sort", "")
    return Asked(
        filters=read_filters(query),
        sort_by=SortBy(sort.lstrip("-")) if sort.lstrip("-") in set(SortBy) else SortBy.NUMBER,
        descending=sort.startswith("-"),
        page=read_number(query.get("page", "")) or 1,
        whole_office=query.get("office") == "all",
    )


def listing_asked(actor: Actor, asked: Asked, today: date, criteria: Criteria | None = None) -> ListingPage:
    """The page of the listing that is asked for, on `today`, narrowed by a search too. Raises as `listing` does."""
    return listing(
        actor,
        asked.filters,
        today,
        criteria=criteria,
        sort_by=asked.sort_by,
        descending=asked.descending,
        page=asked.page,
        whole_office=asked.whole_office,
    )
