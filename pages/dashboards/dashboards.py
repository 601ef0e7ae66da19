"""Dashboards: numbers of the program, an office or an agency, each with the list behind it."""

import streamlit as st

from cts.domain.boards import SECTION_TITLES
from cts.services.actor import Actor
from cts.services.dashboards import dashboard
from pages.parts.board_view import show_board
from pages.parts.ways import show_ways, way_to
from pages.shell import frame
from pages.shell.menu import DASHBOARDS

SEEN = "cts_dashboard_seen"


def render(actor: Actor) -> None:
    """The page: /dashboards?section=…; whose numbers, the period and the stage stand in the address too."""
    st.title("Dashboards")
    asked = dict(st.query_params.items())
    board = dashboard(actor, asked, frame.now(), opened=frame.just_arrived(), seen=st.session_state.get(SEEN))
    st.session_state[SEEN] = board.section
    kept = {name: value for name, value in asked.items() if name in {"of", "period"}}
    ways = [
        way_to(DASHBOARDS, SECTION_TITLES[section], {"section": section, **kept}, here=section == board.section)
        for section in board.sections
    ]
    show_ways("Sections of the dashboards", ways, key="cts_tabs")
    frame.show_notice()
    show_board(board, place_names=(actor.office_name or actor.agency_name))
