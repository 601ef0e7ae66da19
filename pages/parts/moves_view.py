"""Work that has to go to somebody else: youth whose case worker has left, youth of an agency whose contract ends."""

from collections.abc import Sequence
from uuid import uuid4

import streamlit as st

from cts.domain.counting import counted
from cts.domain.fields import us_date
from cts.domain.vocabulary import AGENCY_CHANGES
from cts.services.actor import Actor
from cts.services.agency_moves import EndingAgency, YouthOfAgency, ending_agencies, move_youth, youth_of_agency
from cts.services.caseloads import WithoutWorker, choose_worker_for_all, colleagues, without_worker
from cts.services.places import agencies_under_contract
from cts.services.refusals import Refusal
from pages.parts.listing_view import assignment_link
from pages.parts.on_screen import at_once
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

ALL = "All of them"
WORKER, WHICH, OFFICE = "moves_worker", "moves_which", "moves_office"
AGENCY, TO_AGENCY, REASON, WHY, PRESS = "moves_agency", "moves_to", "moves_reason", "moves_why", "moves_press"
LOOKED_AT = "moves_looked_at"
UNPAID = "Restoration Fund Requests of closed assignments are"
IN_TIME = "Receipts are to be handed in before the last day."
LATER_END = "The agency can hand in receipts when its contract gets a later end, on the page Offices and agencies."
_LEFT = (
    Column("number", "Assignment #"),
    Column("youth", "Youth Name", wide=True),
    Column("former", "Case worker who left", wide=True),
    Column("stands_in", "Stands in now", wide=True),
    Column("office", "Office", wide=True),
)
_YOUTH = (
    Column("number", "Assignment #"),
    Column("youth", "Youth Name", wide=True),
    Column("advocate", "Advocate", wide=True),
    Column("under_way", "Documents under way", narrow=True),
)


def show_without_worker(actor: Actor, *, whole_office: bool) -> None:
    """The youth whose case worker has left, and the choice of a colleague for one or for all of an office."""
    rows = without_worker(actor, frame.now(), whole_office=whole_office)
    if not rows:
        return
    st.header("Case worker has left")
    st.text("Choose a colleague of the office. Until then the supervisor stands in, and is reminded of what waits.")
    cells = [
        [assignment_link(r.number), *(Cell(text) for text in (r.youth_name, r.former, r.stands_in, r.office))]
        for r in rows
    ]
    show_table("Case worker has left", _LEFT, cells, key="moves_left")
    _choose_worker(actor, rows)


def _choose_worker(actor: Actor, rows: Sequence[WithoutWorker]) -> None:
    offices = {r.office_code: r.office for r in rows}
    with st.container(key="cts_moves_worker", horizontal=True, vertical_alignment="bottom"):
        code = next(iter(offices))
        if len(offices) > 1:
            code = st.selectbox("Office", list(offices), format_func=offices.__getitem__, key=OFFICE) or code
        here = [r for r in rows if r.office_code == code]
        names = {c.id: f"{c.name}, unit {c.note}" if c.note else c.name for c in colleagues(actor, code)}
        st.selectbox(
            "Assignment", [None, *(r.number for r in here)], format_func=lambda n: str(n) if n else ALL, key=WHICH
        )
        st.selectbox("Colleague", list(names), None, names.__getitem__, key=WORKER, placeholder="Choose")
        st.button("Give to this colleague", key="moves_give", type="primary", on_click=_give, args=(here,))


def _give(rows: Sequence[WithoutWorker]) -> None:
    state, actor = at_once(), frame.actor_now()
    if actor is None:
        return
    which = state.get(WHICH)
    shown = [row.seen for row in rows if which in {None, row.number}]
    try:
        sentence = choose_worker_for_all(actor, state.get(WORKER), shown, frame.now())
    except Refusal as refusal:
        frame.refused(str(refusal))
        return
    st.session_state[WHICH] = None
    frame.said(sentence)


def show_ending_agencies(actor: Actor) -> None:
    """Agencies whose contract has ended or soon ends, and the way to assign their youth to another one."""
    agencies = ending_agencies(actor, frame.now())
    if not agencies:
        return
    st.header("Agencies whose contract ends")
    for agency in agencies:
        st.text(f"{agency.name}: {agency.warning} ({us_date(agency.ends_on)}), {agency.youth:,} in service.")
        if agency.unpaid:
            requests = counted(agency.unpaid, "Restoration Fund Request of a closed assignment is", UNPAID)
            st.text(f"{requests} not paid back yet. {LATER_END if agency.days_left < 0 else IN_TIME}")
    names = {agency.id: agency.name for agency in agencies if agency.youth}
    if not names:
        return
    chosen = st.selectbox(
        "Assign the youth of", list(names), None, names.__getitem__, key=AGENCY, placeholder="Choose an agency"
    )
    if chosen is not None:
        _preview(actor, next(agency for agency in agencies if agency.id == chosen))


def _preview(actor: Actor, agency: EndingAgency) -> None:
    first_look = st.session_state.get(LOOKED_AT) != agency.id
    st.session_state[LOOKED_AT] = agency.id
    shown = youth_of_agency(actor, agency.id, frame.now(), opened=first_look)
    cells = [[assignment_link(y.number), Cell(y.youth_name), Cell(y.advocate), Cell(str(y.under_way))] for y in shown]
    show_table("Youth of the agency", _YOUTH, cells, key="moves_youth")
    st.text(
        "All of them go to the agency chosen here, with their service, plan and what is under way. One by one: open the assignment, Referral, "
        "Assign another agency."
    )
    to = {c.id: c.words for c in agencies_under_contract(actor, frame.now()) if c.id != agency.id}
    st.session_state.setdefault(PRESS, uuid4().hex)
    with st.form("moves_agency_form", enter_to_submit=False):
        st.selectbox("Agency", list(to), None, to.__getitem__, key=TO_AGENCY, placeholder="Choose")
        reasons = list(AGENCY_CHANGES)
        st.selectbox("Reason", reasons, 0, AGENCY_CHANGES.__getitem__, key=REASON)
        st.text_area("Why, for the history", key=WHY)
        st.form_submit_button(f"Assign all {len(shown):,}", type="primary", on_click=_move, args=(shown,))


def _move(shown: Sequence[YouthOfAgency]) -> None:
    state, actor = at_once(), frame.actor_now()
    if actor is None:
        return
    asked = (state.get(TO_AGENCY), state.get(REASON) or "", state.get(WHY) or "", state[PRESS])
    try:
        sentence = move_youth(actor, shown, *asked, frame.now())
    except Refusal as refusal:
        frame.refused(str(refusal))
        return
    st.session_state.update({AGENCY: None, PRESS: uuid4().hex, WHY: ""})
    frame.said(sentence)
