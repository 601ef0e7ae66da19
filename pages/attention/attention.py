"""Attention: what asks for somebody, as lists with their length; the flag keeper for supervisors and CSEC Administration."""

import streamlit as st

from cts.services.actor import Actor
from cts.services.agency_moves import moves_agencies
from cts.services.attention_lists import attention_tiles, flag_keeper, keeps_flags
from cts.services.listing_asked import read_asked
from cts.services.listings import has_office_switch
from pages.parts.attention_view import show_flags, show_tiles
from pages.parts.home_sections import office_switch
from pages.parts.moves_view import show_ending_agencies, show_without_worker
from pages.shell import frame


def render(actor: Actor) -> None:
    """The page."""
    st.title("Attention")
    frame.show_notice()
    whole = read_asked(st.query_params.to_dict()).whole_office
    if has_office_switch(actor):
        office_switch(whole, searching=False)
    show_tiles(attention_tiles(actor, frame.now(), whole_office=whole))
    show_without_worker(actor, whole_office=whole)
    if moves_agencies(actor):
        show_ending_agencies(actor)
    if keeps_flags(actor):
        show_flags(flag_keeper(actor, frame.now(), whole_office=whole))
