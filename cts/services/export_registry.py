"""What can be exported, by name. A builder makes the whole table for a person as the rights are at that moment.

`asked` is what the address of the page said, with what was searched for under names that begin with SEARCHED: of those, the access log keeps
the names only. A builder raises NotPermitted for whoever may not see it, and Incomplete for what is too long (see export_rules).
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from cts.domain.sheet import Sheet
from cts.services.actor import Actor
from cts.services.listing_export import listing_sheet
from cts.services.stay_export import stays_sheet

Builder = Callable[[Actor, Mapping[str, str], datetime], Sheet]

LISTING = "assignments"
STAYS = "stays"

EXPORTS: Mapping[str, Builder] = {
    LISTING: listing_sheet,
    STAYS: stays_sheet,
}
