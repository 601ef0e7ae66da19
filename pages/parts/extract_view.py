"""What a preview or a load of an extract says: counts, refused lines, unknown offices; and the loads so far."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from cts.domain.calendar import office_time
from cts.domain.counting import counted
from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.services.extract import PastLoad
from cts.settings import settings
from pages.parts.line import show_pages
from pages.parts.table_view import Cell, Column, show_table

COUNTS = {
    "new": "New",
    "changed": "Changed",
    "closed": "Closed: flag ended",
    "attention": "Flag ended in service",
    "unchanged": "Unchanged",
    "gone": "No longer listed",
    "refused": "Lines refused",
}
SHOWN_AT_ONCE = 50
SHOWN_OF_REPORT = 1000
_REFUSED = (
    Column("line", "Line"),
    Column("column", "Column", wide=True),
    Column("problem", "What is wrong", wide=True),
    Column("value", "Value as typed", wide=True),
)
_LOADS = (
    Column("loaded", "Loaded", wide=True),
    Column("extract", "Extract of"),
    Column("file", "File", wide=True),
    Column("by", "By", wide=True),
    Column("new", "New"),
    Column("changed", "Changed"),
    Column("closed", "Closed"),
    Column("gone", "No longer in it"),
    Column("refused", "Lines refused"),
)


def show_counts(report: Mapping[str, Any]) -> None:
    """The file, and the numbers of assignments and lines."""
    counts = report["counts"]
    st.text(
        f"{report['file_name']}\nExtract of {us_date(date.fromisoformat(report['extract_on']))} · "
        f"{counts['lines']:,} lines · {counts['youth']:,} youth · exact repeats ignored: {counts['repeats']:,}"
    )
    with st.container(key="cts_counts"):
        for name, label in COUNTS.items():
            st.metric(label, f"{counts[name]:,}")
    offices = report["unknown_offices"]
    if offices:
        with st.container(key="cts_info"):
            st.text("Offices CTS does not know; each is added as inactive:\n" + "\n".join(offices))


def show_refused(report: Mapping[str, Any], address: str) -> None:
    """The refused lines with reasons, a page at a time, and the link to the file of them."""
    refusals = report["refusals"]
    st.header("Refused lines")
    if not refusals:
        st.text("Every line can be loaded.")
        return
    lines = report["counts"]["refused"]
    st.text(f"{counted(lines, 'line is', 'lines are')} not loaded; every other line is. Correct them in CWS/CMS.")
    st.link_button("Download refused lines with reasons", address)
    pages = -(-len(refusals) // SHOWN_AT_ONCE)
    page = min(st.session_state.get("refused_page", 1), pages)
    rows = [_refused_cells(refusal) for refusal in refusals[(page - 1) * SHOWN_AT_ONCE : page * SHOWN_AT_ONCE]]
    show_table("Refused lines", _REFUSED, rows, key="table_refused")
    show_pages("refused_pages", page, pages, partial(st.session_state.__setitem__, "refused_page"))
    if len(refusals) == SHOWN_OF_REPORT:
        st.text(f"The first {SHOWN_OF_REPORT:,} reasons are shown; the file has all of them.")


def _refused_cells(refusal: Mapping[str, Any]) -> list[Cell]:
    return [
        Cell(str(refusal["line_number"])),
        Cell(refusal["column"]),
        Cell(refusal["problem"]),
        Cell(refusal["value"] or "(blank)"),
    ]


def show_loads(loads: Sequence[PastLoad]) -> None:
    """The loads so far, newest first."""
    st.header("Loads so far")
    if not loads:
        st.text("No extract has been loaded yet.")
        return
    show_table("Loads so far", _LOADS, [_load_cells(load) for load in loads], key="table_loads")


def _load_cells(load: PastLoad) -> list[Cell]:
    refused = load.counts.get("refused", 0)
    download = Cell(
        str(refused),
        href=f"/extracts/{load.load_id}/refused",
        leaves=True,
        name=f"Download the {refused} refused lines of the load of {_clock(load.loaded_at)}",
    )
    numbers = [Cell(f"{load.counts.get(name, 0):,}") for name in ("new", "changed", "closed", "gone")]
    return [
        Cell(_clock(load.loaded_at)),
        Cell(us_date(load.extract_on), notes=("older than the one before",) if load.forced else ()),
        Cell(load.file_name),
        Cell(spoken_name(load.loaded_by) or "the server"),
        *numbers,
        download if refused else Cell("0"),
    ]


def _clock(moment: datetime) -> str:
    return office_time(moment, settings().time_zone).strftime("%m/%d/%Y %I:%M %p")
