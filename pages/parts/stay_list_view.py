"""The list of stays on screen: what it holds in a sentence, a table with its order and pages."""

import streamlit as st

from cts.domain.boards import State, StayFilter
from cts.domain.counting import counted
from cts.services.stay_list import SORT, StayOrder, StayPage, StayRow, StaySorting, order_asked
from pages.parts import address
from pages.parts.line import show_pages
from pages.parts.listing_view import status_badge
from pages.parts.table_view import Cell, Column, Order, show_table

_COLUMNS = (
    Column(StayOrder.NUMBER, "Assignment #", sorts=True),
    Column("youth", "Youth Name", wide=True),
    Column("document", "Document", wide=True),
    Column("status", "Status", wide=True),
    Column("who", "Held by", wide=True),
    Column("place", "Office / Agency", wide=True),
    Column(StayOrder.ENTERED, "Since", sorts=True, whole=True),
)
_LEFT = Column(StayOrder.LEFT, "Left on", sorts=True, whole=True)
_DAYS = Column(StayOrder.DAYS, "Days", sorts=True, whole=True)
_MONEY = Column("money", "Amount", whole=True)


def read_address() -> tuple[dict[str, str], StaySorting, int]:
    """The address as it stands, its order and its page; what cannot be read counts as not said."""
    said = address.now()
    return said, order_asked(said), address.page()


def way_back(filters: StayFilter) -> dict[str, str]:
    """The dashboards of the same office or agency."""
    if filters.office_code:
        return {"of": f"office-{filters.office_code}"}
    return {"of": f"agency-{filters.agency}"} if filters.agency else {}


def show_stays(page: StayPage, filters: StayFilter, order: StaySorting) -> None:
    """The table, or that there is nothing."""
    if not page.rows:
        st.text("No document on your listing fits. It may have moved on since the number was counted.")
        return
    ended = filters.state == State.ENDED
    money = any(row.money for row in page.rows)
    columns = (*_COLUMNS, *((_LEFT,) if ended else ()), _DAYS, *((_MONEY,) if money else ()))
    rows = [_cells(row, ended=ended, money=money) for row in page.rows]
    show_table(
        "Documents behind a number",
        columns,
        rows,
        key="table_stays",
        order=Order(order.by, order.descending),
        on_sort=_sort,
    )
    show_pages("stays_pages", page.page, page.pages, address.turn_to)


def _cells(row: StayRow, *, ended: bool, money: bool) -> list[Cell]:
    place = " / ".join(filter(None, (row.office, row.agency)))
    cells = [
        Cell(str(row.number), href=row.href, name=f"Open assignment {row.number}, {row.document}"),
        Cell(row.youth_name),
        Cell(row.document),
        status_badge(row.status),
        Cell(row.person or row.party, quiet=row.party if row.person else ""),
        Cell(place),
        Cell(row.entered),
    ]
    days = Cell(counted(row.days, "day"), quiet="not counted on: the youth is absent" if row.absent else "")
    return [*cells, *((Cell(row.left),) if ended else ()), days, *((Cell(row.money),) if money else ())]


def _sort(order: Order) -> None:
    address.change(**{SORT: StaySorting(StayOrder(order.by), order.descending).said})
