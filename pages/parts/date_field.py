"""A date that is asked for: typed as MM/DD/YYYY, or chosen from the calendar."""

from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

TODAY = "today"


def ask_date(
    label: str, value: date | str | None = TODAY, *, within: DeltaGenerator | None = None, **settings: Any
) -> None:
    """Ask for a date, without limits: Streamlit's browser side keeps a date beyond its limits (by default ten years about the value it began
    with) to itself, so that the server would go on with another day than the one on the screen. What is too early or too late the service
    says, which has got it.
    """
    asked = within.date_input if within is not None else st.date_input
    asked(label, value, format="MM/DD/YYYY", min_value=date.min, max_value=date.max, **settings)
