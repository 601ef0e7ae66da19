"""The tables of the page Retention."""

from collections.abc import Sequence

import streamlit as st

from cts.domain.retention import Rule
from cts.services.certificates import CertificateView
from cts.services.holds import HoldView
from cts.services.retention import DueView, mark
from pages.parts.retention_question import ask
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

COLOURS = {"Due": "blue", "Marked": "orange", "Taken off": "gray"}
_DUE = (
    Column("number", "Assignment #"),
    Column("status", "Status", wide=True),
    Column("rule", "Rule", wide=True),
    Column("due", "Due since", wide=True),
    Column("state", "State", wide=True),
    Column("mark", "Mark"),
    Column("purge", "Purge"),
    Column("off", "Take off"),
)
_HOLDS = (
    Column("number", "Assignment #"),
    Column("extent", "Holds", wide=True),
    Column("reason", "Reason", wide=True),
    Column("placed", "Placed", wide=True),
    Column("lift", "Lift"),
)
_CERTIFICATES = (
    Column("number", "Assignment #"),
    Column("when", "Purged", wide=True),
    Column("by", "Marked and confirmed by", wide=True),
    Column("rule", "Rule", wide=True),
    Column("rows", "Rows"),
    Column("pdf", "Certificate"),
)
_RULES = (
    Column("kind", "Record", wide=True),
    Column("kept", "Kept", wide=True),
    Column("from", "Counted from", wide=True),
    Column("source", "Rule", wide=True),
    Column("removed", "Removed", wide=True),
)


def show_due(due: Sequence[DueView]) -> None:
    """What is due, with the steps open to this person."""
    st.header("Due to be purged")
    if not due:
        st.text("Nothing is due.")
        return
    show_table("Due to be purged", _DUE, [_due_cells(row) for row in due], key="table_due", on_press=_pressed)


def _due_cells(row: DueView) -> list[Cell]:
    number = row.number
    said = f"by {row.by}, {row.when}" + (f": {row.reason}" if row.reason else "")
    can_purge = Cell("Purge", press=f"purge {number}", name=f"Purge assignment {number}")
    later = Cell(quiet=f"from {row.purge_from}, by a second person" if row.purge_from else "")
    mark_it = Cell("Mark", press=f"mark {number}", name=f"Mark assignment {number} to be purged")
    off = Cell("Take off", press=f"off {number}", name=f"Take assignment {number} off the list")
    return [
        Cell(str(number)),
        Cell(row.status),
        Cell(row.rule),
        Cell(row.due),
        Cell(row.state, colour=COLOURS[row.state], quiet=said),
        mark_it if row.can_mark else Cell(),
        can_purge if row.can_purge else later,
        off if row.state != "Taken off" else Cell(),
    ]


def show_holds(holds: Sequence[HoldView]) -> None:
    """The holds in force, and the button to place one."""
    st.header("Legal holds")
    if holds:
        show_table("Legal holds", _HOLDS, [_hold_cells(hold) for hold in holds], key="table_holds", on_press=_pressed)
    else:
        st.text("No record is held.")
    st.button("Place a legal hold", key="place_hold", on_click=ask, args=("place",))


def _hold_cells(hold: HoldView) -> list[Cell]:
    return [
        Cell(str(hold.number), href=f"/assignment?number={hold.number}"),
        Cell("Every assignment of the youth" if hold.whole_youth else "This assignment"),
        Cell(hold.reason),
        Cell(hold.when, quiet=hold.by),
        Cell("Lift", press=f"lift {hold.id}", name=f"Lift the hold on assignment {hold.number}"),
    ]


def show_certificates(certificates: Sequence[CertificateView]) -> None:
    """The purges so far, each with its certificate to print."""
    st.header("Certificates of purge")
    if not certificates:
        st.text("Nothing has been purged.")
        return
    show_table(
        "Certificates of purge", _CERTIFICATES, [_certificate_cells(c) for c in certificates], key="table_certificates"
    )


def _certificate_cells(found: CertificateView) -> list[Cell]:
    return [
        Cell(str(found.number)),
        Cell(found.when),
        Cell(found.marked_by, quiet=f"confirmed by {found.confirmed_by}"),
        Cell(found.rule),
        Cell(f"{found.rows:,}"),
        Cell(
            "PDF",
            href=f"/certificates/{found.number}/pdf",
            leaves=True,
            name=f"Certificate of the purge of assignment {found.number}, PDF",
        ),
    ]


def show_rules(rules: Sequence[Rule]) -> None:
    """The schedule, folded."""
    with st.expander("How long each kind of record is kept"):
        rows = [[Cell(text) for text in (r.kind, r.kept, r.counted_from, r.source, r.removed)] for r in rules]
        show_table("Rules of retention", _RULES, rows, key="table_rules")


def _pressed(what: str) -> None:
    action, _, number = what.partition(" ")
    if action != "mark":
        ask({"off": "take off"}.get(action, action), int(number))
        return
    actor = frame.actor_now()
    if actor is None:
        return
    frame.attempt(mark, actor, int(number), frame.now())
    if not frame.notice_waits():
        frame.said(f"Assignment {number} is marked. Somebody else of CSEC Administration can purge it later.")
