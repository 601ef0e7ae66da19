"""Restoration Funds: the ledger of the coordinator's agency; of all agencies for CSEC Administration."""

import calendar
from functools import partial

import streamlit as st

from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from cts.services.ledger import agency_ledger
from pages.parts.ledger_view import show_agencies, show_alarms, show_figures, show_lines
from pages.parts.line import show_pages
from pages.shell import frame

AGENCY, YEAR, MONTH, PAGE_SIZE = "funds_agency", "funds_year", "funds_month", 25


def render(actor: Actor) -> None:
    """The page: figures of the period, what does not fit, then the requests."""
    st.title("Restoration Funds")
    frame.show_notice()
    state = st.session_state
    agency, year = state.get(AGENCY) or "", state.get(YEAR)
    month = state.get(MONTH) if year else None
    ledger = agency_ledger(actor, frame.now(), agency=agency, year=year, month=month, opened=frame.just_arrived())
    every = actor.role is Role.ADMINISTRATION
    with st.container(key="cts_ledger_filters", horizontal=True):
        if every:
            st.selectbox("Agency", ["", *ledger.agencies], format_func=lambda a: a or "All agencies", key=AGENCY)
        st.selectbox(
            "Year of the request", [None, *ledger.years], format_func=lambda y: str(y or "All years"), key=YEAR
        )
        if year:
            months = [None, *range(1, 13)]
            st.selectbox(
                "Month", months, format_func=lambda m: calendar.month_name[m] if m else "All months", key=MONTH
            )
    show_alarms(ledger.alarms, one_youth=False)
    if not ledger.lines:
        st.text("No Restoration Fund Request has been submitted in this period.")
        return
    show_figures(ledger.sums)
    if every and not agency:
        show_agencies(ledger.by_agency, ledger.sums)
    st.header("Requests")
    pages = -(-len(ledger.lines) // PAGE_SIZE)
    turned = f"funds_page_{agency}_{year}_{month}"
    page = min(state.get(turned, 1), pages)
    show_lines(ledger.lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], with_agency=every)
    show_pages("funds_pages", page, pages, partial(state.__setitem__, turned))
