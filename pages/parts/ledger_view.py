"""The ledger of Restoration Funds on screen: figures, what does not fit, the requests."""

from collections.abc import Container, Sequence

import streamlit as st

from cts.domain.addresses import document_address
from cts.domain.counting import counted
from cts.domain.ledger import FIGURES, HEADINGS, Sums
from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from cts.services.ledger import AgencySums, LedgerAlarm, LedgerLine, ledger_of
from pages.parts.table_view import Cell, Column, show_table

_FIGURES = tuple(Column(key, heading) for key, heading in FIGURES.items())
ALARMS_AT_ONCE = 25
ELSEWHERE = "Another agency has the youth by now."
LOOK_FIRST = "Please look at the receipts before money is paid back."
_ALARMS = (
    Column("request", HEADINGS["request"], wide=True),
    Column("kind", "What does not fit", wide=True),
    Column("sentence", "Details", wide=True),
)
_LINES = tuple(Column(key, heading, wide=key in {"request", "status"}) for key, heading in HEADINGS.items())
_AGENCIES = (Column("agency", "Agency", wide=True), Column("requests", "Requests"), *_FIGURES)


def show_ledger(actor: Actor, number: int) -> None:
    """The ledger of assignment `number`: drawn only where a request was submitted. Refusals to read go to the caller."""
    ledger = ledger_of(actor, number)
    if not ledger.lines:
        return
    st.header("Ledger")
    show_alarms(ledger.alarms, one_youth=True)
    rows = [_line(line, one_youth=True) for line in ledger.lines]
    if len(rows) > 1:
        rows.append([Cell("Total"), Cell(), Cell(), Cell(), *map(Cell, ledger.sums.words)])
    show_table("Ledger of Restoration Funds", _LINES, rows, key=f"table_ledger_{number}")


def show_figures(sums: Sums) -> None:
    """The four sums, large."""
    with st.container(key="cts_ledger_figures"):
        for heading, amount in zip(FIGURES.values(), sums.words, strict=True):
            st.metric(heading, amount)


def show_alarms(alarms: Sequence[LedgerAlarm], elsewhere: Container[int] = (), *, one_youth: bool) -> None:
    """What does not fit, each with the request it is in, which no link opens where another agency has the youth."""
    if not alarms:
        return
    many = counted(len(alarms), "thing does not fit.", "things do not fit.")
    with st.container(key="cts_ledger_alarms"):
        paid = all(alarm.paid for alarm in alarms)
        st.text(f"{many} {'The money was paid back.' if paid else LOOK_FIRST}")
        rows = [
            [
                _link(a.number, a.sequence, one_youth=one_youth, elsewhere=a.number in elsewhere),
                Cell(a.kind, colour="red"),
                # What a receipt is called is the Advocate's own text; the table shows it as typed.
                Cell(a.sentence),
            ]
            for a in alarms[:ALARMS_AT_ONCE]
        ]
        show_table("What does not fit", _ALARMS, rows, key="table_ledger_alarms")
        if len(alarms) > ALARMS_AT_ONCE:
            st.text(
                f"The first {ALARMS_AT_ONCE} are shown, open requests first; the requests below are marked, all of them."
            )


def show_agencies(agencies: Sequence[AgencySums], sums: Sums) -> None:
    """The figures of each agency, and of all."""
    rows = [[Cell(a.agency), Cell(f"{a.requests:,}"), *map(Cell, a.sums.words)] for a in agencies]
    rows.append([Cell("All agencies"), Cell(f"{sum(a.requests for a in agencies):,}"), *map(Cell, sums.words)])
    show_table("Restoration Funds by agency", _AGENCIES, rows, key="table_ledger_agencies")


def show_lines(lines: Sequence[LedgerLine], elsewhere: Container[int], *, with_agency: bool) -> None:
    """Requests, each a link to it; but for those of youth whom another agency has."""
    rows = [_line(line, one_youth=False, with_agency=with_agency, elsewhere=line.number in elsewhere) for line in lines]
    show_table("Restoration Fund Requests", _LINES, rows, key="table_ledger_requests")


def _line(line: LedgerLine, *, one_youth: bool, with_agency: bool = False, elsewhere: bool = False) -> list[Cell]:
    agency = line.agency if with_agency else ""
    link = _link(line.number, line.sequence, one_youth=one_youth, quiet=agency, elsewhere=elsewhere)
    status = Cell(line.status, notes=tuple(line.alarms), quiet=line.unproved)
    return [link, status, Cell(line.requested), Cell(line.approved), *map(Cell, line.sums.words)]


def _link(number: int, sequence: int, *, one_youth: bool, quiet: str = "", elsewhere: bool = False) -> Cell:
    words = f"Request {sequence}" if one_youth else f"{number}, Request {sequence}"
    if elsewhere:
        return Cell(words, quiet=ELSEWHERE)
    name = f"Assignment {number}, {Document.FUNDS} {sequence}"
    return Cell(words, href=document_address(number, Document.FUNDS, sequence), name=name, quiet=quiet)
