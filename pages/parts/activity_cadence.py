"""The weekly in-person contact: when the next is due, which weeks had none, which are not counted."""

from collections.abc import Sequence

import streamlit as st

from cts.domain.cadence import Week, WeekState
from cts.domain.fields import us_date
from cts.services.activities import ActivityMonth
from cts.settings import settings

SHOWN_AT_ONCE = 3


def show_cadence(view: ActivityMonth) -> None:
    """The state of the contacts in a few lines; the older missed weeks folded."""
    found = view.cadence
    if found is None:
        st.text("In-person contacts are counted from the day an Advocate is named.")
        return
    days = settings().contact_every_days
    often = "every week" if days == 7 else f"every {days} days"
    with st.container(key="act_cadence", gap=None):
        if found.due_by is not None:
            late = " (no contact yet in these days)" if found.weeks and found.weeks[-1].state is WeekState.OPEN else ""
            st.text(f"Next in-person contact due by {us_date(found.due_by)}{late}")
        met = sum(week.state is WeekState.MET for week in found.weeks)
        counted = met + len(found.missed)
        st.text(
            f"In person with the youth {often}: {met} of {counted} kept."
            if counted
            else f"In person with the youth {often}."
        )
    _weeks([*found.missed, *found.excused])


def _weeks(weeks: Sequence[Week]) -> None:
    lines = [week_words(week) for week in sorted(weeks, key=lambda week: week.first, reverse=True)]
    if not lines:
        return
    with st.container(key="act_missed"):
        st.text("\n".join(lines[:SHOWN_AT_ONCE]))
    if lines[SHOWN_AT_ONCE:]:
        with st.expander(f"{len(lines) - SHOWN_AT_ONCE} earlier"):
            st.text("\n".join(lines[SHOWN_AT_ONCE:]))


def week_words(week: Week) -> str:
    """A week without a contact as a sentence, with the attempts, and whether the youth was away."""
    span = f"from {us_date(week.first)} to {us_date(week.last)}"
    tried = {0: "", 1: " 1 attempt."}.get(week.attempts, f" {week.attempts} attempts.")
    if week.state is WeekState.ABSENT:
        return f"AWOL {span}, not counted as missed.{tried}"
    why = " The youth was AWOL, and no attempt or outreach is written." if week.absent else ""
    return f"No in-person contact {span}.{tried}{why}"
