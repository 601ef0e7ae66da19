"""The Assignment Listing as a table to be exported: the whole list as it stands, whatever page is shown."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from cts.domain.counting import counted
from cts.domain.filters import NON_CLOSED
from cts.domain.sheet import Cell, Sheet
from cts.services.actor import Actor
from cts.services.criteria import Criteria, read_criteria
from cts.services.export_rules import SEARCHED, demand_exportable
from cts.services.fetching import today_of
from cts.services.filter_options import chosen_filters
from cts.services.history import clock
from cts.services.listing_asked import Asked, read_asked
from cts.services.listing_columns import SortBy, columns_of
from cts.services.listing_rows import ListingRow
from cts.services.listings import has_office_switch, whole_listing
from cts.settings import settings

SEARCH_WORDS = {
    "referral_number": "Referral #",
    "case_number": "Case #",
    "state_id": "State ID",
    "last_name": "Youth Last Name",
    "first_name": "Youth First Name",
    "birth_date": "Youth DOB",
    "pdj_number": "PDJ #",
}


def asked_for_export(asked: Asked, criteria: Criteria | None) -> dict[str, str]:
    """What is asked of the list, its filters, order and search, as a builder reads it."""
    searched = {f.name: getattr(criteria or Criteria(), f.name) for f in fields(Criteria)}
    return asked.without_page().as_query() | {SEARCHED + name: str(value) for name, value in searched.items() if value}


def listing_sheet(actor: Actor, asked: Mapping[str, str], now: datetime) -> Sheet:
    """Every row of the actor's listing that the filters and the search leave, in order. Raises NotPermitted, and Incomplete when too many."""
    today, wanted = today_of(now), read_asked(asked)
    typed = {n.removeprefix(SEARCHED): text for n, text in asked.items() if n.startswith(SEARCHED)}
    criteria = read_criteria(typed) if typed else None
    rows = whole_listing(
        actor,
        wanted.filters,
        today,
        criteria=criteria,
        sort_by=wanted.sort_by,
        descending=wanted.descending,
        whole_office=wanted.whole_office,
        at_most=settings().export_rows,
    )
    demand_exportable(len(rows))
    columns = columns_of(actor)
    return Sheet(
        "Assignment Listing",
        (f"As of {clock(now)}.", _narrowed(actor, wanted, criteria, now), counted(len(rows), "row") + "."),
        (*columns.values(), "Marks"),
        tuple((*(_cell(row, by) for by in columns), "; ".join(row.marks)) for row in rows),
    )


def _narrowed(actor: Actor, asked: Asked, criteria: Criteria | None, now: datetime) -> str:
    """What the list was narrowed by, in words."""
    words = [f"{one.label}: {one.words}" for one in chosen_filters(actor, asked, today_of(now))]
    if asked.filters.status == NON_CLOSED:
        words.insert(0, f"Status: {NON_CLOSED}")
    if criteria is not None:
        words += [f"{SEARCH_WORDS[name]} searched for" for name in criteria.asked]
    if has_office_switch(actor):
        words.append("Whole office" if asked.whole_office or criteria else "My unit")
    return "; ".join(words) + "."


def _cell(row: ListingRow, by: SortBy) -> Cell:
    cells: dict[SortBy, Cell] = {
        SortBy.NUMBER: row.number,
        SortBy.STATE_ID: row.state_id,
        SortBy.REFERRAL: row.referral_number,
        SortBy.CPH_DATE: row.referral_on,
        SortBy.REFERRAL_NAME: row.referral_name,
        SortBy.YOUTH: row.youth_name,
        SortBy.CASE: row.case_number,
        SortBy.PDJ: row.pdj_number,
        SortBy.STATUS: str(row.status),
        SortBy.AGENCY: row.agency_and_advocate,
        SortBy.CSW: row.csw,
        SortBy.SCSW: row.scsw,
    }
    return cells[by]
