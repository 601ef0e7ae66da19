"""The list behind a number of the dashboards as a table to be exported: the whole list, whatever page is shown."""

from collections.abc import Mapping
from datetime import datetime

from cts.domain.boards import State, StayFilter
from cts.domain.counting import counted
from cts.domain.sheet import Cell, Sheet
from cts.services.actor import Actor
from cts.services.export_rules import demand_exportable
from cts.services.history import clock
from cts.services.stay_list import (
    SORT,
    StayRow,
    StaySorting,
    order_asked,
    sentence_of,
    stays_asked,
    whole_stays,
    whose,
)
from cts.settings import settings

ABSENT = "The youth is absent: days are not counted on."
_HEADINGS = ("Assignment #", "Youth Name", "Document", "Status", "Held by", "Person", "Office", "Agency", "Since")


def stays_for_export(asked: StayFilter, order: StaySorting) -> dict[str, str]:
    """What is asked of the list, as a builder reads it: nothing else of the address, and never a name."""
    return asked.as_query() | {SORT: order.said}


def stays_sheet(actor: Actor, asked: Mapping[str, str], now: datetime) -> Sheet:
    """Every stay the filter leaves of the actor's listing, in order. Raises NotPermitted, and Incomplete when too many."""
    filters = stays_asked(asked)
    rows = whole_stays(actor, filters, now, order_asked(asked), at_most=settings().export_rows)
    demand_exportable(len(rows))
    ended, money = filters.state == State.ENDED, any(row.amount is not None for row in rows)
    return Sheet(
        "Documents behind a number",
        (f"As of {clock(now)}.", sentence_of(filters, whose(rows, filters)), counted(len(rows), "document") + "."),
        (*_HEADINGS, *(("Left on",) if ended else ()), "Days", *(("Amount",) if money else ()), "Marks"),
        tuple(_cells(row, ended=ended, money=money) for row in rows),
    )


def _cells(row: StayRow, *, ended: bool, money: bool) -> tuple[Cell, ...]:
    said: tuple[Cell, ...] = (row.number, row.youth_name, row.document, str(row.status), row.party, row.person)
    where: tuple[Cell, ...] = (row.office, row.agency, row.entered_on)
    left: tuple[Cell, ...] = (row.left_on,) if ended else ()
    amount: tuple[Cell, ...] = (row.amount,) if money else ()
    return (*said, *where, *left, row.days, *amount, ABSENT if row.absent else "")
