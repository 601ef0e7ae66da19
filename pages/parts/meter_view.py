"""The twelve-month meter of a service: a bar with words."""

import streamlit as st

from cts.domain.fields import us_date
from cts.domain.service_time import ServiceTime
from cts.services.actor import Actor
from cts.services.refusals import Refusal
from cts.services.service_meter import meter_of
from pages.shell import frame


def show_meter(actor: Actor, number: int) -> None:
    """Months used of months allowed, start, end, extensions, and what has to be looked at now. Nothing before a service began."""
    try:
        meter = meter_of(actor, number, frame.now())
    except Refusal as refusal:
        st.text(str(refusal))
        return
    if meter is None:
        return
    with st.container(key="cts_meter", gap=None):
        st.progress(meter.share, _used(meter))
        st.text(_dates(meter))
        if meter.attention:
            with st.container(key="cts_meter_attention"):
                st.text(meter.attention)


def _used(meter: ServiceTime) -> str:
    months = f"{meter.months_used} of {meter.months_allowed} months"
    return f"Service: {months} used" if meter.served_to is None else f"Served {months}"


def _dates(meter: ServiceTime) -> str:
    if meter.served_to is not None:
        return f"From {us_date(meter.start_on)} to {us_date(meter.served_to)}"
    added = [f"extended from {us_date(e.from_on)} to {us_date(e.to_on)}" for e in meter.extensions]
    return "; ".join([f"Began {us_date(meter.start_on)}, ends {us_date(meter.end_on)}", *added])
