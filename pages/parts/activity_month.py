"""The calendar of a month of Advocate Activity: which month the address asks for, the way to the next, the table, the totals."""

from calendar import SUNDAY, Calendar
from datetime import date
from typing import Any

import streamlit as st

from cts.domain.activity import TYPES, Outcome
from cts.domain.addresses import Tab
from cts.domain.calendar import add_months, month_named
from cts.domain.fields import us_date
from cts.services.activities import ActivityLine, ActivityMonth
from pages.parts.component import component
from pages.shell.menu import ASSIGNMENT, st_page

_draw = component("cts_month", "month.js")

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def asked_month() -> date | None:
    """The first day of the month the address names (month=2026-11); None when it names none."""
    return month_named(st.query_params.get("month", ""))


def show_month(view: ActivityMonth) -> None:
    """Title, way to the months beside it, calendar, totals."""
    title = _title(view.first_on)
    st.header(title, anchor=False)
    with st.container(key="act_months", horizontal=True):
        if view.earlier:
            _turn(view.number, add_months(view.first_on, -1), "Previous month: ")
        if view.later:
            _turn(view.number, add_months(view.first_on, 1), "Next month: ")
    _draw(key="act_month", data=_calendar(view, title))
    _totals(view, title)


def _title(first_on: date) -> str:
    return first_on.strftime("%B %Y")


def _turn(number: int, month: date, words: str) -> None:
    query = {"number": str(number), "tab": str(Tab.ACTIVITY), "month": month.strftime("%Y-%m")}
    st.page_link(st_page(ASSIGNMENT), label=f"{words}{_title(month)}", query_params=query)


def _calendar(view: ActivityMonth, title: str) -> dict[str, Any]:
    by_day: dict[date | None, list[ActivityLine]] = {}
    for line in view.lines:
        if not line.gone:
            by_day.setdefault(line.entry.happened_on, []).insert(0, line)
    weeks = Calendar(SUNDAY).monthdatescalendar(view.first_on.year, view.first_on.month)
    return {
        "caption": f"Advocate Activity in {title}",
        "weekdays": WEEKDAYS,
        "weeks": [[_day(view, day, by_day.get(day, [])) for day in week] for week in weeks],
    }


def _day(view: ActivityMonth, day: date, lines: list[ActivityLine]) -> dict[str, Any]:
    return {
        "number": day.day,
        "date": f"{WEEKDAYS[(day.weekday() + 1) % 7]}, {us_date(day)}",
        "today": day == view.today,
        "outside": day.month != view.first_on.month,
        "items": [{"text": _short(line), "kind": line.entry.outcome} for line in lines],
    }


def _short(line: ActivityLine) -> str:
    kind = TYPES.get(line.entry.type, line.entry.type)
    return kind if line.entry.outcome == Outcome.COMPLETED else f"{kind} ({line.entry.outcome.lower()})"


def _totals(view: ActivityMonth, title: str) -> None:
    found = view.totals
    with st.container(key="act_totals"):
        st.text(f"Contacts in {title}")
        st.text(" · ".join(f"{number} {outcome.lower()}" for outcome, number in found.by_outcome.items()))
        st.text("Completed")
        st.text(f"{found.in_person} in person · {found.other} other")
        st.text("Time")
        parts = [f"{TYPES[code]} {duration(number)}" for code, number in found.minutes_by_type.items()]
        st.text("\n".join([duration(found.minutes), *parts]) if len(parts) > 1 else " ".join(parts) or "none")


def duration(minutes: int) -> str:
    """ "45 min", "1 h", "2 h 15 min"."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        words for words in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if words
    )
