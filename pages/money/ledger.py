"""Restoration Funds: the ledger of the coordinator's agency; of all agencies for CSEC Administration."""

import calendar

import streamlit as st

from cts.domain.addresses import read_number
from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from cts.services.ledger import Ledger, agency_ledger
from pages.parts import address
from pages.parts.ledger_view import show_agencies, show_alarms, show_figures, show_lines
from pages.parts.line import show_pages
from pages.shell import frame

AGENCY, YEAR, MONTH, PAGE_SIZE = "agency", "year", "month", 25


def render(actor: Actor) -> None:
    """The page: figures of the period, what does not fit, then the requests; /restoration-funds, and ?agency=…&year=2026&month=3&page=2."""
    st.title("Restoration Funds")
    frame.show_notice()
    asked, every = address.now(), actor.role is Role.ADMINISTRATION
    agency, year, month = _asked(asked.get(AGENCY, "") if every else "", asked.get(YEAR, ""), asked.get(MONTH, ""))
    ledger = agency_ledger(actor, frame.now(), agency=agency, year=year, month=month, opened=frame.just_arrived())
    _choose_period(ledger, agency if every else None, year, month)
    show_alarms(ledger.alarms, ledger.elsewhere, one_youth=False)
    if not ledger.lines:
        st.text("No Restoration Fund Request has been submitted in this period.")
        return
    show_figures(ledger.sums)
    if every and not agency:
        show_agencies(ledger.by_agency, ledger.sums)
    st.header("Requests")
    pages = -(-len(ledger.lines) // PAGE_SIZE)
    page = min(address.page(), pages)
    show_lines(ledger.lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], ledger.elsewhere, with_agency=every)
    show_pages("funds_pages", page, pages, address.turn_to)


def _asked(agency: str, year: str, month: str) -> tuple[str, int | None, int | None]:
    number = read_number(month) if read_number(year) else None
    return agency, read_number(year), number if number in range(1, 13) else None


def _choose_period(ledger: Ledger, agency: str | None, year: int | None, month: int | None) -> None:
    """What is chosen can be seen though it has no request; `agency` is None for who has but one."""
    with st.container(key="cts_ledger_filters", horizontal=True):
        if agency is not None:
            agencies = {"": "All agencies"} | {name: name for name in (*ledger.agencies, agency) if name}
            address.choose("Agency", AGENCY, agencies, agency)
        years = sorted({*ledger.years, *([year] if year else [])}, reverse=True)
        all_years = {"": "All years"} | {str(y): str(y) for y in years}
        address.choose("Year of the request", YEAR, all_years, str(year or ""))
        if year:
            months = {"": "All months"} | {str(m): calendar.month_name[m] for m in range(1, 13)}
            address.choose("Month", MONTH, months, str(month or ""))
